/**
 * What the workflows ask of the outside world. Types only: workflow code imports this file and nothing else of the
 * activities. Everything in here ends up in the history, so texts are bounded and files go by reference.
 */

import type { OpenGate } from '../domain/feature/gates.js';
import type { FeatureInput, Preparation, ProposedSpec, TaskRecord } from '../domain/feature/types.js';
import type { CallSource, JournalEntry } from '../domain/journal/entries.js';
import type { Budget } from '../domain/money/budget.js';
import type { Usage } from '../domain/money/usage.js';
import type { CommitHash, FileReference } from '../domain/references.js';
import type { Plan, Task } from '../domain/tasks/plan.js';
import type { CheckResult, Review } from '../domain/tasks/review.js';
import type { ModelName } from '../domain/vocabulary.js';

/** A finished call, as the history keeps it. */
export interface CallSummary {
  /** The call directory's name. */
  call: string;
  model: ModelName;
  source: CallSource;
  usage: Usage;
  durationMs: number;
}

/** An answer that could not be used: asked again with the problem, and shown when that does not help. */
export interface BadAnswer {
  ok: false;
  call: CallSummary;
  problem: string;
  /** The raw answer, below the feature directory. */
  raw: FileReference;
}

export type Answered<T> = ({ ok: true; call: CallSummary } & T) | BadAnswer;

/** What every call to a model is told. */
export interface ModelCallInput {
  feature: string;
  model: ModelName;
  /** With the purpose, the call's name; never the same again within a feature. */
  round: number;
  /** Counts from 1: how often this has been asked for; the bad answer before is told to the model. */
  ask: number;
  previous?: { answer: FileReference; problem: string } | undefined;
}

export interface SpecInput extends ModelCallInput {
  brief: FileReference;
  /** Why the spec before was rejected. */
  rejected?: { spec: FileReference; reason: string } | undefined;
}
export interface TakeSpecInput {
  feature: string;
  /** The brief is the specification: it becomes `spec.md`. */
  fromBrief?: FileReference | undefined;
  /** A person's answers, or what static mode assumes; appended once. */
  addition?: { heading: 'Answers' | 'Assumptions'; text: string } | undefined;
}

export interface PlanInput extends ModelCallInput {
  spec: FileReference;
  /** Why the plan before was rejected. */
  rejected?: { plan: FileReference; reason: string } | undefined;
}
export interface PlanOutcome {
  plan: Plan;
}
export interface RefineInput extends ModelCallInput {
  spec: FileReference;
  plan: Plan;
}

export type TakenSpec = ({ ok: true } & ProposedSpec) | { ok: false; problem: string };

export type TakenPlan = { ok: true; plan: Plan; file: FileReference } | { ok: false; problem: string };

