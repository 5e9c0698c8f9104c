/**
 * What the workflows ask of the outside world. Types only: workflow code imports this file and nothing else of the
 * activities. Everything in here ends up in the history, so texts are bounded and files go by reference.
 */

import type { Answered, AnsweredCall } from '../domain/calls/answer.js';
import type { CallKey } from '../domain/calls/call-key.js';
import type { OpenGate } from '../domain/feature/gates.js';
import type {
  PlanInput,
  PlanOutcome,
  RefineInput,
  SpecInput,
  TakenPlan,
  TakenSpec,
  TakeSpecInput,
} from '../domain/feature/planning.js';
import type { Preparation, ProposedSpec } from '../domain/feature/types.js';
import type { JournalEntry } from '../domain/journal/entries.js';
import type { Budget, RaisedBudget } from '../domain/money/budget.js';
import type { CommitHash, FileReference } from '../domain/references.js';
import type { CheckResult } from '../domain/tasks/checks.js';
import type { DraftResult } from '../domain/tasks/draft.js';
import type { Plan } from '../domain/tasks/plan.js';
import type {
  ChecksInput,
  CompareInput,
  CompareOutcome,
  DraftInput,
  IntegrateInput,
  IntegrateOutcome,
  ReviewInput,
  ReviewOutcome,
  RewindInput,
  RewindOutcome,
  TakeInput,
  TakenDraft,
} from '../domain/tasks/steps.js';

export interface Activities {
  /** Probes the models, runs setup and the baseline of the checks, makes the feature's refs. */
  prepare(input: {
    feature: string;
    /** The run of setup and baseline. */
    call: CallKey;
  }): Promise<Preparation & { head?: CommitHash | undefined }>;
  writeSpec(input: SpecInput): Promise<{ call: AnsweredCall } & ProposedSpec>;
  makePlan(input: PlanInput): Promise<Answered<PlanOutcome>>;
  refinePlan(input: RefineInput): Promise<Answered<PlanOutcome>>;
  draft(input: DraftInput): Promise<Answered<DraftResult>>;
  review(input: ReviewInput): Promise<Answered<ReviewOutcome>>;
  compare(input: CompareInput): Promise<Answered<CompareOutcome>>;
  runChecks(input: ChecksInput): Promise<CheckResult[]>;
  integrate(input: IntegrateInput): Promise<IntegrateOutcome>;
  /** Ends all calls of these names and rounds, and returns when none of their processes is left. */
  endCalls(input: { feature: string; calls: CallKey[] }): Promise<void>;
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
  journal(input: { feature: string; entries: JournalEntry[] }): Promise<void>;
  takeSpec(input: TakeSpecInput): Promise<TakenSpec>;
  savePlan(input: { feature: string; plan: Plan }): Promise<FileReference>;
  takePlan(input: { feature: string }): Promise<TakenPlan>;
  /** Sets limits of the budget, where they lie above what is spent. */
  raiseBudget(input: { feature: string; budget: Budget }): Promise<RaisedBudget>;
}
