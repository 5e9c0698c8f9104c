/** Where a feature stands, as whoever looks at it is given it. Types only. */

import type { CallCounts } from '../calls/stored-call.js';
import type { BudgetStatus } from '../money/cost.js';
import type { Usage } from '../money/usage.js';
import type { Reason } from '../reasons.js';
import type { CommitHash } from '../references.js';
import type { ModelName, Phase, TaskState, TaskType } from '../vocabulary.js';
import type { OpenGate } from './gates.js';

/** `blueprint status NAME --json`. */
export interface FeatureStatus {
  name: string;
  phase: Phase;
  /** A person stopped the whole feature. */
  stopped: boolean;
  /** Why nothing can move without a person. */
  waiting?: Reason | undefined;
  /** Why it failed, in the phase `failed`. */
  failure?: Reason | undefined;
  gates: OpenGate[];
  branch: string;
  head?: CommitHash | undefined;
  /** The project's checks passed on the whole branch. */
  verified: boolean;
  tasks: TaskStatus[];
  calls: CallCounts;
  /** Of all calls, as far as it is known. */
  usage: Usage;
  /** Calls of which a count of tokens, or the cost, is not known. */
  unknown: { tokens: number; cost: number };
  budget: BudgetStatus;
}

export interface TaskStatus {
  id: string;
  title: string;
  type: TaskType;
  state: TaskState;
  dependsOn: string[];
  model?: ModelName | undefined;
  /** Corrections in the last round. */
  iterations: number;
  commit?: CommitHash | undefined;
  reason?: Reason | undefined;
}

export interface FeatureSummary {
  name: string;
  /** Why its journal cannot be read, as a sentence: then nothing else is known of it. */
  damage?: string | undefined;
  phase: Phase;
  stopped: boolean;
  waiting?: Reason | undefined;
  gates: string[];
  done: number;
  tasks: number;
}

/** What is at work this moment. */
export interface RunningTask {
  task: string;
  title: string;
  step?: string | undefined;
  model?: ModelName | undefined;
  /** Since when, in milliseconds since 1970. */
  since?: number | undefined;
}

/** Whether a feature's workflow is there to move it. */
export type WorkflowState =
  | 'running'
  | 'completed'
  | 'failed'
  /** Ended by hand in Temporal. */
  | 'ended'
  /** Temporal does not know it, or no server was asked. */
  | 'unknown';
