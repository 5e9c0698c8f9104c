/** How many calls to models a feature takes: at the least, and at the most. Pure. */
import type { Config } from '../config/schema.js';
import type { Plan, Task } from '../tasks/plan.js';

export interface CallsRange {
  /** Every answer can be used at once, and every draft is approved at once. */
  least: number;
  /**
   * Every draft is corrected as often as is allowed, and every answer is asked for as often as is allowed. What a
   * person has made again, and rounds that a conflict on the branch costs, come on top.
   */
  most: number;
}

type RoundRules = Pick<Config, 'maxIterations' | 'race'>;

/** A bad answer is asked for again with the error, twice; then it is a person's. */
export const asks = 3;

/**
 * The calls of a whole feature, those for its specification and its plan included.
 *
 * @param plan without one, only the calls up to the plan are known
 * @param specGiven the brief is the specification: no model is asked for one
 */
export function callsRange(plan: Plan | undefined, config: RoundRules, specGiven = false): CallsRange {
  const { least, most } = plan === undefined ? { least: 0, most: 0 } : planCallsRange(plan, config);
  const spec = specGiven ? 0 : 1;
  return { least: spec + planningCalls.least + least, most: spec + planningCalls.most + most };
}

/** The calls that a plan takes once it is approved. */
export function planCallsRange({ tasks }: Plan, config: RoundRules): CallsRange {
  const ranges = tasks.map((task) => taskCallsRange(task, config));
  return {
    least: ranges.reduce((sum, range) => sum + range.least, 0),
    most: ranges.reduce((sum, range) => sum + range.most, 0),
  };
}

/** The plan, which may be asked for again, and its refinement, which may not. */
export const planningCalls: CallsRange = { least: 2, most: asks + 1 };

/** A round of a task: a draft, or a race's two with their comparison; then reviews and corrections in turn. */
function taskCallsRange({ type }: Pick<Task, 'type'>, { maxIterations, race }: RoundRules): CallsRange {
  const loop = maxIterations + 1 + maxIterations;
  if (type === 'review') return { least: 1, most: loop * asks };
  if (race[type] === undefined) return { least: 2, most: (1 + loop) * asks };
  // The comparison is left out where the checks decide.
  return { least: 3, most: (2 + 1 + loop) * asks };
}
