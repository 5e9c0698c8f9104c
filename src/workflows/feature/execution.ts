/** The plan's execution: starts what can start, one driver a task, until everything is done or skipped. */
import { CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { TaskRecord } from '../../domain/feature/types.js';
import { budgetGate } from '../../domain/money/budget.js';
import { because, type Reason, sameReason } from '../../domain/reasons.js';
import { planIsDone, startableTasks, type Task, waitingStates } from '../../domain/tasks/plan.js';
import { can } from '../../domain/tasks/states.js';
import type { TaskState } from '../../domain/vocabulary.js';
import type { FeatureRun } from './run.js';
import { createTaskDriver } from './task-driver.js';

export interface Execution {
  /** Runs the plan until it is done, or until the run should continue as new. */
  run(): Promise<'done' | 'continue-as-new'>;
  /** Stops a task that runs, waits, or has not begun. */
  stopTask(id: string): Promise<void>;
  /** Something changed that the plan's scheduling should look at. */
  changed(): void;
  /** Has the rounds that run ask absent models again. */
  resumeRounds(): Promise<void>;
  /** Begins the rounds again that the budget held back. */
  budgetRaised(): void;
}

export function createExecution(run: FeatureRun): Execution {
  const { state } = run;
  const driver = createTaskDriver(run);
  /** Tasks with a driver at work; a task that waits for a person is no work. */
  const running = new Map<string, CancellationScope>();
  const watched = new Set<string>();
  let budgetWatched = false;
  let changes = 0;
  let failure: unknown;
  /** Why nothing can move, as it was journaled last; undefined since something has moved. */
  let told: Reason | undefined;

  const plan = () => {
    if (state.plan === undefined) throw new Error('unreachable: execution begins with a plan');
    return state.plan;
  };
  const states = (): Record<string, TaskState> =>
    Object.fromEntries(Object.entries(state.tasks).map(([id, record]) => [id, record.state]));

  /** Runs a piece of a task's work beside the others; what it throws ends the execution. */
  const launch = (work: () => Promise<void>, ended: () => void): CancellationScope => {
    const scope = new CancellationScope();
    scope
      .run(work)
      .catch((error: unknown) => {
        if (!isCancellation(error)) failure ??= error;
      })
      .finally(() => {
        ended();
        changes++;
      });
    return scope;
  };

  const start = (task: Task) => {
    // Marked at once: the scheduler must not see it as startable a second time.
    driver.begin(task);
    running.set(
      task.id,
      launch(
        () => driver.drive(task),
        () => running.delete(task.id),
      ),
    );
  };

  const watch = (task: Task) => {
    watched.add(task.id);
    launch(
      () => driver.waitForDecision(task, (work) => atWork(task, work)),
      () => watched.delete(task.id),
    );
  };

  /** A decided task is at work again: it holds up the feature's waiting, and can be stopped. */
  const atWork = async (task: Task, work: () => Promise<void>): Promise<void> => {
    const scope = new CancellationScope();
    running.set(task.id, scope);
    // It may come to wait for the very same: that is to be told again.
    told = undefined;
    try {
      await scope.run(work);
    } finally {
      running.delete(task.id);
      changes++;
    }
  };

  const noteBlocked = () => {
    for (const [id, next] of Object.entries(waitingStates(plan(), states()))) {
      const record = state.tasks[id];
      if (record === undefined || record.state === next) continue;
      record.state = next;
      run.journal.note({ kind: 'task', task: id, state: next, round: record.round });
    }
  };

  const heldBack = () => Object.values(state.tasks).filter(isHeld);

  /** @returns whether nothing is to be begun before the budget is raised */
  const watchBudget = (): boolean => {
    const [first] = heldBack();
    if (first === undefined && !run.budget.isOpen()) return false;
    if (!budgetWatched)
      launch(
        () => run.budget.wait(first?.reason, false),
        () => {
          budgetWatched = false;
        },
      );
    budgetWatched = true;
    return true;
  };

  const schedule = (): boolean => {
    noteBlocked();
    const held = watchBudget();
    for (const task of plan().tasks) if (driver.awaitsDecision(task.id) && !watched.has(task.id)) watch(task);
    const draining = workflowInfo().continueAsNewSuggested;
    if (!draining && !held)
      // One that a raised budget or a retry has made ready may have a driver that is about to end.
      for (const task of startableTasks(plan(), states(), run.input.config.maxParallelTasks))
        if (!running.has(task.id)) start(task);
    return draining;
  };

  /** What it held back was skipped. */
  const closeBudgetGate = async (): Promise<void> => {
    if (!watchBudget()) return;
    run.gates.withdraw(budgetGate);
    await condition(() => !budgetWatched);
  };

  const runPlan = async (): Promise<'done' | 'continue-as-new'> => {
    told = undefined;
    for (;;) {
      if (planIsDone(plan(), states())) {
        await closeBudgetGate();
        return 'done';
      }
      const draining = schedule();
      run.publish();
      if (draining && running.size === 0) return 'continue-as-new';
      const stuck = running.size === 0 ? whyStuck(run) : undefined;
      if (stuck !== undefined && !sameReason(stuck, told))
        run.journal.note({ kind: 'waiting', reason: stuck });
      told = stuck;
      await run.journal.write();
      const seen = changes;
      await condition(() => changes !== seen || failure !== undefined);
      if (failure !== undefined) throw failure;
    }
  };

  return {
    async run() {
      await run.enter('execution');
      try {
        return await runPlan();
      } finally {
        // A stopped feature has stopped when every task's processes are gone.
        await CancellationScope.nonCancellable(() => condition(() => running.size === 0));
      }
    },

    async stopTask(id) {
      // Sent with the plan's approval, it may come first: it holds for the plan that is approved.
      if (!state.planApproved) {
        state.stoppedEarly.push(id);
        return;
      }
      const record = state.tasks[id];
      if (record === undefined || !can(record.state, 'stop')) {
        run.journal.note({
          kind: 'ignored',
          reason: because('not-stoppable', { task: id, state: record?.state }),
        });
        return run.journal.write();
      }
      const scope = running.get(id);
      if (scope !== undefined) {
        // Its driver notes that it stopped, once its processes are gone.
        driver.stopByPerson(id);
        scope.cancel();
        return;
      }
      record.held = undefined;
      await driver.put(id, 'stopped', because('stopped-by-person'));
      run.gates.withdraw(id);
      changes++;
    },

    resumeRounds: () => driver.resumeRounds(),

    changed() {
      changes++;
    },

    budgetRaised() {
      for (const record of heldBack()) record.state = 'missing';
      changes++;
    },
  };
}

/** Waits for a higher budget, and for no decision about itself. */
const isHeld = ({ held, state }: TaskRecord): boolean => held !== undefined && state === 'waiting';

/** Why nothing can move. */
function whyStuck({ state, budget }: FeatureRun): Reason {
  const ids = (wanted: TaskState) =>
    Object.entries(state.tasks)
      .filter(([, record]) => record.state === wanted && !isHeld(record))
      .map(([id]) => id);
  const tasks = {
    waiting: ids('waiting'),
    failed: ids('failed'),
    stopped: ids('stopped'),
    blocked: ids('blocked'),
  };
  const held = budget.isOpen() ? state.gates.find(({ gate }) => gate === budgetGate) : undefined;
  if (held !== undefined && Object.values(tasks).flat().length === 0) return held.reason;
  return because('stuck', { ...tasks, budgetHeld: held !== undefined });
}
