/** What a feature may spend on calls to models, and whether the next call still fits. Pure. */

import type { Budget } from '../config/schema.js';
import type { Config } from '../feature/types.js';
import { modelSettings } from '../models/settings.js';
import type { Plan } from '../tasks/plan.js';
import { type ModelName, modelTitles } from '../vocabulary.js';
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

type Rules = Pick<Config, 'budget' | 'maxIterations' | 'maxRevisions' | 'race'>;

export function limitsOf(config: Rules, { raised, planned }: KeptBudget): Limits {
  const set = { ...config.budget, ...raised };
  return { ...set, calls: set.calls ?? planned ?? defaultCalls(undefined, config) };
}

/**
 * The calls that a feature may make where nobody said how many: what the plan can need, and a specification and a
 * plan that are made again as often as is allowed.
 *
 * @param plan without one, enough to come to a plan
 */
export function defaultCalls(plan: Plan | undefined, config: Omit<Rules, 'budget'>): number {
  // Each revision of the specification has the plan made again too.
  const specs = 1 + config.maxRevisions;
  const plans = 1 + 2 * config.maxRevisions;
  const tasks = plan === undefined ? 0 : planCallsRange(plan, config).most;
  return specs + plans * planningCalls.most + tasks;
}

/**
 * Why a call may not begin, as a sentence; undefined when it may.
 *
 * @param spent what was used, and what running calls are expected to use
 * @param next what the call is expected to use
 */
export function budgetProblem(limits: Limits, spent: Amount, next: Amount): string | undefined {
  for (const unit of units) {
    const limit = limits[unit];
    if (limit === undefined || spent[unit] + next[unit] <= limit) continue;
    const words = unitWords[unit];
    if (spent[unit] >= limit || unit === 'calls')
      return `The budget of ${words(limit)} is used up: ${words(spent[unit])} ${spent[unit] === 1 ? 'is' : 'are'} spent.`;
    return `The budget of ${words(limit)} does not reach for the next call: ${words(spent[unit])} are spent or reserved, and it may need ${words(next[unit])}.`;
  }
  return undefined;
}

/** What is wrong with raising a budget, as a sentence, or undefined. */
export function raiseProblem(raised: Budget): string | undefined {
  const given = units.filter((unit) => raised[unit] !== undefined);
  if (given.length === 0) return 'Say what the budget is to be: --calls N, --tokens N or --usd N.';
  for (const unit of given) {
    const limit = raised[unit];
    if (limit === undefined || !Number.isFinite(limit) || limit <= 0)
      return `--${unit} must be a number above 0.`;
    if (unit === 'calls' && !Number.isInteger(limit)) return '--calls must be a whole number.';
  }
  return undefined;
}

/**
 * What keeps the next call from beginning with new limits, as a sentence, or undefined.
 *
 * @param limits with what is raised in them
 */
export function raisedLimitsProblem(limits: Limits, raised: Budget, spent: Amount): string | undefined {
  const usedUp = units.find((unit) => (limits[unit] ?? Number.POSITIVE_INFINITY) <= spent[unit]);
  if (usedUp === undefined) return undefined;
  const words = unitWords[usedUp];
  const said = `${words(spent[usedUp])} ${spent[usedUp] === 1 ? 'is' : 'are'} spent or reserved`;
  return raised[usedUp] === undefined
    ? `The budget of ${words(limits[usedUp] ?? 0)} is used up as well: raise it too, with --${usedUp} (${said}).`
    : `--${usedUp} must be more than what is gone already: ${said}.`;
}

/** What is said to one who approves or rejects at the budget's gate. */
export const budgetGateHint = (feature: string): string =>
  `The gate ${budgetGate} is passed by a higher budget: blueprint raise-budget ${feature} --calls N, --tokens N or --usd N. To end it instead: blueprint stop ${feature}.`;

/** The limits that there are, as words: `80 calls, $5.00`. */
export const budgetText = (budget: Budget): string =>
  units
    .flatMap((unit) => {
      const limit = budget[unit];
      return limit === undefined ? [] : [unitWords[unit](limit)];
    })
    .join(', ');

const units = ['calls', 'tokens', 'usd'] as const satisfies readonly (keyof Budget)[];

const unitWords: Record<(typeof units)[number], (value: number) => string> = {
  calls: (value) => `${value} call${value === 1 ? '' : 's'}`,
  tokens: (value) => `${Math.ceil(value).toLocaleString('en-US')} tokens`,
  usd: (value) => usdText(value),
};

/** Dollars: two places, or four where a call's cost needs them. */
export const usdText = (value: number): string => `$${value.toFixed(value > 0 && value < 1 ? 4 : 2)}`;

/** The models whose commands say what a call cost. */
const reportCost: readonly ModelName[] = ['claude', 'scripted'];

/** Why a dollar budget cannot be kept with these models, as a sentence, or undefined. */
export function dollarProblem(
  budget: Budget,
  config: Pick<Config, 'models'>,
  routed: readonly ModelName[],
): string | undefined {
  if (budget.usd === undefined) return undefined;
  const unpriced = routed.filter(
    (model) => !reportCost.includes(model) && modelSettings(config, model).price === undefined,
  );
  if (unpriced.length === 0) return undefined;
  const names = unpriced.map((model) => modelTitles[model]).join(', ');
  const keys = unpriced.map((model) => `models.${model}.price`).join(', ');
  return `A budget in dollars cannot be kept: nobody says what a call to ${names} costs. Set ${keys} in blueprint.config.json (dollars for a million tokens: {"input": 1, "output": 4}), or give the budget in calls or tokens.`;
}
