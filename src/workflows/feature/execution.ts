/** The plan's execution: starts what can start, one driver a task, until nothing more is to be done. */
import { budgetGate } from '../../domain/money/budget.js';
import type { Reason } from '../../domain/reasons.js';
import { because, sameReason } from '../../domain/reasons.js';
import { type Plan, planIsDone, type Task } from '../../domain/tasks/plan.js';
import { openDraft } from '../../domain/tasks/record.js';
import { heldTasks, schedule, statesOf, whyStuck } from '../../domain/tasks/schedule.js';
import type { Journal } from '../journal.js';
import type { Runtime } from '../runtime.js';
import type { BudgetHold } from './budget-hold.js';
import type { Gates } from './gates.js';
import { type Changes, createChanges, createPieces, type Pieces } from './pieces.js';
import type { TaskDriver } from './task-driver.js';
import type { Tasks } from './tasks.js';

export interface Execution {
  /** Runs the plan until it is done, or until the run should continue as new. */
  run(): Promise<'done' | 'continue-as-new'>;
  /**
   * Stops the work of a task on a person's word; its driver says so when its processes are gone.
   *
   * @returns false where the task has no work under way
   */
  stopWork(id: string): boolean;
  /** Something changed that the plan's scheduling should look at. */
  changed(): void;
  /** Begins the rounds again that the budget held back. */
  budgetRaised(): void;
}

export interface ExecutionDeps {
  /** A person may edit it meanwhile. */
  plan(): Plan;
  tasks: Tasks;
  driver: TaskDriver;
  gates: Pick<Gates, 'withdraw' | 'open'>;
  budget: Pick<BudgetHold, 'isOpen' | 'wait'>;
  journal: Pick<Journal, 'note' | 'write'>;
  runtime: Runtime;
  maxParallelTasks: number;
  /** The history is long enough: what runs comes to its end, and nothing is begun. */
  shouldContinueAsNew(): boolean;
  publish(): void;
}

/** What goes on. */
interface Work {
  changes: Changes;
  /** Tasks at work, by id. One that waits for a person is not. */
  tasks: Pieces;
  /** Waits for a decision about a task's draft, by the task's id. */
  decisions: Pieces;
  /** The wait for a higher budget. */
  budget: Pieces;
}

export function createExecution(deps: ExecutionDeps): Execution {
  const { runtime, tasks } = deps;
  const changes = createChanges(runtime);
  const pieces = () => createPieces(runtime, changes);
  const work: Work = { changes, tasks: pieces(), decisions: pieces(), budget: pieces() };
  return {
    async run() {
      try {
        return await runPlan(deps, work);
      } finally {
        // A stopped feature has stopped when every task's processes are gone.
        await runtime.uncancelled(() => runtime.until(() => !work.tasks.areAny()));
      }
    },
    stopWork(id) {
      if (!work.tasks.has(id)) return false;
      deps.driver.stopByPerson(id);
      return work.tasks.cancel(id);
    },
    changed: () => changes.note(),
    budgetRaised() {
      for (const { id } of heldTasks(tasks.all())) tasks.change(id, { kind: 'release' });
      changes.note();
    },
  };
}

async function runPlan(deps: ExecutionDeps, work: Work): Promise<'done' | 'continue-as-new'> {
  const { tasks, journal } = deps;
  /** Why nothing can move, as the journal has it; undefined since something has moved. */
  let reported: Reason | undefined;
  for (;;) {
    work.changes.look();
    if (planIsDone(deps.plan(), statesOf(tasks.all()))) {
      await closeBudgetGate(deps, work);
      return 'done';
    }
    const draining = deps.shouldContinueAsNew();
    startWhatCan(deps, work, draining);
    deps.publish();
    const rests = !work.tasks.areAny();
    if (rests && draining) return 'continue-as-new';
    const stuck = rests ? whyStuck(tasks.all(), deps.gates.open(budgetGate)?.reason) : undefined;
    if (stuck !== undefined && !sameReason(stuck, reported)) journal.note({ kind: 'waiting', reason: stuck });
    reported = stuck;
    await journal.write();
    await work.changes.next();
  }
}

function startWhatCan(deps: ExecutionDeps, work: Work, draining: boolean): void {
  const { tasks, driver } = deps;
  const plan = deps.plan();
  const budgetIsUsedUp = waitForBudget(deps, work);
  const { changes, begin } = schedule(plan, tasks.all(), {
    maxParallelTasks: deps.maxParallelTasks,
    budgetIsUsedUp,
    draining,
    atWork: work.tasks.has,
  });
  for (const { task, event } of changes) tasks.note(task, { kind: event });
  for (const task of plan.tasks) waitForDecision(deps, work, task);
  for (const task of begin) work.tasks.start(task.id, () => driver.drive(task));
}

function waitForDecision({ tasks, driver }: ExecutionDeps, work: Work, task: Task): void {
  const record = tasks.find(task.id);
  if (record === undefined || openDraft(record) === undefined || work.decisions.has(task.id)) return;
  work.decisions.start(task.id, () =>
    // What is decided is work again: it can be stopped, and the feature does not stand still.
    driver.waitForDecision(task, (decided) => work.tasks.run(task.id, decided)),
  );
}

/** @returns whether nothing is to be begun before the budget is raised */
function waitForBudget({ tasks, budget }: ExecutionDeps, work: Work): boolean {
  const [first] = heldTasks(tasks.all());
  if (first === undefined && !budget.isOpen()) return false;
  if (!work.budget.has(budgetGate))
    work.budget.start(budgetGate, () =>
      budget.wait(first?.record.reason ?? because('budget-held', {}), false),
    );
  return true;
}

/** What the budget held back was skipped. */
async function closeBudgetGate(deps: ExecutionDeps, work: Work): Promise<void> {
  if (!waitForBudget(deps, work)) return;
  deps.gates.withdraw(budgetGate);
  await deps.runtime.until(() => !work.budget.areAny());
}
