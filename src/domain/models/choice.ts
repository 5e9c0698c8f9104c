/** Which model makes a call now: the best that can be had, or the first whose quota is there again. Pure. */
import type { Config } from '../config/schema.js';
import { because, type RouteReason } from '../reasons.js';
import type { ModelName } from '../vocabulary.js';
import { type Route, type RouteRequest, type RoutingRules, route, routingRules } from './routing.js';
import {
  type LeftOut,
  type PassedOver,
  resetOf,
  type UnavailableModels,
  unavailableAt,
} from './unavailable.js';

export interface ChoiceRequest extends RouteRequest {
  /** Only this model will do: a racer's. */
  only?: ModelName | undefined;
}

/** What models are chosen by, of a feature's configuration. */
export interface ModelRules {
  rules: RoutingRules;
  /** Whether a reset that the vendor has reported is waited for, rather than the next model asked. */
  waitsForQuota: boolean;
  /** A script stands in for all models. */
  scripted: boolean;
}

export const modelRules = (
  config: Pick<Config, 'roles' | 'maxContentChars' | 'models' | 'onQuota' | 'script'>,
): ModelRules => ({
  rules: routingRules(config),
  waitsForQuota: config.onQuota === 'wait',
  scripted: config.script !== null,
});

/** What is known of the models. */
export interface KnownModels extends Omit<ModelRules, 'scripted'> {
  /** Whose probes succeeded. */
  available: readonly ModelName[];
  /** Why the others are not there. */
  notThere: PassedOver;
  /** What calls have found out since. */
  unavailable: UnavailableModels;
}

/** Who makes a call, and from when on. */
export interface Choice {
  model: ModelName;
  reason: RouteReason;
  /** Its quota is there again then, in milliseconds since 1970; undefined where it need not be waited for. */
  resetAt?: number | undefined;
}

/** @param failed what failed in this call, and is not asked again in it */
export function chooseModel(
  request: ChoiceRequest,
  known: KnownModels,
  failed: PassedOver,
  now: number,
): Choice | { model: undefined; reason: RouteReason } {
  const { unavailable, waitsForQuota } = known;
  const routeAs = (waits: boolean): Route =>
    routeWithout(request, known, { ...unavailableAt(unavailable, now, waits), ...failed });
  const { models, reason } = routeAs(waitsForQuota);
  const [model] = models;
  if (model !== undefined) return { model, reason, resetAt: resetOf(unavailable, model, now) };
  const resting = routeAs(true).models.flatMap((one) => {
    const resetAt = resetOf(unavailable, one, now);
    return resetAt === undefined ? [] : [{ model: one, reason: because('quota-first'), resetAt }];
  });
  const [first, ...others] = resting;
  if (first === undefined) return { model: undefined, reason };
  return others.reduce((best, other) => (other.resetAt < best.resetAt ? other : best), first);
}

function routeWithout(
  { only, ...request }: ChoiceRequest,
  { rules, available, notThere }: KnownModels,
  passedOver: PassedOver,
): Route {
  if (only === undefined) return route(request, rules, available, { ...notThere, ...passedOver });
  const why: LeftOut | undefined =
    passedOver[only] ?? (available.includes(only) ? undefined : { kind: 'not-available' });
  return why === undefined
    ? { models: [only], reason: because('races') }
    : { models: [], reason: because('passed-over', { passed: [{ model: only, why }], ownReview: false }) };
}