/** Where a task works: its own worktree, and one for each draft of a race. */
export interface TaskPlace {
  feature: string;
  task: Task;
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

/** A draft that a person approved, and may have changed in its worktree. */
export interface TakeInput {
  feature: string;
  task: Task;
  attempt: number;
  draft: DraftResult;
  /** The number of the gate's opening: what is taken has a ref for each. */
  opening: number;
}
export interface TakenDraft extends DraftResult {
  /** The tree is not the draft's: a person changed it. */
  changed?: boolean | undefined;
  /** Who changed it, as the repository's git knows them; absent where it knows nobody. */
  author?: { name: string; email: string } | undefined;
}

/** What a correction is to put right. */
export interface Findings {
  review?: FileReference | undefined;
  checks: CheckResult[];
  /** A person's reason, or what the integration found. */
  reason?: string | undefined;
}

export interface DraftInput extends ModelCallInput, TaskPlace {
  context: TaskContext;
  /** The draft to correct and what is wrong with it; absent for a first draft. */
  correct?: { from: DraftResult; findings: Findings } | undefined;
}

/** What a draft is: a commit on a ref of its own, and its files in `partial/`. */
export interface DraftResult {
  /** Absent where the task changes no files, and outside git. */
  commit?: CommitHash | undefined;
  /** The commit that it changes. */
  base?: CommitHash | undefined;
  /** Of a race's draft: which one, and whose worktree it stands in. */
  label?: string | undefined;
  /** Changed paths, a bounded number of them. */
  files: string[];
  /** Protected files that it changes or removes without leave, a bounded number of them. */
  protectedEdits?: string[] | undefined;
  /** What is kept in `partial/`. */
  outputs: FileReference[];
}

export interface ChecksInput {
  feature: string;
  /** First part of the calls' names: `T003`, `baseline`, `result`. */
  name: string;
  attempt: number;
  /** Which worktree. */
  place: { task: string; label?: string | undefined };
  commit: CommitHash;
  /** Only checks are run whose `paths` have something that differs from here; undefined: all. */
  since?: CommitHash | undefined;
  preparation: Pick<Preparation, 'setup' | 'checks' | 'baseline'>;
}

export interface ReviewInput extends ModelCallInput, TaskPlace {
  context: TaskContext;
  /** The draft that is judged; absent for a review task, which judges the branch as it stands. */
  draft?: DraftResult | undefined;
  checks: CheckResult[];
  /** What the round was begun for: a person's reason, or what the integration found. */
  reason?: string | undefined;
  /** The review before this one, of the same round. */
  earlier?: FileReference | undefined;
}
export interface ReviewOutcome {
  /** Texts cut to a length that a history can carry; whole in `file`. */
  review: Review;
  file: FileReference;
  /** Changed paths that were judged, a bounded number of them. */
  files: string[];
}

export interface CompareInput extends ModelCallInput, TaskPlace {
  context: TaskContext;
  drafts: { label: string; draft: DraftResult; checks: CheckResult[] }[];
}

export interface IntegrateInput {
  feature: string;
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

export interface Activities {
  /** Probes the models, runs setup and the baseline of the checks, makes the feature's refs. */
  prepare(input: {
    feature: string;
    round: number;
  }): Promise<Preparation & { head?: CommitHash | undefined }>;
  writeSpec(input: SpecInput): Promise<{ call: CallSummary } & ProposedSpec>;
  makePlan(input: PlanInput): Promise<Answered<PlanOutcome>>;
  refinePlan(input: RefineInput): Promise<Answered<PlanOutcome>>;
  draft(input: DraftInput): Promise<Answered<DraftResult>>;
  review(input: ReviewInput): Promise<Answered<ReviewOutcome>>;
  compare(input: CompareInput): Promise<Answered<{ selected: string; reasoning: string }>>;
  runChecks(input: ChecksInput): Promise<CheckResult[]>;
  integrate(input: IntegrateInput): Promise<IntegrateOutcome>;
  /** Ends the calls of these names, and returns when none of their processes is left. */
  endCalls(input: { feature: string; calls: { name: string; round: number }[] }): Promise<void>;
  /** The draft that stands in the task's worktree, with what a person changed in it. */
  takeWorktree(input: TakeInput): Promise<TakenDraft>;
  /** Puts the branch back to an earlier moment; says what plan and tasks are then. */
  rewind(input: RewindInput): Promise<RewindOutcome>;
  /** Removes the worktrees of a feature that is done. */
  cleanUp(input: { feature: string }): Promise<void>;
  /** Runs the configuration's `notify` command, once or more for each opened gate. */
  notify(input: { feature: string; gate: OpenGate }): Promise<void>;
}

/** Quick, idempotent steps on the local disk. */
export interface LocalActivities {
  journal(input: { feature: string; file: string; entries: JournalEntry[] }): Promise<void>;
  takeSpec(input: TakeSpecInput): Promise<TakenSpec>;
  savePlan(input: { feature: string; plan: Plan }): Promise<FileReference>;
  takePlan(input: { feature: string }): Promise<TakenPlan>;
  /** Sets limits of the budget, where they lie above what is spent. */
  raiseBudget(input: { feature: string; budget: Budget }): Promise<RaisedBudget>;
}

export type RaisedBudget = { ok: true; limits: Budget } | { ok: false; problem: string };

export type { FeatureInput };
