/** Rules of a plan as a graph: what is wrong with one, what can start, what is blocked. Pure. */
import { taskIdProblem } from '../names.js';
import { because, type Reason } from '../reasons.js';
import type { TaskState } from '../vocabulary.js';
import type { Plan, Task } from './plan-schema.js';
import { blocks, can, isBegun, satisfies } from './states.js';

export type { Plan, Task };

/** The tasks' states by id. A task that is not named is `missing`. */
export type TaskStates = Readonly<Record<string, TaskState>>;

/** A plan goes through the history, where 2 MB is the most, and in a carried state beside other things. */
const planMaxChars = 300_000;

/**
 * What is wrong with a plan whose shape is right, as a sentence, or undefined: duplicate ids, ids that cannot be
 * file names, a dependency that does not exist, a cycle.
 */
export function planProblem(plan: Plan): string | undefined {
  const chars = plan.tasks.reduce((sum, task) => sum + task.title.length + task.description.length, 0);
  if (chars > planMaxChars)
    return `The plan's texts are ${chars} characters long in all; at most ${planMaxChars} are allowed. Put details into the specification.`;
  const ids = new Set<string>();
  for (const task of plan.tasks) {
    const problem = taskIdProblem(task.id);
    if (problem !== undefined) return problem;
    // Compared without case: ids become file names, and some file systems do not tell T1 from t1.
    if (ids.has(task.id.toLowerCase())) return `The id ${task.id} is used by more than one task.`;
    ids.add(task.id.toLowerCase());
  }
  const known = new Set(plan.tasks.map((task) => task.id));
  for (const task of plan.tasks) {
    const unknown = task.dependsOn.find((id) => !known.has(id));
    if (unknown !== undefined) return `Task ${task.id} depends on ${unknown}, which does not exist.`;
  }
  const cycle = findCycle(plan.tasks);
  if (cycle !== undefined) return `The tasks depend on each other in a circle: ${cycle.join(' → ')}.`;
  return undefined;
}

function findCycle(tasks: readonly Task[]): string[] | undefined {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const settled = new Set<string>();
  const visit = (id: string, path: string[]): string[] | undefined => {
    if (settled.has(id)) return undefined;
    const at = path.indexOf(id);
    if (at !== -1) return [...path.slice(at), id];
    for (const next of byId.get(id)?.dependsOn ?? []) {
      const cycle = visit(next, [...path, id]);
      if (cycle !== undefined) return cycle;
    }
    settled.add(id);
    return undefined;
  };
  for (const task of tasks) {
    const cycle = visit(task.id, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

const stateOf = (states: TaskStates, id: string): TaskState => states[id] ?? 'missing';

/**
 * The tasks that can start now, in the plan's order: begun by nobody, all that they depend on integrated or
 * skipped, and a slot free.
 *
 * @param maxParallel how many tasks may be running at once
 */
export function startableTasks(plan: Plan, states: TaskStates, maxParallel: number): Task[] {
  const running = plan.tasks.filter((task) => states[task.id] === 'running').length;
  return plan.tasks
    .filter((task) => !isBegun(stateOf(states, task.id)))
    .filter((task) => task.dependsOn.every((id) => satisfies(stateOf(states, id))))
    .slice(0, Math.max(0, maxParallel - running));
}

/**
 * Whether each task that has not begun is `missing` or `blocked`: blocked when something that it depends on,
 * directly or through others, failed or was stopped.
 */
export function waitingStates(plan: Plan, states: TaskStates): Record<string, 'missing' | 'blocked'> {
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  const known = new Map<string, boolean>();
  const isBlocked = (id: string): boolean => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const blocked = (byId.get(id)?.dependsOn ?? []).some((dependency) => {
      const state = stateOf(states, dependency);
      return blocks(state) || (!isBegun(state) && isBlocked(dependency));
    });
    known.set(id, blocked);
    return blocked;
  };
  const result: Record<string, 'missing' | 'blocked'> = {};
  for (const task of plan.tasks)
    if (!isBegun(stateOf(states, task.id))) result[task.id] = isBlocked(task.id) ? 'blocked' : 'missing';
  return result;
}

/** All tasks that this one depends on, directly or through others, in the plan's order. */
export function ancestors(plan: Plan, id: string): Task[] {
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  const found = new Set<string>();
  const visit = (from: string) => {
    for (const next of byId.get(from)?.dependsOn ?? [])
      if (!found.has(next)) {
        found.add(next);
        visit(next);
      }
  };
  visit(id);
  return plan.tasks.filter((task) => found.has(task.id));
}

/** Whether nothing more of the plan is to be done. */
export const planIsDone = (plan: Plan, states: TaskStates): boolean =>
  plan.tasks.every((task) => satisfies(stateOf(states, task.id)));

/**
 * What is wrong with replacing a plan by an edited one while it is worked on, or undefined. A task that has begun
 * is what its history says it is: it may not change and may not go away.
 */
export function planEditProblem(before: Plan, after: Plan, states: TaskStates): Reason | undefined {
  const problem = planProblem(after);
  if (problem !== undefined) return because('plan-invalid', { text: problem });
  const byId = new Map(after.tasks.map((task) => [task.id, task]));
  for (const task of before.tasks) {
    const state = stateOf(states, task.id);
    const edited = byId.get(task.id);
    if (edited === undefined) {
      if (can(state, 'remove')) continue;
      return because('task-settled', { task: task.id, state, change: 'remove' });
    }
    if (!can(state, 'edit') && !sameTask(task, edited))
      return because('task-settled', { task: task.id, state, change: 'change' });
  }
  return undefined;
}

const sameTask = (a: Task, b: Task): boolean =>
  a.title === b.title &&
  a.description === b.description &&
  a.type === b.type &&
  [...a.dependsOn].sort().join('\n') === [...b.dependsOn].sort().join('\n');

/** An id that no task of the plan has yet, in the manner of the others: T001, T002 … */
export function nextTaskId(plan: Plan): string {
  const used = new Set(plan.tasks.map((task) => task.id.toLowerCase()));
  for (let number = plan.tasks.length + 1; ; number++) {
    const id = `T${String(number).padStart(3, '0')}`;
    if (!used.has(id.toLowerCase())) return id;
  }
}
