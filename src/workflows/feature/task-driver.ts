/** One task's way through rounds, integration and its gate. */
import { because, type CorrectionReason, type Reason } from '../../domain/reasons.js';
import type { CommitHash } from '../../domain/references.js';
import type { Task } from '../../domain/tasks/plan.js';
import {
  type HeldRound,
  type OpenDraft,
  openDraft,
  type RunningRecord,
  type TaskEvent,
} from '../../domain/tasks/record.js';
import type { TaskRoundOutcome } from '../../domain/tasks/round.js';
import { reasonOf } from '../failures.js';
import type { Runtime } from '../runtime.js';
import type { Gates } from './gates.js';
import type { Tasks } from './tasks.js';

export interface TaskDriver {
  /** Begins a round, and runs rounds until the task is done, failed or stopped, or a person must decide. */
  drive(task: Task): Promise<void>;
  /**
   * Waits at the task's gate for a person's decision about its draft, and does what follows from it.
   *
   * @param atWork runs what follows as the task's work
   */
  waitForDecision(task: Task, atWork: (work: () => Promise<void>) => Promise<void>): Promise<void>;
  /** A person stops the task, and not the whole feature: its work is cancelled right after this. */
  stopByPerson(id: string): void;
}

/** How a round has ended: as its workflow says, and with what it began, where it is to go on from there. */
export type RoundResult =
  | Exclude<TaskRoundOutcome, { kind: 'budget' }>
  | { kind: 'budget'; reason: Reason; held: HeldRound };

export type Integrated =
  /** Without a commit where the task changes no files, or nothing that is not there already. */
  { kind: 'integrated'; commit?: CommitHash | undefined } | { kind: 'sent-back'; reason: CorrectionReason };

/** `ok: false`: what the person changed breaks checks; they are asked again, with what they made as the draft. */
export type TakenEdit = { ok: true; draft: OpenDraft } | { ok: false; draft: OpenDraft; reason: Reason };

export interface DriverDeps {
  tasks: Tasks;
  gates: Pick<Gates, 'wait'>;
  runtime: Pick<Runtime, 'uncancelled' | 'isCancellation'>;
  /** Runs a round whose number and start are in the task's record. */
  runRound(task: Task, record: RunningRecord): Promise<RoundResult>;
  /** Puts a draft on the branch, when its turn has come. */
  integrate(task: Task, draft: OpenDraft): Promise<Integrated>;
  /** What a person changed in the draft that they approved. */
  takeEdit(task: Task, draft: OpenDraft, opening: number): Promise<TakenEdit>;
  /** Ends what integration and checks of the task run. */
  endCalls(task: string): Promise<void>;
  /** Whether a person is asked about a draft that is not approved, or it is left failed. */
  asksPerson(): boolean;
  /** How often the budget was raised. */
  raises(): number;
}

/** How often the integration may send a task back before a person is asked. */
const maxSentBack = 3;

export function createTaskDriver(deps: DriverDeps): TaskDriver {
  /** Tasks that a person stops: their work was cancelled, and has not come to its end yet. */
  const stoppedByPerson = new Set<string>();

  /** Runs a task's work; what breaks it off becomes the task's state, once no process is left. */
  const guarded = async (task: Task, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      await deps.runtime.uncancelled(() => deps.endCalls(task.id));
      if (deps.runtime.isCancellation(error)) await interrupted(task);
      else await putIfOpen(task, { kind: 'fail', reason: reasonOf(error) });
    } finally {
      stoppedByPerson.delete(task.id);
    }
  };

  /** A stopped feature begins its running tasks again when it is resumed; a stopped task waits for a retry. */
  const interrupted = (task: Task): Promise<void> =>
    deps.runtime.uncancelled(() =>
      putIfOpen(task, { kind: stoppedByPerson.has(task.id) ? 'stop' : 'interrupt' }),
    );

  /** What a task has come to just before it was broken off stays. */
  const putIfOpen = async (task: Task, event: TaskEvent): Promise<void> => {
    if (deps.tasks.get(task.id).state === 'running') await deps.tasks.put(task.id, event);
  };

  /** Runs rounds, the first one begun by an event, as long as the integration sends the task back. */
  const rounds = async (task: Task, begun: TaskEvent): Promise<void> => {
    let next: TaskEvent | undefined = begun;
    while (next !== undefined) {
      const result = await roundOf(deps, task, next);
      if (result.kind === 'stopped') return interrupted(task);
      next = await conclude(deps, task, result);
    }
  };

  return {
    drive: (task) => guarded(task, () => rounds(task, { kind: 'begin' })),
    stopByPerson: (id) => void stoppedByPerson.add(id),
    async waitForDecision(task, atWork) {
      const record = deps.tasks.get(task.id);
      const draft = openDraft(record);
      if (draft === undefined || !('reason' in record)) return;
      const decision = await deps.gates.wait(task.id, {
        reason: record.reason,
        about: draft.outputs[0],
        // What the review did not approve is never approved by itself.
        mayBeAutomatic: false,
        blocksAll: false,
      });
      // Decided and skipped in the same moment: the draft is not asked about any more.
      if (decision.kind === 'withdrawn' || openDraft(deps.tasks.get(task.id)) !== draft) return;
      await atWork(() =>
        guarded(task, async () => {
          if (decision.kind === 'rejected')
            // It buys one more round, which begins by correcting what the person says.
            return rounds(task, { kind: 'reject', message: decision.message });
          const sentBack = await approve(deps, task, draft, decision.opening);
          if (sentBack !== undefined) await rounds(task, sentBack);
        }),
      );
    },
  };
}

