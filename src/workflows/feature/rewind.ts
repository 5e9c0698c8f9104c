/** Going back: everything that runs is stopped, branch, plan and tasks are put back, and the feature goes on from there. */
import { CancellationScope, condition } from '@temporalio/workflow';
import { because, type Reason } from '../../domain/reasons.js';
import { commitOf, type TaskRecord } from '../../domain/tasks/record.js';
import { failureFor, reasonOf } from '../failures.js';
import { keepPlan } from './plan-phase.js';
import type { FeatureRun } from './run.js';

export interface Rewinds {
  /** Asks for it, and waits until it is carried out. */
  ask(to: string): Promise<void>;
  isAsked(): boolean;
  /** Carries out what was asked for. Nothing of the feature may be running. */
  carryOut(): Promise<void>;
}

/** @param stopAll cancels whatever the feature is doing */
export function createRewinds(run: FeatureRun, stopAll: () => void): Rewinds {
  const { input, state, journal, activities } = run;
  let failure: Reason | undefined;

  const rewind = async (to: string): Promise<void> => {
    const { plan: kept, tasks } = state;
    if (kept === undefined || !state.planApproved) throw failureFor(because('rewind-unplanned'));
    // Used up whatever comes of it: what one rewind has decided and kept is no other's.
    const number = state.rewinds + 1;
    state.rewinds = number;
    const usedTaskRounds = run.tasks.usedRounds();
    const next = await activities.rewind.executeWithOptions({ summary: `rewind to ${to}` }, [
      { feature: input.feature, number, to, plan: kept.plan, planFile: kept.file, tasks, usedTaskRounds },
    ]);
    state.head = next.head;
    run.tasks.replace(next.tasks);
    state.resultApproved = false;
    state.stoppedEarly = [];
    // What the open gates are about is not there any more.
    for (const { gate, number: opening } of state.gates)
      journal.note({ kind: 'gate-closed', gate, number: opening, decision: 'withdrawn', automatic: false });
    state.gates = [];
    await keepPlan(run, next.plan, { edited: true });
    const { from, ref, head } = next;
    const ids = next.plan.tasks.map((task) => task.id);
    await journal.write({
      kind: 'rewound',
      number,
      to,
      ref,
      from,
      head,
      tasks: ids.map((id) => ({ id, ...standingOf(next.tasks[id]) })),
    });
  };

  return {
    async ask(to) {
      failure = undefined;
      state.rewind = { to };
      stopAll();
      await condition(() => state.rewind === undefined);
      if (failure !== undefined) throw failureFor(failure, 'refused');
    },
    isAsked: () => state.rewind !== undefined,
    async carryOut() {
      const asked = state.rewind;
      if (asked === undefined) return;
      state.stopped = false;
      try {
        await CancellationScope.nonCancellable(() => rewind(asked.to));
      } catch (error) {
        failure = reasonOf(error);
        await journal.write({ kind: 'error', reason: because('rewind-failed', { why: failure }) });
      }
      state.rewind = undefined;
    },
  };
}

const standingOf = (record: TaskRecord | undefined) =>
  record === undefined ? { state: 'missing' as const } : { state: record.state, commit: commitOf(record) };
