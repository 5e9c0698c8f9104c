/**
 * Why something waits, failed, was chosen, warned of or refused: as data, in gates, the journal, the workflow's state
 * and failures. Sentences are made where they are shown (`src/present/reasons.ts`), so that a wording can change
 * without a history to mind, and a screen can leave out what is to be typed into a shell.
 */
import type { CallErrorKind } from './models/call-errors.js';
import type { LeftOut } from './models/unavailable.js';
import type { RedCheck } from './tasks/checks.js';
import type { ModelName, Purpose, Role, TaskState } from './vocabulary.js';

/** What a budget is counted in. */
export type BudgetUnit = 'calls' | 'tokens' | 'usd';

/** A model that was not taken, and why. */
export interface PassedModel {
  model: ModelName;
  /** `author`: it wrote what is to be judged. */
  why: LeftOut | { kind: 'author' };
}

type Nothing = Record<string, never>;

/** Every code, with its parameters. Texts in them come from outside (a model, git, a person), and are bounded there. */
export interface ReasonParams {
  // What a gate asks
  'spec-to-read': Nothing;
  'spec-questions': { questions: number };
  /** No specification can be read where the file should be. */
  'spec-unusable': { text: string };
  'plan-ready': { tasks: number };
  /** `answer`: the file with the last answer, below the feature directory. */
  'no-usable-plan': { text: string; answer: string };
  'plan-file-unusable': { text: string };
  'revisions-used': { of: 'spec' | 'plan'; times: number };
  'result-breaks': { checks: RedCheck[] };
  /** Of checks that were red before any change. */
  'result-still-red': { checks: string[] };
  'result-unchecked': Nothing;
  'result-passes': Nothing;
  'budget-held': { why?: Reason | undefined };
  'manual-review': { why?: Reason | undefined };

  // What nothing moves for
  stuck: {
    waiting: string[];
    failed: string[];
    stopped: string[];
    blocked: string[];
    budgetHeld: boolean;
  };

  // Why a task, a phase or a call came to what it did
  'budget-spent': { unit: BudgetUnit; limit: number; spent: number };
  /** `spent` holds what is reserved. */
  'budget-short': { unit: BudgetUnit; limit: number; spent: number; next: number };
  /** `final`: no more tries are made by themselves. */
  'call-failed': { kind: CallErrorKind; text: string; resetAt?: number | undefined; final: boolean };
  'no-model': { role: Role; why: RouteReason };
  'answer-unusable': {
    purpose: Purpose;
    /** What it was about: a task's id, a racer's name. */
    of?: string | undefined;
    text: string;
  };
  /** The corrections are used up. `text`: what the review said last; absent where it approved. */
  unapproved: { checks: RedCheck[]; text?: string | undefined };
  conflict: { text: string };
  /** On top of the branch; `text`: the end of the first check's output. */
  'breaks-branch': { checks: RedCheck[]; text: string };
  'edit-breaks': { checks: RedCheck[] };
  /** Nothing was merged. `outputs`: where the checks' outputs are, below `directory`. */
  'merge-breaks': { into: string; checks: RedCheck[]; outputs: string[]; directory: string };
  /** The project's own commands do not work in a fresh worktree; `text`: the end of the output. */
  'setup-failed': { check: RedCheck; text: string };
  'stopped-by-person': Nothing;
  'feature-stopped': Nothing;
  /** A person's own words. */
  person: { text: string };
  /** See `Problem`: its code and its sentence. */
  problem: { problem: string; text: string };
  unforeseen: { text: string };

  // Why a model was chosen
  'first-choice': { role: Role; contentChars: number; maxChars?: number | undefined };
  /** `ownReview`: nobody but the author is left to judge. */
  'passed-over': { passed: PassedModel[]; ownReview: boolean };
  'none-fits': { role: Role; contentChars: number; passed: PassedModel[] };
  races: Nothing;
  'quota-first': Nothing;
  'answered-before': Nothing;

  // Why a draft won its race
  'only-draft': Nothing;
  'only-passing': Nothing;
  'breaks-fewest': { broke: number };
  'judged-better': { text: string };

