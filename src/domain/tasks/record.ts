/** Where one task stands for its workflow: what it carries in each state, and what each event makes of it. Pure. */
import type { Answerer } from '../calls/answer.js';
import type { CorrectionReason, Reason } from '../reasons.js';
import type { CommitHash, FileReference } from '../references.js';
import type { TaskState } from '../vocabulary.js';
import type { Change } from './draft.js';
import { stateAfter } from './states.js';

/** A draft that a round ended with. Its base is the feature's head that it was made on. */
export type OpenDraft = Change & {
  attempt: number;
  files: string[];
  outputs: FileReference[];
  /** Of a race's draft: whose worktree it stands in. */
  label?: string | undefined;
  /** The person who changed it by hand: the author of its commit. */
  author?: { name: string; email: string } | undefined;
};

export type CommittedDraft = OpenDraft & { commit: CommitHash };

/** A round that corrects what the round before ended with. */
export interface NextRound {
  from: OpenDraft;
  /** A person's words, or what the integration found. */
  reason: CorrectionReason;
}

/**
 * What a round that the budget held back was given. It is begun again as it was, under its number, so that the calls
 * that it has made are found and not paid for again.
 */
export interface HeldRound {
  base?: CommitHash | undefined;
  notes: FileReference[];
  answers: Answerer[];
}

/** What a task carries in every state. */
interface Carried {
  /** Rounds begun; each is a child workflow. */
  round: number;
  /** What the task left in `partial/`. */
  outputs: FileReference[];
  /** Times that the integration sent the task back; a retry begins to count anew. */
  sentBack: number;
}

/** What its next round, or the one that runs, begins with; nothing for a draft from scratch. */
interface Start {
  /** The draft to correct, and why. */
  next?: NextRound | undefined;
  /** The round goes on that the budget held back. */
  held?: HeldRound | undefined;
}

export type TaskRecord = Carried &
  (
    | ({ state: 'missing' | 'blocked' } & Start)
    /** `approved`: no round runs; what a person approved is taken and put on the branch. */
    | ({ state: 'running'; approved?: OpenDraft | undefined } & Start)
    | { state: 'waiting'; for: 'decision'; draft: OpenDraft; reason: Reason }
    | { state: 'waiting'; for: 'budget'; held: HeldRound; next?: NextRound | undefined; reason: Reason }
    /** Without a commit where the task changed nothing. */
    | { state: 'done'; commit?: CommitHash | undefined }
    /** With a draft where a person may still decide about it. */
    | { state: 'failed'; draft?: OpenDraft | undefined; reason: Reason }
    | { state: 'stopped' }
    | { state: 'skipped' }
  );

export type TaskEvent =
  | { kind: 'begin' | 'approve' | 'interrupt' | 'block' | 'unblock' | 'release' | 'retry' | 'skip' | 'stop' }
  | { kind: 'reject'; message: string }
  | { kind: 'draft'; outputs: FileReference[] }
  | { kind: 'send-back'; draft: OpenDraft; reason: CorrectionReason }
  | { kind: 'hold'; held: HeldRound; reason: Reason }
  | { kind: 'ask' | 'leave'; draft: OpenDraft; reason: Reason }
  | { kind: 'integrate'; commit: CommitHash | undefined }
  | { kind: 'fail'; reason: Reason };

/**
 * The record after an event. Records are changed by nothing else.
 *
 * @throws Error when the event cannot happen in the record's state: whoever brings it about asks before
 */
