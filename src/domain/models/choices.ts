/** What each role would be done by just now, and why: shown before anything is spent. Pure. */

import type { Config } from '../config/schema.js';
import type { RouteReason } from '../reasons.js';
import { type Mode, type ModelName, modelNames, type Role, roles } from '../vocabulary.js';
import { type RoutingRules, route, routingRules } from './routing.js';
import { modelSettings } from './settings.js';
import type { PassedOver } from './unavailable.js';

/** The models as they were found. */
export interface FoundModels {
  available: readonly ModelName[];
  /** Why the others are not there, as `route` takes it. */
  notThere: PassedOver;
  /** What each model's command can do. */
  modes: Partial<Record<ModelName, readonly Mode[]>>;
}

export interface RoleChoice {
  role: Role;
  /** The choice holds for content of more characters than this; 0: from the smallest on. */
  overChars: number;
  /** Undefined when no model can do it. */
  model: ModelName | undefined;
  mode: Mode;
  /** The vendor's name of the model; undefined for the command's own default. */
  vendorModel: string | undefined;
  reason: RouteReason;
  /** Who takes over when it fails, in order. */
  next: ModelName[];
}

type ChoiceConfig = Pick<Config, 'roles' | 'maxContentChars' | 'models' | 'modes'>;

/** The choice for each role; more than one where another model takes over above a size. */
export function roleChoices(config: ChoiceConfig, found: FoundModels): RoleChoice[] {
  const rules = routingRules(config);
  const author = first('coder', rules, found);
  return roles.flatMap((role) => {
    const by = role === 'reviewer' ? author : undefined;
    const sizes = limits(rules);
    const choices = [0, ...sizes].map((overChars, index): RoleChoice => {
      const contentChars = sizes[index] ?? (overChars === 0 ? 0 : overChars + 1);
      const request = { role, contentChars, author: by };
      const { models, reason } = route(request, rules, found.available, found.notThere);
      const [model, ...next] = models;
      return { role, overChars, model, ...howCalled(config, role, model, found), reason, next };
    });
    return choices.filter((choice, index) => index === 0 || choice.model !== choices[index - 1]?.model);
  });
}

/** The sizes above which a model is left out, ascending. */
const limits = ({ maxContentChars, maxPromptBytes }: RoutingRules): number[] =>
  [
    ...new Set(
      modelNames.flatMap((model) => [maxContentChars[model] ?? [], maxPromptBytes[model] ?? []].flat()),
    ),
  ].sort((a, b) => a - b);

/** A role's mode holds for the models that can: what cannot gives its files as text. */
function howCalled(
  config: ChoiceConfig,
  role: Role,
  model: ModelName | undefined,
  { modes }: FoundModels,
): Pick<RoleChoice, 'mode' | 'vendorModel'> {
  if (model === undefined) return { mode: 'text', vendorModel: undefined };
  const wanted = role in config.modes ? config.modes[role as keyof Config['modes']] : 'text';
  return {
    mode: modes[model]?.includes(wanted) ? wanted : 'text',
    vendorModel: modelSettings(config, model, role).model,
  };
}

const first = (role: Role, rules: RoutingRules, { available }: FoundModels): ModelName | undefined =>
  route({ role, contentChars: 0 }, rules, available).models[0];

/** The models that would review what they wrote themselves, and in which roles they would have written it. */
export function ownReviews(config: ChoiceConfig, found: FoundModels): { model: ModelName; as: Role[] }[] {
  const rules = routingRules(config);
  const authors: readonly Role[] = ['architect', 'boilerplate', 'coder', 'corrector'];
  const own = authors.flatMap((role) => {
    const author = first(role, rules, found);
    const request = { role: 'reviewer', contentChars: 0, author } as const;
    const [reviewer] = route(request, rules, found.available).models;
    return author === undefined || reviewer !== author ? [] : [{ author, role }];
  });
  return modelNames.flatMap((model) => {
    const as = own.filter(({ author }) => author === model).map(({ role }) => role);
    return as.length === 0 ? [] : [{ model, as }];
  });
}
