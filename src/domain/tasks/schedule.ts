/** What the execution of a plan does next, by its tasks' records alone. Pure. */
import { because, type Reason } from '../reasons.js';
import { type Plan, startableTasks, type Task, type TaskStates, waitingStates } from './plan.js';
import { type HeldRecord, isHeld, type TaskRecord } from './record.js';

/** By id; a task of the plan that has none was not begun. */
export type TaskRecords = Readonly<Record<string, TaskRecord>>;

export const statesOf = (records: TaskRecords): TaskStates =>
  Object.fromEntries(Object.entries(records).map(([id, { state }]) => [id, state]));

export interface Circumstances {
  maxParallelTasks: number;
  /** Nothing is begun before the budget is raised. */
  budgetIsUsedUp: boolean;
  /** The run is to continue as new: what runs comes to its end, and nothing is begun. */
  draining: boolean;
  /** Tasks whose work has not quite ended, though their record has: they are begun a moment later. */
  atWork: (id: string) => boolean;
}

export interface Schedule {
  /** Tasks that something blocks from now on, or no longer does. */
  changes: { task: string; event: 'block' | 'unblock' }[];
  /** In the order of the plan. */
  begin: Task[];
}

export function schedule(
  plan: Plan,
  records: TaskRecords,
  { maxParallelTasks, budgetIsUsedUp, draining, atWork }: Circumstances,
): Schedule {
  const before = statesOf(records);
  const waiting = waitingStates(plan, before);
  const changes = Object.entries(waiting)
    .filter(([id, state]) => before[id] !== undefined && before[id] !== state)
    .map(([task, state]) => ({
      task,
      event: state === 'blocked' ? ('block' as const) : ('unblock' as const),
    }));
  const startable = startableTasks(plan, { ...before, ...waiting }, maxParallelTasks);
  const begin = budgetIsUsedUp || draining ? [] : startable.filter(({ id }) => !atWork(id));
  return { changes, begin };
}

/** The tasks that wait for a higher budget, and for no decision about themselves. */
export const heldTasks = (records: TaskRecords): { id: string; record: HeldRecord }[] =>
  Object.entries(records).flatMap(([id, record]) => (isHeld(record) ? [{ id, record }] : []));

/**
 * Why nothing of a plan can move.
 *
 * @param held why the budget's gate is open, where it is
 */
export function whyStuck(records: TaskRecords, held: Reason | undefined): Reason {
  const ids = (state: TaskRecord['state']) =>
    Object.entries(records)
      .filter(([, record]) => record.state === state && !isHeld(record))
      .map(([id]) => id);
  const tasks = {
    waiting: ids('waiting'),
    failed: ids('failed'),
    stopped: ids('stopped'),
    blocked: ids('blocked'),
  };
  if (held !== undefined && Object.values(tasks).every((some) => some.length === 0)) return held;
  return because('stuck', { ...tasks, budgetHeld: held !== undefined });
}
