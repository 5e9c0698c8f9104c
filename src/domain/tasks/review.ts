/** Review and correction: what follows from a verdict. Pure, so that every path is tested without a server. */
import { because, type Reason } from '../reasons.js';
import { brokenChecks, type CheckResult } from './checks.js';
import type { Comparison, Review } from './review-schema.js';

export type { Comparison, Review };

export type Verdict =
  | { kind: 'approved' }
  /** `iteration` counts from 1. */
  | { kind: 'correct'; iteration: number }
  | { kind: 'manual' };

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
