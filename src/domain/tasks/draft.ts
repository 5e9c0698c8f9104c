/** A draft, and what it is made and judged by. Types only; all of it is in the history. */
import type { CorrectionReason } from '../reasons.js';
import type { CommitHash, FileReference } from '../references.js';
import type { CheckResult } from './checks.js';
import type { Task } from './plan.js';

/** Where a task works: its own worktree, and one for each draft of a race. */
export interface TaskPlace {
  task: Task;
  /** The number of the draft within the task. */
  attempt: number;
  /** Tells the drafts of a race apart. */
  label?: string | undefined;
}

/** What the prompts of a task are made from. */
export interface TaskContext {
  spec: FileReference;
  /** Notes of the architecture tasks that this one depends on. */
  notes: FileReference[];
  /** What will be run on the draft. */
  checkCommands: string[];
  /** The commit that the feature started from. */
  featureBase?: CommitHash | undefined;
  /** The feature's head that the round builds on; undefined outside git. */
  base?: CommitHash | undefined;
}

/** A commit, and the one that it changes. Without one where the task changes no files, and outside git. */
export type Change =
  | { commit: CommitHash; base: CommitHash }
  | { commit?: undefined; base?: CommitHash | undefined };

/** What a draft is: a commit on a ref of its own, and its files in `partial/`. */
export type DraftResult = Change & {
  /** Of a race's draft: which one, and whose worktree it stands in. */
  label?: string | undefined;
  /** Changed paths, a bounded number of them. */
  files: string[];
  /** Protected files that it changes or removes without leave, a bounded number of them. */
  protectedEdits?: string[] | undefined;
  /** What is kept in `partial/`. */
  outputs: FileReference[];
};

/** What a correction is to put right. */
export interface Findings {
  review?: FileReference | undefined;
  checks: CheckResult[];
  /** A person's words, or what the integration found. */
  reason?: CorrectionReason | undefined;
}

/** A draft that is to be corrected, and what is wrong with it. */
export interface Correction {
  from: DraftResult;
  findings: Findings;
}

/** What a model is to draft or to correct. */
export interface DraftWork extends TaskPlace {
  context: TaskContext;
  /** Absent for a first draft. */
  correct?: Correction | undefined;
}

/** What a model is to review. */
export interface ReviewWork extends TaskPlace {
  context: TaskContext;
  /** The draft that is judged; absent for a review task, which judges the branch as it stands. */
  draft?: DraftResult | undefined;
  checks: CheckResult[];
  /** What the round was begun for: a person's words, or what the integration found. */
  reason?: CorrectionReason | undefined;
  /** The review before this one, of the same round. */
  earlier?: FileReference | undefined;
}

/** The drafts of a race that a model is to choose from. */
export interface CompareWork extends TaskPlace {
  context: TaskContext;
  drafts: { label: string; draft: DraftResult; checks: CheckResult[] }[];
}
