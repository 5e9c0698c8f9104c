/** Which model does what: role, size, configuration and what is available give an ordered list and a reason. */

import type { Config } from '../config/schema.js';
import { type ModelName, modelNames, modelTitles, type Role, roles, type TaskType } from '../vocabulary.js';
import type { PassedOver } from './unavailable.js';

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
  /** Why the first one, as a sentence for a person. */
  reason: string;
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
 * Who stands in for first choices that are not there, as sentences for a person.
 *
 * @param notThere the models that are not there, and why, as `route` takes them
 */
export function standIns(
  rules: RoutingRules,
  available: readonly ModelName[],
  notThere: PassedOver,
): string[] {
  const found = new Map<string, Role[]>();
  for (const role of roles) {
    const [wanted] = rules.roles[role];
    const [model] = route({ role, contentChars: 0 }, rules, available).models;
    if (wanted === undefined || model === undefined || available.includes(wanted)) continue;
    const why = notThere[wanted] ?? 'is not available';
    const sentence = `${modelTitles[wanted]} ${why}: ${modelTitles[model]} stands in as`;
    found.set(sentence, [...(found.get(sentence) ?? []), role]);
  }
  return [...found].map(([sentence, forRoles]) => `${sentence} ${forRoles.join(', ')}.`);
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
  const why = (model: ModelName): string | undefined => {
    const title = modelTitles[model];
    if (passedOver[model] !== undefined) return `${title} ${passedOver[model]}`;
    if (!available.includes(model)) return `${title} is not available`;
    return sizeProblem(model, request.contentChars, rules);
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
function sizeProblem(model: ModelName, chars: number, rules: RoutingRules): string | undefined {
  const maxChars = rules.maxContentChars[model];
  if (maxChars !== undefined && chars > maxChars)
    return `${chars} characters are over the ${maxChars} for ${modelTitles[model]}`;
  const maxBytes = rules.maxPromptBytes[model];
  if (maxBytes !== undefined && chars > maxBytes)
    return `${chars} characters are over the ${maxBytes} bytes of a prompt for ${modelTitles[model]}`;
  return undefined;
}

function reasonFor(
  chosen: ModelName | undefined,
  { role, contentChars, author }: RouteRequest,
  rules: RoutingRules,
  /** The models in order, and why each is left out. */
  { expected, why }: { expected: readonly ModelName[]; why: (model: ModelName) => string | undefined },
): string {
  const size = `${contentChars} characters`;
  if (chosen === undefined) {
    const none = `no available model can be ${role} for ${size}`;
    const known = expected.flatMap((model) => why(model) ?? []);
    return known.length === 0 ? none : `${none} (${known.join(', ')})`;
  }
  const passed = expected
    .slice(0, expected.indexOf(chosen))
    .map((model) => why(model) ?? `${modelTitles[model]} is the author`);
  const same = author === chosen ? ['no other model is available than the author'] : [];
  const because = [...passed, ...same];
  if (because.length > 0) return because.join(', ');
  const limit = rules.maxContentChars[chosen];
  return limit === undefined
    ? `first choice for ${role}`
    : `first choice for ${role}, ${size} fit its ${limit}`;
}
