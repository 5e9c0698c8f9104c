/** The product as an API: a project, and each of its features. Types only. */

import type { StoredCall } from '../domain/calls/stored-call.js';
import type { LoadedConfig } from '../domain/config/loaded.js';
import type { Config } from '../domain/config/schema.js';
import type { Finding } from '../domain/doctor.js';
import type { DryRun } from '../domain/feature/dry-run.js';
import type { OpenGate } from '../domain/feature/gates.js';
import type {
  FeatureExport,
  FeatureRemains,
  FeatureResult,
  ManualEdit,
  MergedFeature,
} from '../domain/feature/outcome.js';
import type { FeatureStatus, FeatureSummary, RunningTask, WorkflowState } from '../domain/feature/status.js';
import type { FeatureMode } from '../domain/feature/types.js';
import type { JournalEntry } from '../domain/journal/entries.js';
import type { FeatureEvent } from '../domain/journal/fold.js';
import type { FoundModels, ownReviews, RoleChoice } from '../domain/models/choices.js';
import type { ModelFinding } from '../domain/models/findings.js';
import type { Budget } from '../domain/money/budget.js';
import type { FeatureCost } from '../domain/money/cost.js';
import type { Forecast } from '../domain/money/forecast.js';
import type { Problem } from '../domain/problem.js';
import type { CommitHash } from '../domain/references.js';
import type { Comparison } from '../domain/tasks/comparison.js';
import type { Plan } from '../domain/tasks/plan.js';
import type { Edit, EditOptions } from './feature/edit.js';
import type { CallOutput, OutputOptions, OutputPart } from './feature/output.js';
import type { StopOutcome } from './feature/stop.js';
import type { Why } from './feature/why.js';
import type { EjectedPrompt, PromptList } from './project/prompts.js';
import type { ServerControl } from './project/server.js';

export interface ProjectOptions {
  /** Is given a line for each thing that takes a person's time, such as a server's first start. */
  announce?: (line: string) => void;
  /** A configuration in place of `blueprint.config.json`. */
  configFile?: string | undefined;
  /** Over what the configuration says. */
  script?: string | undefined;
  budget?: Budget | undefined;
}

/** What a feature is started with. */
export interface StartOptions {
  name: string;
  /** The brief, or the specification in its place. */
  text: string;
  /** The text is the specification already: no model is asked for one. */
  textIsSpec?: boolean | undefined;
  /** A git revision to build on; the checkout's HEAD by default. */
  base?: string | undefined;
  /** `interactive` by default. */
  mode?: FeatureMode | undefined;
  /** In place of the project's. Frozen with the feature: later changes do not reach it. */
  config?: Config | undefined;
}

export type DryRunOptions = Pick<StartOptions, 'name' | 'text' | 'textIsSpec' | 'base'>;

export interface StartedFeature {
  name: string;
  workflowId: string;
  base?: CommitHash | undefined;
  /** Paths of the checkout that the base lacks, so that the feature does not see them. A bounded number. */
  notInBase: string[];
}

/** Which models there are, and what each role would be done by. */
export interface ProjectModels {
  config: Config;
  findings: ModelFinding[];
  /** What was found, as routing takes it. */
  found: FoundModels;
  choices: RoleChoice[];
  /** Models that would review what they wrote themselves. */
  ownReviews: ReturnType<typeof ownReviews>;
  /** Every model that a role is routed to is there. */
  isComplete: boolean;
  /** What keeps a feature from being started; none where one can be. */
  problem: Problem | undefined;
}

export interface Doctor {
  findings: Finding[];
  models: ModelFinding[];
  /** Undefined where the configuration cannot be read. */
  config: Config | undefined;
  found: FoundModels;
}

export interface MergeOptions {
  /** The branch; the one that the feature started from by default. */
  into?: string | undefined;
  /** Is given a line for what takes time. */
  announce?: (line: string) => void;
  /** Aborted: the checks are ended, and nothing is changed. */
  signal?: AbortSignal;
}

/** A worker in this process. */
export interface RunningWorker {
  /** Settles when the worker has ended; rejects when it failed. */
  ended: Promise<void>;
  /** Ends the worker. Running calls go on into their directories, and the next worker takes them over. */
  stop(): Promise<void>;
}

/**
 * A project. Every function rejects with an error whose message is a sentence for a person; what a person can put right
 * is a `Problem`.
 */
export interface Project {
  /** Real path of the root folder. */
  readonly root: string;
  readonly kind: 'git' | 'folder';
  /** Where workers of the project keep their log. */
  readonly workerLog: string;
  features(): Promise<FeatureSummary[]>;
  /**
   * A feature, which need not be there yet.
   *
   * @throws Problem for a name that no feature can have
   */
  feature(name: string): Feature;
  /** Checks everything that can be wrong before anything is written, then starts the feature's workflow. */
  start(options: StartOptions): Promise<StartedFeature>;
  /** What a feature would begin with, and take. Spends nothing, writes nothing, starts no server. */
  dryRun(options: DryRunOptions): Promise<DryRun>;
  /** The configuration, with where each value came from. */
  config(): Promise<LoadedConfig>;
  /**
   * Writes a small configuration.
   *
   * @returns its path, and what was found out for it, as sentences
   */
  init(): Promise<{ path: string; notes: string[] }>;
  /** Probes the models. Costs nothing. */
  models(): Promise<ProjectModels>;
  /** Whether everything is there that a feature needs. */
  doctor(): Promise<Doctor>;
  prompts(): Promise<PromptList>;
  /** Writes built-in prompts where the project's own take their place. All of them, or none. */
  ejectPrompts(what: string): Promise<EjectedPrompt[]>;
  /** The embedded Temporal server. */
  server(): ServerControl;
  /** Starts a worker in this process; it moves every feature of the project. */
  work(): Promise<RunningWorker>;
  /**
   * Leaves a worker behind that ends when nothing is left to do.
   *
   * @param command what `blueprint` is run with
   * @returns its process number
   */
  workInBackground(command: readonly string[]): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface EventOptions {
  /** The number of the last entry that was read; 0 by default. */
  after?: number | undefined;
  /** Ends the iteration. */
  signal: AbortSignal;
}

/** The decision that a journal has of a gate, a person's text, a check: see `JournalEntry`. */
export type EntryOf<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind };

export interface Diff {
  /** Unified. */
  text: string;
  /** It is longer, and was cut off. */
  truncated: boolean;
}

/**
 * A feature. Looking reads its directory: it needs no server and no worker, and spends nothing. What a person decides
 * (`approve`, `reject`, `stop`, `resume`) needs a server and is kept there until a worker runs. `retry`, `skip`,
 * `editPlan`, `raiseBudget` and `rewind` answer, so they need a worker too.
 */
export interface Feature {
  readonly name: string;
  /** Where it keeps everything but its code. */
  readonly directory: string;
  exists(): Promise<boolean>;
  /** It failed before anything was paid for, so another one may take its name. */
  isReplaceable(): Promise<boolean>;
  status(): Promise<FeatureStatus>;
  running(): Promise<RunningTask[]>;
  /** What Temporal knows of the workflow; `unknown` when it knows nothing or no server is there. */
  workflowState(): Promise<WorkflowState>;
  /** What happens, from the beginning or from where one has read, until the signal is aborted. */
  events(options: EventOptions): AsyncIterable<FeatureEvent>;
  /** The journal as it stands. */
  entries(): Promise<JournalEntry[]>;
  /** The number of the journal's last entry: what comes from here on is `events({ after })`. */
  lastEvent(): Promise<number>;
  /** The commit that it builds on; undefined outside git. */
  base(): Promise<CommitHash | undefined>;
  /** The specification as it stands; undefined where there is none yet. */
  spec(): Promise<string | undefined>;
  /** The plan's file as it stands; undefined where there is none yet. */
  plan(): Promise<string | undefined>;
  /** What the feature changes, or one task of it; undefined where nothing is on a branch. */
  diff(task?: string): Promise<Diff | undefined>;
  /** The runs of the checks; of one task, or of the whole. */
  checks(task?: string): Promise<EntryOf<'checks'>[]>;
  reviews(task: string): Promise<EntryOf<'review'>[]>;
  /** The calls that there are, oldest first. */
  calls(): Promise<StoredCall[]>;
  /** What a call prints: a model's answer, or all that a check prints. */
  output(call: string, options?: OutputOptions): AsyncIterable<OutputPart>;
  /** What all calls print that have not ended yet, and those that begin. */
  liveOutput(): Promise<CallOutput>;
  /** The beginning of a file that an error names: an answer that could not be used. */
  rawOutput(path: string | undefined): Promise<string | undefined>;
  cost(): Promise<FeatureCost>;
  /** What it waits for, since when, until when, and what a person can do. */
  why(): Promise<Why>;
  /** What the plan that waits at its gate will take; undefined where none waits, or it cannot be used as it stands. */
  forecast(): Promise<{ forecast: Forecast; scripted: boolean } | undefined>;
  /** What it has come to so far; undefined outside git. */
  result(): Promise<FeatureResult | undefined>;
  compare(task: string, options?: { diff?: boolean }): Promise<Comparison>;
  /** What a removal would remove. */
  remains(): Promise<FeatureRemains>;
  export(): Promise<FeatureExport>;
  /** @returns a mailbox that `git am` reads */
  patches(): Promise<string>;
  /** @returns the files' paths */
  writePatches(folder: string): Promise<string[]>;
  /** Where a task's draft can be changed by hand. */
  worktree(task: string): Promise<ManualEdit>;

  /** @param options.gate needed only where more than one is open */
  approve(options?: { gate?: string | undefined; message?: string | undefined }): Promise<OpenGate>;
  /** @param options.gate `spec` at the plan's gate rejects the specification and has both made again */
  reject(options: { gate?: string | undefined; message: string }): Promise<OpenGate>;
  /** Stops a task, or the whole feature; `resume` goes on. */
  stop(task?: string): Promise<void>;
  /** What came of a stop; undefined while it is not carried out. */
  stopped(options: { task?: string | undefined; after: number }): Promise<StopOutcome | undefined>;
  retry(task: string): Promise<void>;
  skip(task: string): Promise<void>;
  /** The specification or the plan as a text to be changed. */
  edit(options: EditOptions): Promise<Edit>;
  editPlan(plan: Plan): Promise<void>;
  /** Sets limits of the budget, which must lie above what is spent; those that are not named stay. */
  raiseBudget(budget: Budget): Promise<void>;
  /** @throws Problem when a budget cannot be set to this */
  checkBudget(budget: Budget): Promise<void>;
  /**
   * Goes on: with what was stopped, or in a new workflow with what is there of one that has failed. `static` approves
   * what waits and may be approved by itself.
   */
  resume(mode?: FeatureMode): Promise<void>;
  /**
   * Puts branch, plan and tasks back to just before a task was integrated, and goes on from there.
   *
   * @param to a task's id, `start`, or `rewound/<n>`: what the n-th rewind has undone
   */
  rewind(to: string): Promise<void>;
  /** @throws Problem when it cannot be rewound to there */
  checkRewind(to: string): Promise<void>;
  /** Merges it, finished, into the branch that it started from, when the checks pass there too. Needs no server. */
  merge(options?: MergeOptions): Promise<MergedFeature>;
  /** Removes it, where it does not run; what is merged nowhere only with `force`. */
  clean(options?: { force?: boolean }): Promise<void>;
}