export function transition(record: TaskRecord, event: TaskEvent): TaskRecord {
  const state = stateAfter(record.state, event.kind);
  if (state === undefined)
    throw new Error(`A task that is ${record.state} cannot take the event ${event.kind}.`);
  const { round, outputs, sentBack } = record;
  const carried = { round, outputs, sentBack };
  switch (event.kind) {
    case 'begin': {
      const start = startOf(record);
      return { ...carried, ...start, state: 'running', round: start.held === undefined ? round + 1 : round };
    }
    case 'draft':
      return { ...carried, state: 'running', outputs: event.outputs };
    case 'approve':
      return { ...carried, state: 'running', approved: requireDraft(record) };
    case 'reject':
      return correcting(carried, requireDraft(record), { code: 'person', params: { text: event.message } });
    case 'send-back':
      return correcting({ ...carried, sentBack: sentBack + 1 }, event.draft, event.reason);
    case 'hold':
      return {
        ...carried,
        state: 'waiting',
        for: 'budget',
        held: event.held,
        next: startOf(record).next,
        reason: event.reason,
      };
    case 'release':
      return { ...carried, ...startOf(record), state: 'missing' };
    case 'block':
      return { ...carried, ...startOf(record), state: 'blocked' };
    case 'unblock':
      return { ...carried, ...startOf(record), state: 'missing' };
    case 'interrupt':
      // What a round was held back with belongs to that round, which is over.
      return { ...carried, state: 'missing', next: startOf(record).next };
    case 'ask':
      return { ...carried, state: 'waiting', for: 'decision', draft: event.draft, reason: event.reason };
    case 'leave':
      return { ...carried, state: 'failed', draft: event.draft, reason: event.reason };
    case 'integrate':
      return { ...carried, state: 'done', commit: event.commit };
    case 'fail': {
      const draft = record.state === 'running' ? record.approved : undefined;
      return { ...carried, state: 'failed', draft, reason: event.reason };
    }
    case 'stop':
      return { ...carried, state: 'stopped' };
    case 'retry':
      return { ...carried, state: 'missing', sentBack: 0 };
    case 'skip':
      return { ...carried, state: 'skipped', sentBack: 0 };
  }
}

/** The round that corrects a draft begins at once. */
const correcting = (carried: Carried, from: OpenDraft, reason: CorrectionReason): TaskRecord => ({
  ...carried,
  state: 'running',
  round: carried.round + 1,
  next: { from, reason },
});

function startOf(record: TaskRecord): Start {
  if ('held' in record || 'next' in record) return { next: record.next, held: record.held };
  return {};
}

function requireDraft(record: TaskRecord): OpenDraft {
  const draft = openDraft(record);
  if (draft === undefined) throw new Error(`A task that is ${record.state} has no draft to decide about.`);
  return draft;
}

export type RunningRecord = TaskRecord & { state: 'running' };

/** The draft that a person may decide about just now. */
export function openDraft(record: TaskRecord): OpenDraft | undefined {
  if (record.state === 'failed') return record.draft;
  return record.state === 'waiting' && record.for === 'decision' ? record.draft : undefined;
}

export type HeldRecord = TaskRecord & { state: 'waiting'; for: 'budget' };

/** Whether it waits for a higher budget, and for no decision about itself. */
export const isHeld = (record: TaskRecord): record is HeldRecord =>
  record.state === 'waiting' && record.for === 'budget';

/** The commit on the feature's branch. */
export const commitOf = (record: TaskRecord): CommitHash | undefined =>
  record.state === 'done' ? record.commit : undefined;

/** A task that has not begun. @param round the highest round that a task of its id has had */
export const freshRecord = (round: number): TaskRecord => ({
  state: 'missing',
  round,
  outputs: [],
  sentBack: 0,
});

/**
 * A record as it is taken over from an earlier run or moment: what is over stays, everything else begins again.
 *
 * @param outputs what it left in `partial/`
 */
export function takenOver(
  round: number,
  { state, commit }: { state: TaskState; commit?: CommitHash | undefined },
  outputs: FileReference[] = [],
): TaskRecord {
  const carried = { round, outputs, sentBack: 0 };
  switch (state) {
    case 'done':
      return { ...carried, state, commit };
    case 'skipped':
    case 'stopped':
      return { ...carried, state };
    default:
      return freshRecord(round);
  }
}
