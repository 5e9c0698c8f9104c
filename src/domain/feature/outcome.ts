/** What comes of a feature: its result, its export, what a merge did, what is left of it on the machine. Types only. */

import type { Usage } from '../money/usage.js';
import type { CommitHash } from '../references.js';
import type { CheckResult } from '../tasks/checks.js';
import type { ModelName, TaskState, TaskType } from '../vocabulary.js';
import type { FeatureStatus } from './status.js';

/** What a feature has come to so far. */
export interface FeatureResult {
  base: CommitHash;
  head: CommitHash;
  baseBranch?: string | undefined;
  /** Each changed file with its added and removed lines, which a binary one has not. */
  files: { path: string; added?: number; removed?: number }[];
  /** On the whole of it; empty before they ran, and without any. */
  checks: CheckResult[];
  /** Before any change. */
  baseline: CheckResult[];
  verified: boolean;
  usage: Usage;
  /** See `FeatureStatus`. */
  unknown: FeatureStatus['unknown'];
}

/** What a pull request tells of a feature. */
export interface FeatureExport {
  name: string;
  brief: string;
  spec: string;
  tasks: {
    id: string;
    title: string;
    type: TaskType;
    state: TaskState;
    description: string;
    commit?: CommitHash | undefined;
    author?: ModelName | undefined;
    /** The last one. */
    review?: { approved: boolean; feedback: string; model: ModelName; sameAsAuthor: boolean } | undefined;
  }[];
  result: FeatureResult;
}

export interface MergedFeature {
  /** `there`: the branch had it already. */
  kind: 'there' | 'fast-forward' | 'merged';
  into: string;
  /** Where the branch stands. */
  commit: CommitHash;
  /** What ran on the result; none where the checks had passed on this very commit. */
  checks: CheckResult[];
}

/** What a feature has left on this machine. */
export interface FeatureRemains {
  name: string;
  directory: { path: string; bytes: number };
  calls: number;
  worktrees: { path: string; bytes: number }[];
  /** Below `refs/blueprint/`. */
  refs: string[];
  branch?: string | undefined;
  /** Commits that no other branch has. */
  unmerged: CommitHash[];
}

/** Where a task's draft can be changed by hand. */
export interface ManualEdit {
  /** Absolute. */
  path: string;
  state: TaskState;
  /** The task waits at its gate: an approval takes what stands there. */
  isTaken: boolean;
}