async function roundOf(deps: DriverDeps, task: Task, begun: TaskEvent): Promise<RoundResult> {
  const { tasks } = deps;
  const record = await tasks.put(task.id, begun);
  if (record.state !== 'running') throw new Error(`A round of ${task.id} begins, and it is ${record.state}.`);
  const raises = deps.raises();
  const result = await deps.runRound(task, record);
  if (result.kind !== 'budget' || deps.raises() === raises) return result;
  // Raised meanwhile: what was held back before that may go on.
  tasks.change(task.id, { kind: 'hold', held: result.held, reason: result.reason });
  tasks.change(task.id, { kind: 'release' });
  return roundOf(deps, task, { kind: 'begin' });
}

/** @returns the event that begins the next round; undefined where the task has none just now */
async function conclude(
  deps: DriverDeps,
  task: Task,
  result: Exclude<RoundResult, { kind: 'stopped' }>,
): Promise<TaskEvent | undefined> {
  const { tasks } = deps;
  switch (result.kind) {
    case 'failed':
      await tasks.put(task.id, { kind: 'fail', reason: result.reason });
      return undefined;
    case 'budget':
      await tasks.put(task.id, { kind: 'hold', held: result.held, reason: result.reason });
      return undefined;
    case 'approved':
      tasks.change(task.id, { kind: 'draft', outputs: result.draft.outputs });
      return integrate(deps, task, result.draft);
    case 'unapproved':
      tasks.change(task.id, { kind: 'draft', outputs: result.draft.outputs });
      await leaveToPerson(deps, task, result.draft, result.reason);
      return undefined;
  }
}

/** @returns the event that begins another round, where the draft does not fit on the branch */
async function approve(
  deps: DriverDeps,
  task: Task,
  draft: OpenDraft,
  opening: number,
): Promise<TaskEvent | undefined> {
  await deps.tasks.put(task.id, { kind: 'approve' });
  const taken = await deps.takeEdit(task, draft, opening);
  if (taken.ok) return integrate(deps, task, taken.draft);
  await leaveToPerson(deps, task, taken.draft, taken.reason);
  return undefined;
}

/** @returns the event that begins another round, where the draft does not fit on the branch */
async function integrate(deps: DriverDeps, task: Task, draft: OpenDraft): Promise<TaskEvent | undefined> {
  const { tasks } = deps;
  const outcome = await deps.integrate(task, draft);
  if (outcome.kind === 'integrated') {
    await tasks.put(task.id, { kind: 'integrate', commit: outcome.commit });
    return undefined;
  }
  if (tasks.get(task.id).sentBack < maxSentBack) return sendBack(draft, outcome.reason);
  await leaveToPerson(deps, task, draft, outcome.reason);
  return undefined;
}

const sendBack = (draft: OpenDraft, reason: CorrectionReason): TaskEvent => ({
  kind: 'send-back',
  draft,
  reason,
});

async function leaveToPerson(deps: DriverDeps, task: Task, draft: OpenDraft, why: Reason): Promise<void> {
  const kind = deps.asksPerson() ? 'ask' : 'leave';
  await deps.tasks.put(task.id, { kind, draft, reason: because('manual-review', { why }) });
}
