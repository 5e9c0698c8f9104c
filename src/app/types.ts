/** What the client tells of features. */

import type { OpenGate } from '../domain/feature/gates.js';
import type { Config, FeatureMode } from '../domain/feature/types.js';
import type { JournalEntry } from '../domain/journal/entries.js';
import type { FeatureView } from '../domain/journal/view.js';
import type { Budget, Limits } from '../domain/money/budget.js';
import type { Amount, Spend, Sum } from '../domain/money/spending.js';
import type { Usage } from '../domain/money/usage.js';
import type { CommitHash } from '../domain/references.js';
import type { Plan } from '../domain/tasks/plan.js';
import type { CheckResult } from '../domain/tasks/review.js';
import type { ModelName, Phase, TaskState, TaskType } from '../domain/vocabulary.js';

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

export interface MergedFeature {
  /** `there`: the branch had it already. */
  kind: 'there' | 'fast-forward' | 'merged';
  into: string;
  /** Where the branch stands. */
  commit: CommitHash;
  /** What ran on the result; none where the checks had passed on this very commit. */
  checks: CheckResult[];
}

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

/** A draft, as it is compared with others. */
export interface ComparedDraft {
  attempt: number;
  /** Of a race's draft: its model's name. */
  label?: string | undefined;
  model: ModelName;
  /** Its only parent is what it was made on. */
  commit?: CommitHash | undefined;
  /** It won the race. */
  selected: boolean;
  checks: CheckResult[];
  review?: { approved: boolean; feedback: string; corrections: string[]; model: ModelName } | undefined;
  stat: FeatureResult['files'];
  /** Cut to a bounded length. */
  diff?: string;
}

/** `blueprint compare NAME TASK --json`. */
export interface Comparison {
  feature: string;
  task: string;
  race?: { selected: string; reason: string; judgedBy: 'checks' | 'supervisor' } | undefined;
  /** Those of the last race; without one, all drafts and corrections. */
  drafts: ComparedDraft[];
  /** How many more there are. */
  others: number;
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

/** Where a task's draft can be changed by hand. */
export interface HandWork {
  /** Absolute. */
  path: string;
  state: TaskState;
  /** The task waits at its gate: an approval takes what stands there. */
  isTaken: boolean;
}

/** `blueprint status NAME --json`. */
export interface FeatureStatus {
  name: string;
  phase: Phase;
  /** A person stopped the whole feature. */
  stopped: boolean;
  /** Why nothing can move without a person. */
  waiting?: string | undefined;
  /** Why it failed, in the phase `failed`. */
  failure?: string | undefined;
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

/** What counts against a budget: where a call does not say what it used, what was expected of it. */
export interface BudgetStatus {
  limits: Limits;
  spent: Amount;
}

/** `blueprint cost NAME --json`. */
export interface FeatureCost {
  name: string;
  budget: BudgetStatus;
  total: Sum;
  models: CostRow[];
  /** Each task, and what the planning before them was for. */
  parts: CostRow[];
  calls: CallCost[];
}

export interface CostRow extends Sum {
  name: string;
  /** Of the calls that have ended, one after the other. */
  durationMs: number;
}

/** One try of a call. Those that the vendor turned away before they did anything are left out. */
export interface CallCost extends Omit<Spend, 'estimate'> {
  /** As the call store has it: `running`, `done`, `failed` … */
  state: string;
  durationMs?: number | undefined;
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
  reason?: string | undefined;
}

export interface CallCounts {
  /** Processes of models that were started. */
  made: number;
  /** Running calls that were taken over from a lost worker. */
  adopted: number;
  /** Finished answers that were found and not asked for again. */
  reused: number;
  /** Calls whose process was lost with its machine, so that they were paid for again. */
  repeated: number;
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

export interface FeatureSummary {
  name: string;
  phase: Phase;
  stopped: boolean;
  waiting?: string | undefined;
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

/** What happens, as `follow` tells it: the journal's entry, and where the feature stands with it. */
export interface FeatureEvent {
  entry: JournalEntry;
  view: FeatureView;
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
