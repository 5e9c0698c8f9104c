/** The journal's entries: every transition, decision, error and correction, as one line each. Types only. */

import type { OpenGate } from '../feature/gates.js';
import type { Budget } from '../money/budget.js';
import type { Usage } from '../money/usage.js';
import type { Reason, RouteReason } from '../reasons.js';
import type { CommitHash, FileReference } from '../references.js';
import type { CheckResult } from '../tasks/checks.js';
import type { ModelName, Phase, Purpose, Role, TaskState, TaskType } from '../vocabulary.js';

/** How a call's answer was obtained: its process started here, taken over from a lost worker, or found finished. */
export type CallSource = 'made' | 'adopted' | 'reused';

export type JournalEvent =
  | { kind: 'phase'; phase: Phase; reason?: Reason | undefined }
  | { kind: 'mode'; mode: 'static' | 'interactive' }
  /** Which model was chosen for which role, of what size, and why. */
  | {
      kind: 'route';
      role: Role;
      purpose: Purpose;
      task?: string | undefined;
      model: ModelName;
      scripted: boolean;
      contentChars: number;
      reason: RouteReason;
    }
  /** A call that ended well. Failed tries are `error` entries. */
  | {
      kind: 'call';
      /** The call directory's name. */
      call: string;
      purpose: Purpose;
      task?: string | undefined;
      model: ModelName;
      source: CallSource;
      usage: Usage;
      durationMs: number;
    }
  | {
      kind: 'prepared';
      setup: string | null;
      checks: string[];
      baseline: CheckResult[];
      available: ModelName[];
    }
  | { kind: 'spec'; file: FileReference; questions: string[] }
  | {
      kind: 'plan';
      file: FileReference;
      tasks: { id: string; title: string; type: TaskType; dependsOn: string[] }[];
      refined: boolean;
      /** A person's edit, or a task added for a rejected result: no plan was made by a model. */
      edited?: boolean | undefined;
    }
  | {
      kind: 'task';
      task: string;
      state: TaskState;
      round: number;
      reason?: Reason | undefined;
      commit?: CommitHash | undefined;
    }
  /** What a running task does just now: `draft`, `checks`, `review`, `correct`, `compare`, `integrate`. */
  | {
      kind: 'step';
      task: string;
      step: string;
      iteration: number;
      model?: ModelName | undefined;
      /** The most corrections of the round, where the step is one. */
      of?: number | undefined;
    }
  | {
      kind: 'draft';
      task: string;
      attempt: number;
      commit?: CommitHash | undefined;
      files: string[];
      model: ModelName;
      label?: string | undefined;
    }
  /** What a person changed in a task's worktree and approved. */
  | {
      kind: 'taken';
      task: string;
      attempt: number;
      commit?: CommitHash | undefined;
      files: string[];
      /** Absent where git does not know who it is. */
      author?: string | undefined;
    }
  | {
      kind: 'checks';
      task?: string | undefined;
      attempt: number;
      results: CheckResult[];
      label?: string | undefined;
    }
  | {
      kind: 'review';
      task: string;
      attempt: number;
      approved: boolean;
      feedback: string;
      corrections: string[];
      model: ModelName;
      sameAsAuthor: boolean;
      /** Changed paths that were judged, a bounded number of them. */
      files: string[];
    }
  | { kind: 'correction'; task: string; iteration: number; of: number; model: ModelName }
  /** The corrections of a round are used up and the draft is not approved: a person decides. */
  | { kind: 'unapproved'; task: string; iterations: number }
  | { kind: 'race'; task: string; selected: string; reason: Reason; judgedBy: 'checks' | 'supervisor' }
  | { kind: 'integrated'; task: string; attempt: number; commit: CommitHash }
  | { kind: 'conflict'; task: string; reason: Reason }
  /** A person put the feature back to an earlier moment, or forward again to what an earlier rewind had undone. */
  | {
      kind: 'rewound';
      /** Counts the feature's rewinds; names what is kept: `rewound/<number>`. */
      number: number;
      /** As it was named: a task, `start`, `rewound/<number>`. */
      to: string;
      /** The ref that keeps what was undone; absent outside git, as the commits are. */
      ref?: string | undefined;
      from?: CommitHash | undefined;
      head?: CommitHash | undefined;
      /** Every task of the plan that stands from here on. */
      tasks: { id: string; state: TaskState; commit?: CommitHash | undefined }[];
    }
  /** A person took the result into a branch of theirs. */
  | { kind: 'merged'; into: string; commit: CommitHash }
  | { kind: 'gate-opened'; gate: OpenGate }
  | {
      kind: 'gate-closed';
      gate: string;
      number: number;
      decision: 'approved' | 'rejected' | 'withdrawn';
      message?: string | undefined;
      automatic: boolean;
    }
  /** A decision that came too late, or for a gate that is not open: reported, without effect. */
  | { kind: 'ignored'; reason: Reason }
  /** The whole feature was stopped by a person, or goes on after that. */
  | { kind: 'stopped' }
  | { kind: 'resumed' }
  | { kind: 'saved'; path: string }
  /** A person set new limits of the budget. */
  | { kind: 'budget'; limits: Budget }
  /** Nothing can move without a person. */
  | { kind: 'waiting'; reason: Reason }
  | { kind: 'result'; head?: CommitHash | undefined; verified: boolean; checks: CheckResult[] }
  | { kind: 'warning'; reason: Reason; task?: string | undefined }
  /** `rawOutput`: the file that keeps an answer that could not be used, below the feature directory. */
  | { kind: 'error'; reason: Reason; task?: string | undefined; rawOutput?: string | undefined };

/** One line of the journal. The same `{workflow, run, seq}` twice is the same entry. */
export type JournalEntry = JournalEvent & {
  /** Milliseconds since 1970, by the workflow's clock. */
  at: number;
  workflow: string;
  run: string;
  seq: number;
};
