/** What the client takes, does and gives. */

import type { OpenGate } from '../domain/feature/gates.js';
import type { FeatureRemains, MergedFeature } from '../domain/feature/outcome.js';
import type { FeatureStatus, FeatureSummary, RunningTask, WorkflowState } from '../domain/feature/status.js';
import type { Config, FeatureMode } from '../domain/feature/types.js';
import type { FeatureEvent } from '../domain/journal/fold.js';
import type { Budget } from '../domain/money/budget.js';
import type { FeatureCost } from '../domain/money/cost.js';
import type { CommitHash } from '../domain/references.js';
import type { Plan } from '../domain/tasks/plan.js';

/** What a feature is started with. */
export interface StartOptions {
  name: string;
  /** The brief, or the specification in its place. */
  text: string;
  /** The text is the specification already: no model is asked for one. */
  textIsSpec: boolean;
  /** A git revision to build on; the checkout's HEAD by default. */
  base?: string | undefined;
  mode: FeatureMode;
  /** Frozen with the feature: later changes of the file do not reach it. */
  config: Config;
}

export interface StartedFeature {
  name: string;
  workflowId: string;
  base?: CommitHash | undefined;
  /** Paths of the checkout that the base lacks, so that the feature does not see them. A bounded number. */
  notInBase: string[];
}

export interface MergeOptions {
  /** The branch; the one that the feature started from by default. */
  into?: string | undefined;
  /** Is given a line for what takes time. */
  announce?: (line: string) => void;
  /** Aborted: the checks are ended, and nothing is changed. */
  signal?: AbortSignal;
}

/**
 * A project's features. Looking (`list`, `describe`, `cost`, `follow`, `running`) reads the feature directory, needs no
 * server and no worker and spends nothing. Deciding (`approve`, `reject`, `stop`, `stopTask`, `resume`) needs a
 * server and is kept there until a worker runs. `retry`, `skip`, `editPlan` and `raiseBudget` answer, so they
 * need a worker too.
 *
 * Every function rejects with an error whose message is a sentence for a person.
 */
export interface BlueprintClient {
  /** Checks everything that can be wrong before anything is written, then starts the feature's workflow. */
  start(options: StartOptions): Promise<StartedFeature>;
  list(): Promise<FeatureSummary[]>;
  describe(name: string): Promise<FeatureStatus>;
  /** What Temporal knows of the workflow; `unknown` when it knows nothing or no server is there. */
  workflowState(name: string): Promise<WorkflowState>;
  /** What happens, from the beginning, until the signal is aborted. */
  follow(name: string, signal: AbortSignal): AsyncIterable<FeatureEvent>;
  running(name: string): Promise<RunningTask[]>;
  /** @param gate needed only where more than one is open */
  approve(name: string, options?: { gate?: string; message?: string }): Promise<OpenGate>;
  /** @param options.gate `spec` at the plan's gate rejects the specification and has both made again */
  reject(name: string, options: { gate?: string; message: string }): Promise<OpenGate>;
  stopTask(name: string, task: string): Promise<void>;
  /** Stops the whole feature; `resume` goes on. */
  stop(name: string): Promise<void>;
  /**
   * Goes on with a feature: one that was stopped, or whose workflow has failed and is started anew with what is
   * there. `static` approves what waits and may be approved by itself.
   */
  resume(name: string, mode?: FeatureMode): Promise<void>;
  retry(name: string, task: string): Promise<void>;
  skip(name: string, task: string): Promise<void>;
  editPlan(name: string, plan: Plan): Promise<void>;
  /** What its calls have used. */
  cost(name: string): Promise<FeatureCost>;
  /** Sets limits of the budget, which must lie above what is spent; those that are not named stay. */
  raiseBudget(name: string, budget: Budget): Promise<void>;
  /**
   * Puts branch, plan and tasks back to just before a task was integrated, and goes on from there.
   *
   * @param to a task's id, `start`, or `rewound/<n>`: what the n-th rewind has undone
   */
  rewind(name: string, to: string): Promise<void>;
  /** Merges a finished feature into the branch that it started from, when the checks pass there too. Needs no server. */
  merge(name: string, options?: MergeOptions): Promise<MergedFeature>;
  /** What a removal would remove. */
  remains(name: string): Promise<FeatureRemains>;
  /** Removes a feature that does not run; what is merged nowhere only with `force`. */
  remove(name: string, options?: { force?: boolean }): Promise<void>;
  close(): Promise<void>;
}
