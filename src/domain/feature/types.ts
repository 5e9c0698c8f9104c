/** What a feature is to its workflow: its mode, its frozen settings, and where it stands. Types only. */

import type { Check, Config } from '../config/schema.js';
import type { UnavailableModels } from '../models/unavailable.js';
import type { Reason } from '../reasons.js';
import type { CommitHash, FileReference } from '../references.js';
import type { CheckResult } from '../tasks/checks.js';
import type { Plan } from '../tasks/plan.js';
import type { TaskRecord } from '../tasks/record.js';
import type { ModelName } from '../vocabulary.js';
import type { OpenGate } from './gates.js';
import type { FeatureInput, FeatureMode } from './input.js';

export type { Check, Config, FeatureInput, FeatureMode };

/** What the setup, the baseline and the probes found. */
export interface Preparation {
  available: ModelName[];
  /** The models that the configuration names and that are not there, and why. */
  missing?: { model: ModelName; problem: string }[] | undefined;
  setup: string | null;
  checks: Check[];
  baseline: CheckResult[];
}

export interface ProposedSpec {
  file: FileReference;
  chars: number;
  /** What the specification leaves open. */
  questions: string[];
}

/** A plan, and `tasks.json` as it holds it. */
export interface KeptPlan {
  plan: Plan;
  file: FileReference;
}

/** The whole state of a feature's workflow, as it is carried over when the run continues as new. */
export interface FeatureState {
  preparation?: Preparation | undefined;
  /** The specification that waits to be approved. */
  proposedSpec?: ProposedSpec | undefined;
  /** The approved specification. */
  spec?: FileReference | undefined;
  /** The plan that is worked on, or that waits to be approved. */
  plan?: KeptPlan | undefined;
  planApproved: boolean;
  tasks: Record<string, TaskRecord>;
  /** Tasks that were stopped before the plan was approved. */
  stoppedEarly: string[];
  head?: CommitHash | undefined;
  gates: OpenGate[];
  gatesOpened: number;
  /** Calls numbered so far: setup and baseline, the spec, the plan and its refinement, the result's checks. */
  rounds: { prepare: number; spec: number; plan: number; result: number };
  specChars: number;
  /** Why the spec or the plan is to be made again. */
  rejection?: { file: FileReference; reason: string } | undefined;
  revisions: { spec: number; plan: number };
  /** The models gave no plan that can be used; the plan gate waits for one. */
  planProblem?: Reason | undefined;
  resultApproved: boolean;
  mode: FeatureMode;
  stopped: boolean;
  /** Models that calls found to be not there since the preparation. */
  unavailable: UnavailableModels;
  /** A person asked to be put back there; carried out before anything else goes on. */
  rewind?: { to: string } | undefined;
  /** Times that the feature was rewound. */
  rewinds: number;
  /** The highest round of each task that the plan has ever had: one that comes back does not begin at the first. */
  usedTaskRounds: Record<string, number>;
  /** The last journal entry's number, carried over when the run continues as new. */
  journalSequence: number;
}
