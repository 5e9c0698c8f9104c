/** Which model does what: role, size, configuration and what is available give an ordered list and a reason. */
import { type ModelName, modelNames, modelTitles, type Role } from './vocabulary.js';

export interface RoutingRules {
  /** The models that a role prefers, in order. */
  roles: Record<Role, readonly ModelName[]>;
  /** The most characters of content that a model is given. A model that is not named takes any size. */
  maxContentChars: Partial<Record<ModelName, number>>;
}

export interface RouteRequest {
  role: Role;
  /** Size of the content that decides, in characters: the specification's for the parser. */
  contentChars: number;
  /** The author of what is to be judged: another model is preferred. */
  author?: ModelName;
}

export interface Route {
  /** Best first; empty when no model can do it. */
  models: ModelName[];
  /** Why the first one, as a sentence for a person. */
  reason: string;
}

/**
 * Routes a call. Models that are not available or whose limit the content exceeds are left out; after the role's
 * own models come all others, so that any one model can fill every role.
 *
 * @param available which models' probes succeeded
 */
export function route(request: RouteRequest, rules: RoutingRules, available: readonly ModelName[]): Route {
  const preferred = rules.roles[request.role];
  const fallbacks = modelNames.filter((model) => !preferred.includes(model));
  const order = [...preferred, ...fallbacks].filter((model) => available.includes(model));
  const fitting = order.filter((model) => fits(model, request.contentChars, rules));
  const models =
    request.author === undefined || fitting.length < 2 || fitting[0] !== request.author
      ? fitting
      : [...fitting.filter((model) => model !== request.author), request.author];
  return { models, reason: reasonFor(models[0], request, rules, available) };
}

const fits = (model: ModelName, chars: number, rules: RoutingRules): boolean =>
  chars <= (rules.maxContentChars[model] ?? Number.POSITIVE_INFINITY);

function reasonFor(
  chosen: ModelName | undefined,
  request: RouteRequest,
  rules: RoutingRules,
  available: readonly ModelName[],
): string {
  const size = `${request.contentChars} characters`;
  if (chosen === undefined) return `no available model can be ${request.role} for ${size}`;
  const passedOver = rules.roles[request.role]
    .slice(
      0,
      rules.roles[request.role].includes(chosen) ? rules.roles[request.role].indexOf(chosen) : undefined,
    )
    .map((model) => {
      if (!available.includes(model)) return `${modelTitles[model]} is not available`;
      if (!fits(model, request.contentChars, rules))
        return `${size} are over the ${rules.maxContentChars[model]} for ${modelTitles[model]}`;
      return `${modelTitles[model]} is the author`;
    });
  const same = request.author === chosen ? ['no other model is available than the author'] : [];
  const because = [...passedOver, ...same];
  if (because.length > 0) return because.join(', ');
  const limit = rules.maxContentChars[chosen];
  return limit === undefined
    ? `first choice for ${request.role}`
    : `first choice for ${request.role}, ${size} fit its ${limit}`;
}
