/** A task's steps: what each activity is given, and what it comes to. Types only; all of it is in the history. */
import type { ModelCallInput } from '../calls/answer.js';
import type { CallKey } from '../calls/call-key.js';
import type { Preparation } from '../feature/types.js';
import type { CommitHash, FileReference } from '../references.js';
import type { CheckResult } from './checks.js';
import type { CompareWork, DraftResult, DraftWork, ReviewWork } from './draft.js';
import type { Plan, Task } from './plan.js';
import type { TaskRecord } from './record.js';
import type { Review } from './review.js';

export interface DraftInput extends ModelCallInput, DraftWork {}

export interface ReviewInput extends ModelCallInput, ReviewWork {}
export interface ReviewOutcome {
  /** Texts cut to a length that a history can carry; whole in `file`. */
  review: Review;
  file: FileReference;
  /** Changed paths that were judged, a bounded number of them. */
  files: string[];
}

export interface CompareInput extends ModelCallInput, CompareWork {}
export interface CompareOutcome {
  selected: string;
  reasoning: string;
}

export interface ChecksInput {
  feature: string;
  /** The run; each of its commands is a call of its own. */
  call: CallKey;
  /** Which worktree. */
  place: { task: string; label?: string | undefined };
  commit: CommitHash;
  /** Only checks are run whose `paths` have something that differs from here; undefined: all. */
  since?: CommitHash | undefined;
  preparation: Pick<Preparation, 'setup' | 'checks' | 'baseline'>;
}

export interface IntegrateInput {
  feature: string;
  /** The checks, where the branch has moved on since the draft was made. */
  call: CallKey;
  task: Task;
  attempt: number;
  /** The head that the draft was made on. */
  base: CommitHash;
  featureBase: CommitHash;
  draft: CommitHash;
  /** The person who changed the draft by hand. */
  author?: { name: string; email: string } | undefined;
  /** The workflow's time, in milliseconds since 1970: the commit's date. */
  at: number;
  preparation: Pick<Preparation, 'setup' | 'checks' | 'baseline'>;
}
export type IntegrateOutcome =
  | { kind: 'integrated'; commit: CommitHash }
  /** The draft changes nothing on the head. */
  | { kind: 'empty' }
  | { kind: 'conflict'; details: string }
  /** Checks that pass without the draft fail with it; `output` is the end of what they printed. */
  | { kind: 'red'; checks: CheckResult[]; output: string };

/** A draft that a person approved, and may have changed in its worktree. */
export interface TakeInput {
  feature: string;
  task: Task;
  attempt: number;
  draft: DraftResult;
  /** The number of the gate's opening: what is taken has a ref for each. */
  opening: number;
}
export type TakenDraft = DraftResult & {
  /** The tree is not the draft's: a person changed it. */
  changed?: boolean | undefined;
  /** Who changed it, as the repository's git knows them; absent where it knows nobody. */
  author?: { name: string; email: string } | undefined;
};

export interface RewindInput {
  feature: string;
  /** Counts the feature's rewinds. */
  number: number;
  to: string;
  /** What is undone, and kept. */
  plan: Plan;
  planFile: FileReference;
  tasks: Record<string, TaskRecord>;
  usedTaskRounds: Record<string, number>;
}
/** What stands from then on. */
export interface RewindOutcome {
  head?: CommitHash | undefined;
  plan: Plan;
  tasks: Record<string, TaskRecord>;
  /** The commit that was left, and the ref that keeps it; absent outside git. */
  from?: CommitHash | undefined;
  ref?: string | undefined;
}
