/** Review and correction: what follows from a verdict. Pure, so that every path is tested without a server. */
import { because, type Reason, type RedCheck } from '../reasons.js';
import type { Comparison, Review } from './review-schema.js';

export type { Comparison, Review };

/** What is kept of a check's run in the history. Its whole output is in the call's directory. */
export interface CheckResult {
  name: string;
  passed: boolean;
  /** It was red before any change, so it does not count against a draft. */
  redBefore: boolean;
  /** The file with all that it printed, below the feature directory. */
  output: string;
  /** How it ended, for a person: `exit status 1`, `timed out after 600 s`. */
  ended: string;
  durationMs: number;
  /** It was red, and green when it was run once more on the same tree: it passes, and is named. */
  flaky?: boolean | undefined;
  /** Of a flaky check: the output of its red run, below the feature directory. */
  redOutput?: string | undefined;
}

export type Verdict =
  | { kind: 'approved' }
  /** `iteration` counts from 1. */
  | { kind: 'correct'; iteration: number }
  | { kind: 'manual' };

/** The checks that count against a draft: red now and not red before. */
export const brokenChecks = (checks: readonly CheckResult[]): CheckResult[] =>
  checks.filter((check) => !check.passed && !check.redBefore);

/** The checks that count against a draft, as a reason names them. */
export const redChecks = (checks: readonly CheckResult[]): RedCheck[] =>
  brokenChecks(checks).map(({ name, ended }) => ({ name, ended }));

/** The name under which edits of protected files stand among a draft's checks. No check of the project's has it. */
export const protectedFilesName = 'protected-files';

/** As many as a sentence can name; all of them are in the draft's difference. */
const namedEdits = 10;

/**
 * What a draft may not change without its task saying so counts like a check that it broke: the review is shown it,
 * the correction is to put the files back, and no draft is approved by itself as long as it stands.
 *
 * @param edits paths of protected files that the draft changes or removes
 */
export function protectedFilesFinding(edits: readonly string[]): CheckResult[] {
  if (edits.length === 0) return [];
  const more = edits.length > namedEdits ? ` and ${edits.length - namedEdits} more` : '';
  const ended = `changes ${edits.slice(0, namedEdits).join(', ')}${more}, protected by the configuration and not named by the task: to be put back as it was`;
  return [{ name: protectedFilesName, passed: false, redBefore: false, output: '', ended, durationMs: 0 }];
}

/**
 * What follows from a review: an approved draft is done only when it broke no check; anything else is corrected,
 * at most `maxIterations` times, the last correction reviewed too; then a person decides.
 *
 * @param corrections how many corrections have been made in this round
 */
export function verdict(
  review: Pick<Review, 'approved'>,
  checks: readonly CheckResult[],
  corrections: number,
  maxIterations: number,
): Verdict {
  if (review.approved && brokenChecks(checks).length === 0) return { kind: 'approved' };
  if (corrections < maxIterations) return { kind: 'correct', iteration: corrections + 1 };
  return { kind: 'manual' };
}

/**
 * The attempt's number within its task. Calls, drafts and commits of a task are named by it, so it never repeats:
 * a round has one draft and at most `maxIterations` corrections.
 *
 * @param round counts from 1
 * @param iteration 0 for the round's first draft, then the correction's number
 */
export const attemptNumber = (round: number, iteration: number, maxIterations: number): number =>
  (round - 1) * (maxIterations + 1) + iteration + 1;

/** One side of a race, as far as it got. */
export interface Racer {
  label: string;
  broke: number;
}

export type RaceOutcome =
  | { kind: 'decided'; selected: string; reason: Reason }
  /** The checks do not tell the drafts apart; the supervisor compares. */
  | { kind: 'compare'; labels: string[] };

/**
 * The checks judge a race first: if they pass for one draft only, it wins; for several, the supervisor compares; for
 * none, the one that breaks the fewest goes on to be corrected, the first of equals.
 */
export function judgeRace(racers: readonly [Racer, ...Racer[]]): RaceOutcome {
  const green = racers.filter((racer) => racer.broke === 0);
  if (green.length > 1) return { kind: 'compare', labels: green.map((racer) => racer.label) };
  const [first, ...others] = racers;
  const best = others.reduce((best, racer) => (racer.broke < best.broke ? racer : best), first);
  return { kind: 'decided', selected: best.label, reason: whyBest(best, others.length) };
}

function whyBest({ broke }: Racer, others: number): Reason {
  if (others === 0) return because('only-draft');
  return broke === 0 ? because('only-passing') : because('breaks-fewest', { broke });
}