  // Warnings and errors
  'stands-in': { wanted: ModelName; why: LeftOut; model: ModelName; roles: Role[] };
  'quota-wait': { model: ModelName; until: number; purpose: Purpose; task?: string | undefined };
  /** Another model goes on. `rest`: what follows for this one; absent where its next call may do better. */
  'model-failed': {
    model: ModelName;
    kind: CallErrorKind;
    text: string;
    final: boolean;
    rest?: { kind: 'until'; at: number } | { kind: 'left-out' } | undefined;
  };
  'bad-answer': { purpose: Purpose; model: ModelName; text: string };
  'refinement-failed': { why: Reason };
  'race-goes-on': { model: ModelName; task: string };
  'author-unknown': { task: string };
  'draft-empty': { task: string };
  'rewind-failed': { why: Reason };

  // What was refused, or came too late
  'decision-late': {
    decision: 'approved' | 'rejected' | 'withdrawn';
    gate: string;
    number: number;
    /** The opening that waits; absent where the gate is not open. */
    waits?: number | undefined;
  };
  'budget-gate': Nothing;
  /** `state` is absent where the plan has no such task. */
  'not-stoppable': { task: string; state?: TaskState | undefined };
  'not-allowed': { task: string; state: TaskState; action: 'retry' | 'skip' };
  'no-task': { task: string };
  'no-plan': Nothing;
  'plan-invalid': { text: string };
  'task-settled': { task: string; state: TaskState; change: 'remove' | 'change' };
  'rewind-unplanned': Nothing;
  'rewind-under-way': Nothing;
  'budget-unnamed': Nothing;
  'budget-not-positive': { unit: BudgetUnit };
  'budget-not-whole': { unit: BudgetUnit };
  /** Of a limit that was named, or of another one (`named: false`) that holds the next call back as well. */
  'budget-below-spent': { unit: BudgetUnit; limit: number; spent: number; named: boolean };
}

export type ReasonCode = keyof ReasonParams;

/** A reason of one of these codes. */
export type ReasonOf<C extends ReasonCode> = { [K in C]: { code: K; params: ReasonParams[K] } }[C];

export type Reason = ReasonOf<ReasonCode>;

/** Why a model was chosen, or none. */
export type RouteReason = ReasonOf<
  'first-choice' | 'passed-over' | 'none-fits' | 'races' | 'quota-first' | 'answered-before'
>;

/** Why a draft is corrected by a round of its own. */
export type CorrectionReason = ReasonOf<'person' | 'conflict' | 'breaks-branch'>;

/** Why the budget holds a call back. */
export type BudgetReason = ReasonOf<'budget-spent' | 'budget-short'>;

/** A reason, by its code; without parameters where the code has none. */
export function because<C extends ReasonCode>(
  code: C,
  ...[params]: ReasonParams[C] extends Nothing ? [] : [params: ReasonParams[C]]
): ReasonOf<C> {
  return { code, params: params ?? {} } as ReasonOf<C>;
}

/** Whether something that came through a history or from a file is a reason. */
export const isReason = (value: unknown): value is Reason =>
  typeof value === 'object' &&
  value !== null &&
  'code' in value &&
  typeof value.code === 'string' &&
  'params' in value &&
  typeof value.params === 'object' &&
  value.params !== null;

/** Whether two reasons say the same. */
export const sameReason = (a: Reason | undefined, b: Reason | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));

/**
 * A reason in a few words, for Temporal's own pages and failures: `plan ready: tasks 4`. People are shown the sentence
 * that `src/present` makes of it.
 */
export function briefly({ code, params }: { code: string; params: object }): string {
  const words = code.replaceAll('-', ' ');
  const parts = Object.entries(params).flatMap(([name, value]) => brief(name, value));
  return parts.length === 0 ? words : `${words}: ${parts.join(', ')}`;
}

/** As much as a line of a page holds. */
const briefLength = 300;

function brief(name: string, value: unknown): string[] {
  if (typeof value === 'string')
    return [(name === 'text' ? value : `${name} ${value}`).slice(0, briefLength)];
  if (typeof value === 'number' || value === true) return [value === true ? name : `${name} ${value}`];
  if (isReason(value)) return [briefly(value)];
  if (!Array.isArray(value) || value.length === 0) return [];
  return [`${name} ${value.map((item: unknown) => nameOf(item)).join(' ')}`.slice(0, briefLength)];
}

/** Of a list's items only what they are called. */
function nameOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  if ('name' in item) return String(item.name);
  return 'model' in item ? String(item.model) : '';
}
