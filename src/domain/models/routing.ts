/** Which model does what: role, size, configuration and what is available give an ordered list and a reason. */

import type { Config } from '../config/schema.js';
import { because, type PassedModel, type ReasonOf, type RouteReason } from '../reasons.js';
import { type ModelName, modelNames, type Role, roles, type TaskType } from '../vocabulary.js';
import type { LeftOut, PassedOver } from './unavailable.js';

export interface RoutingRules {
  /** The models that a role prefers, in order. */
  roles: Record<Role, readonly ModelName[]>;
  /** The most characters of content that a model is given. A model that is not named takes any size. */
  maxContentChars: Partial<Record<ModelName, number>>;
  /** The longest prompt that a model is given, in bytes, where the configuration bounds it. */
  maxPromptBytes: Partial<Record<ModelName, number>>;
}

const firstDraftRoles: Record<Exclude<TaskType, 'review'>, Role> = {
  architecture: 'architect',
  boilerplate: 'boilerplate',
  code: 'coder',
};

/**
 * Who makes a draft of a task. A task of type `review` has no first draft: what its review finds is corrected.
 *
 * @param corrects there is a draft, or a branch, whose faults this one puts right
 */
export const draftRole = (type: TaskType, corrects: boolean): Role =>
  corrects || type === 'review' ? 'corrector' : firstDraftRoles[type];

export interface RouteRequest {
  role: Role;
  /** Size of the content that decides, in characters: the specification's for the parser. */
  contentChars: number;
  /** The author of what is to be judged: another model is preferred. */
  author?: ModelName | undefined;
}

export interface Route {
  /** Best first; empty when no model can do it. */
  models: ModelName[];
  /** Why the first one, or none. */
  reason: RouteReason;
}

/** The part of a configuration that routing goes by. */
export function routingRules(config: Pick<Config, 'roles' | 'maxContentChars' | 'models'>): RoutingRules {
  const { maxContentChars } = config;
  // A feature that was frozen before there was `models` has none.
  const settings = Object.entries(config.models ?? {});
  const maxPromptBytes = Object.fromEntries(
    settings.flatMap(([model, { maxPromptBytes: most }]) => (most === undefined ? [] : [[model, most]])),
  );
  return { roles: config.roles, maxContentChars, maxPromptBytes };
}

/** The models that a configuration names, for a role or a race. */
export function routedModels(config: Pick<Config, 'roles' | 'race'>): ModelName[] {
  const named = [...Object.values(config.roles), ...Object.values(config.race)].flat();
  return modelNames.filter((model) => named.includes(model));
}

/**
 * Who stands in for first choices that are not there.
 *
 * @param notThere the models that are not there, and why, as `route` takes them
 */
export function standIns(
  rules: RoutingRules,
  available: readonly ModelName[],
  notThere: PassedOver,
): ReasonOf<'stands-in'>[] {
  const found: ReasonOf<'stands-in'>[] = [];
  for (const role of roles) {
    const [wanted] = rules.roles[role];
    const [model] = route({ role, contentChars: 0 }, rules, available).models;
    if (wanted === undefined || model === undefined || available.includes(wanted)) continue;
    const known = found.find(({ params }) => params.wanted === wanted && params.model === model);
    const why = notThere[wanted] ?? { kind: 'not-available' };
    if (known === undefined) found.push(because('stands-in', { wanted, why, model, roles: [role] }));
    else known.params.roles.push(role);
  }
  return found;
}

/**
 * Routes a call. Models that are not available, or passed over, or whose limit the content exceeds, are left out;
 * after the role's own models come all others, so that any one model can fill every role.
 *
 * @param available which models' probes succeeded
 * @param passedOver models that are not to be asked all the same, and why
 */
export function route(
  request: RouteRequest,
  rules: RoutingRules,
  available: readonly ModelName[],
  passedOver: PassedOver = {},
): Route {
  const preferred = rules.roles[request.role];
  const fallbacks = modelNames.filter((model) => !preferred.includes(model));
  const why = (model: ModelName): LeftOut | undefined => {
    if (passedOver[model] !== undefined) return passedOver[model];
    if (!available.includes(model)) return { kind: 'not-available' };
    return tooLong(model, request.contentChars, rules);
  };
  const order = [...preferred, ...fallbacks];
  const fitting = order.filter((model) => why(model) === undefined);
  const { author } = request;
  const models =
    author !== undefined && fitting.length > 1 && fitting[0] === author
      ? [...fitting.filter((model) => model !== author), author]
      : fitting;
  // A fallback that is not there is nobody's loss.
  const expected = order.filter((model) => preferred.includes(model) || available.includes(model));
  return { models, reason: reasonFor(models[0], request, rules, { expected, why }) };
}

/** Why a content is too long for a model, or undefined. A character has a byte at least. */
function tooLong(model: ModelName, chars: number, rules: RoutingRules): LeftOut | undefined {
  const maxChars = rules.maxContentChars[model];
  if (maxChars !== undefined && chars > maxChars)
    return { kind: 'too-long', chars, most: maxChars, unit: 'characters' };
  const maxBytes = rules.maxPromptBytes[model];
  if (maxBytes !== undefined && chars > maxBytes)
    return { kind: 'too-long', chars, most: maxBytes, unit: 'bytes' };
  return undefined;
}

function reasonFor(
  chosen: ModelName | undefined,
  { role, contentChars, author }: RouteRequest,
  rules: RoutingRules,
  /** The models in order, and why each is left out. */
  { expected, why }: { expected: readonly ModelName[]; why: (model: ModelName) => LeftOut | undefined },
): RouteReason {
  if (chosen === undefined) {
    const known = expected.flatMap((model): PassedModel[] => {
      const left = why(model);
      return left === undefined ? [] : [{ model, why: left }];
    });
    return because('none-fits', { role, contentChars, passed: known });
  }
  const passed = expected
    .slice(0, expected.indexOf(chosen))
    .map((model): PassedModel => ({ model, why: why(model) ?? { kind: 'author' } }));
  const ownReview = author === chosen;
  if (passed.length > 0 || ownReview) return because('passed-over', { passed, ownReview });
  return because('first-choice', { role, contentChars, maxChars: rules.maxContentChars[chosen] });
}
