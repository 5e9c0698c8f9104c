/** One task's way through rounds, integration and its gate, as the feature's workflow sees it. */
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { gateAsks } from '../../domain/feature/gates.js';
import { signalNames, workflowTaskTimeout } from '../../domain/feature/protocol.js';
import type { OpenDraft, TaskRecord } from '../../domain/feature/types.js';
import { taskWorkflowId } from '../../domain/names.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { FileReference } from '../../domain/references.js';
import { ancestors, type Task } from '../../domain/tasks/plan.js';
import type { TaskRoundInput, TaskRoundOutcome } from '../../domain/tasks/round.js';
import { can } from '../../domain/tasks/states.js';
import type { TaskState } from '../../domain/vocabulary.js';
import { reasonOf } from '../failures.js';
import type { taskWorkflow } from '../task/task.js';
import { createHandWork } from './hand-work.js';
import { createIntegrationQueue } from './integration.js';
import type { FeatureRun } from './run.js';

export interface TaskDriver {
  /** Marks a task as running, before its driver has had a turn. */
  begin(task: Task): void;
  /** Runs rounds until the task is done, failed or stopped, or a person must decide. */
  drive(task: Task): Promise<void>;
  /** Whether the task ended unapproved and a person may decide about its draft. */
  awaitsDecision(id: string): boolean;
  /**
   * Waits at the task's gate, and does what the person decides.
   *
   * @param atWork runs what follows from the decision as the task's work
   */
  waitForDecision(task: Task, atWork: (work: () => Promise<void>) => Promise<void>): Promise<void>;
  /** The task's scope is about to be cancelled because a person stops it, and not the whole feature. */
  stopByPerson(id: string): void;
  /** Has the rounds that run ask absent models again, and wait for no quota. */
  resumeRounds(): Promise<void>;
  /** Puts a task into a state, and journals it. */
  put(id: string, state: TaskState, reason?: Reason): Promise<void>;
}

/** How often the integration may send a task back before a person is asked. */
const maxSentBack = 3;

