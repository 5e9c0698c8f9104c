/** What a feature may spend on calls to models, and whether the next call still fits. Pure. */

import type { Budget, Config } from '../config/schema.js';
import { modelSettings } from '../models/settings.js';
import { type BudgetReason, type BudgetUnit, because, type Reason } from '../reasons.js';
import type { Plan } from '../tasks/plan.js';
import type { ModelName } from '../vocabulary.js';
import { planCallsRange, planningCalls } from './calls-range.js';
import type { KeptBudget } from './kept-budget.js';
import type { Amount } from './spending.js';

export type { Budget };

/** The type of Temporal's failure for a call that the budget held back. */
export const budgetFailureType = 'budget';

/** The gate that opens when the budget is used up. */
export const budgetGate = 'budget';

/** A feature's limits. Calls always have one: what has gone wrong must not go on for ever. */
export type Limits = Budget & { calls: number };

/** What comes of raising a limit. */
export type RaisedBudget = { ok: true; limits: Limits } | { ok: false; reason: Reason };

type BudgetRules = Pick<Config, 'budget' | 'maxIterations' | 'maxRevisions' | 'race'>;

export function limitsOf(config: BudgetRules, { raised, planned }: KeptBudget): Limits {
  const set = { ...config.budget, ...raised };
  return { ...set, calls: set.calls ?? planned ?? defaultCalls(undefined, config) };
}

/**
 * The calls that a feature may make where nobody said how many: what the plan can need, and a specification and a
 * plan that are made again as often as is allowed.
 *
 * @param plan without one, enough to come to a plan
 */
export function defaultCalls(plan: Plan | undefined, config: Omit<BudgetRules, 'budget'>): number {
  // Each revision of the specification has the plan made again too.
  const specs = 1 + config.maxRevisions;
  const plans = 1 + 2 * config.maxRevisions;
  const tasks = plan === undefined ? 0 : planCallsRange(plan, config).most;
  return specs + plans * planningCalls.most + tasks;
}

/**
 * Why a call may not begin; undefined when it may.
 *
 * @param spent what was used, and what running calls are expected to use
 * @param next what the call is expected to use
 */
export function budgetProblem(limits: Limits, spent: Amount, next: Amount): BudgetReason | undefined {
  for (const unit of units) {
    const limit = limits[unit];
    if (limit === undefined || spent[unit] + next[unit] <= limit) continue;
    const used = { unit, limit, spent: spent[unit] };
    return spent[unit] >= limit || unit === 'calls'
      ? because('budget-spent', used)
      : because('budget-short', { ...used, next: next[unit] });
  }
  return undefined;
}

/** What is wrong with raising a budget, or undefined. */
export function raiseProblem(raised: Budget): Reason | undefined {
  const given = units.filter((unit) => raised[unit] !== undefined);
  if (given.length === 0) return because('budget-unnamed');
  for (const unit of given) {
    const limit = raised[unit];
    if (limit === undefined || !Number.isFinite(limit) || limit <= 0)
      return because('budget-not-positive', { unit });
    if (unit === 'calls' && !Number.isInteger(limit)) return because('budget-not-whole', { unit });
  }
  return undefined;
}

/**
 * What keeps the next call from beginning with new limits, or undefined.
 *
 * @param limits with what is raised in them
 */
export function raisedLimitsProblem(limits: Limits, raised: Budget, spent: Amount): Reason | undefined {
  const usedUp = units.find((unit) => (limits[unit] ?? Number.POSITIVE_INFINITY) <= spent[unit]);
  if (usedUp === undefined) return undefined;
  return because('budget-below-spent', {
    unit: usedUp,
    limit: limits[usedUp] ?? 0,
    spent: spent[usedUp],
    named: raised[usedUp] !== undefined,
  });
}

const units = ['calls', 'tokens', 'usd'] as const satisfies readonly BudgetUnit[];

/** The models whose commands say what a call cost. */
const reportCost: readonly ModelName[] = ['claude', 'scripted'];

/** The models among these of which nobody says what a call costs, so that a budget in dollars cannot be kept. */
export function unpricedModels(config: Pick<Config, 'models'>, routed: readonly ModelName[]): ModelName[] {
  return routed.filter(
    (model) => !reportCost.includes(model) && modelSettings(config, model).price === undefined,
  );
}