export function createTaskDriver(run: FeatureRun): TaskDriver {
  const { input, state } = run;
  const queue = createIntegrationQueue(run);
  const hand = createHandWork(run);
  const stoppedByPerson = new Set<string>();
  /** Workflow ids of the rounds that run. */
  const rounds = new Set<string>();

  const recordOf = (id: string): TaskRecord => {
    const record = state.tasks[id];
    if (record === undefined) throw new Error(`unreachable: no record of task ${id}`);
    return record;
  };

  const put: TaskDriver['put'] = async (id, next, reason) => {
    const record = recordOf(id);
    record.state = next;
    record.reason = reason;
    run.publish();
    await run.journal.write({
      kind: 'task',
      task: id,
      state: next,
      round: record.round,
      reason,
      commit: record.commit,
    });
  };

  const notesFor = (task: Task): FileReference[] =>
    state.plan === undefined
      ? []
      : ancestors(state.plan, task.id)
          .filter((other) => other.type === 'architecture')
          .flatMap((other) => state.tasks[other.id]?.outputs ?? [])
          .filter((output) => output.path.endsWith('.md'));

  const runRound = async (task: Task): Promise<TaskRoundOutcome> => {
    const record = recordOf(task.id);
    const { held } = record;
    if (held === undefined) record.round++;
    record.held = undefined;
    record.draft = undefined;
    await put(task.id, 'running');
    const round: TaskRoundInput = {
      feature: input.feature,
      embedded: input.embedded,
      config: input.config,
      preparation: run.preparation(),
      absences: run.absences,
      task,
      round: record.round,
      spec: run.spec(),
      specChars: state.specChars,
      notes: held?.notes ?? notesFor(task),
      featureBase: input.base,
      // Only the round that was held back goes on from the head that it began with.
      base: held === undefined ? state.head : held.base,
      next: record.next,
      answers: held?.answers,
    };
    const raises = run.budget.raises();
    const workflowId = taskWorkflowId(workflowInfo().workflowId, task.id, record.round);
    rounds.add(workflowId);
    const outcome = await executeChild<typeof taskWorkflow>('taskWorkflow', {
      workflowId,
      args: [round],
      staticSummary: `${task.id} ${task.title} (round ${record.round})`,
      workflowTaskTimeout: workflowTaskTimeout(input.embedded),
      // A task that is stopped is over when its processes are gone.
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      // Ended by hand in Temporal's UI, the feature asks its tasks to end their calls too.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    }).finally(() => rounds.delete(workflowId));
    Object.assign(run.absences, outcome.absences);
    if (outcome.kind !== 'budget') return outcome;
    record.held = { base: round.base, notes: round.notes, answers: outcome.answers };
    // Raised meanwhile: what was held back before that may go on.
    return run.budget.raises() === raises ? outcome : runRound(task);
  };

  /** @returns whether the task goes on with another round */
  const settle = async (task: Task, outcome: TaskRoundOutcome): Promise<boolean> => {
    const record = recordOf(task.id);
    if (outcome.kind === 'stopped') {
      await stopped(task);
      return false;
    }
    record.iterations = outcome.iterations;
    if (outcome.kind === 'failed') {
      await put(task.id, 'failed', outcome.reason);
      return false;
    }
    if (outcome.kind === 'budget') {
      await put(task.id, 'waiting', outcome.reason);
      return false;
    }
    record.model = outcome.model;
    record.outputs = outcome.draft.outputs;
    record.next = undefined;
    if (outcome.kind === 'approved') return integrate(task, outcome.draft);
    await leaveToPerson(task, outcome.draft, outcome.reason);
    return false;
  };

  const leaveToPerson = async (task: Task, draft: OpenDraft, why: Reason): Promise<void> => {
    recordOf(task.id).draft = draft;
    const asks = gateAsks('task', input.config.gates, state.mode);
    await put(task.id, asks ? 'waiting' : 'failed', because('manual-review', { why }));
  };

  /** A stopped feature begins its running tasks again when it is resumed; a stopped task waits for a retry. */
  const stopped = (task: Task): Promise<void> =>
    CancellationScope.nonCancellable(() =>
      stoppedByPerson.delete(task.id)
        ? put(task.id, 'stopped', because('stopped-by-person'))
        : put(task.id, 'missing', because('feature-stopped')),
    );

  /** @returns whether the integration sent the task back */
  const integrate = async (task: Task, draft: OpenDraft): Promise<boolean> => {
    const record = recordOf(task.id);
    const outcome = await queue.integrate(task, draft);
    if (outcome.kind === 'integrated') {
      record.commit = outcome.commit;
      record.draft = undefined;
      await put(task.id, 'done');
      return false;
    }
    record.sentBack++;
    if (record.sentBack > maxSentBack) {
      await leaveToPerson(task, draft, outcome.reason);
      return false;
    }
    record.next = { from: draft, reason: outcome.reason };
    return true;
  };

  const guarded = async (task: Task, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      await CancellationScope.nonCancellable(() => run.openCalls.end(task.id));
      if (isCancellation(error)) await stopped(task);
      else await put(task.id, 'failed', reasonOf(error));
    }
  };

  const drive = (task: Task): Promise<void> =>
    guarded(task, async () => {
      while (await settle(task, await runRound(task)));
    });

  return {
    put,
    drive,
    async resumeRounds() {
      // One that ends meanwhile is told nothing, and needs nothing.
      const tell = (id: string) => getExternalWorkflowHandle(id).signal(signalNames.resume);
      await Promise.allSettled([...rounds].map(tell));
    },
    stopByPerson: (id) => void stoppedByPerson.add(id),
    begin(task) {
      recordOf(task.id).state = 'running';
    },
    awaitsDecision(id) {
      const record = recordOf(id);
      return record.draft !== undefined && can(record.state, 'approve');
    },
    async waitForDecision(task, atWork) {
      const record = recordOf(task.id);
      const draft = record.draft;
      if (draft === undefined) return;
      const decision = await run.gates.wait(task.id, {
        reason: record.reason ?? because('manual-review', {}),
        about: draft.outputs[0],
        // What the review did not approve is never approved by itself.
        mayBeAutomatic: false,
        blocksAll: false,
      });
      if (decision.kind === 'withdrawn') return;
      await atWork(() =>
        decision.kind === 'approved'
          ? guarded(task, async () => {
              await put(task.id, 'running');
              const taken = await hand.take(task, draft, decision.opening);
              if (!taken.ok) await leaveToPerson(task, taken.draft, taken.reason);
              else if (await integrate(task, taken.draft)) await drive(task);
            })
          : rejected(task, draft, decision.message),
      );
    },
  };

  /** A rejection buys one more round, which begins by correcting what the reason says. */
  async function rejected(task: Task, from: OpenDraft, message: string): Promise<void> {
    recordOf(task.id).next = { from, reason: because('person', { text: message }) };
    await drive(task);
  }
}
