/** What went wrong, as a reason: read out of Temporal's nested failures, and put into them. */

import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';
import { budgetFailureType } from '../domain/money/budget.js';
import { because, briefly, isReason, type Reason } from '../domain/reasons.js';

/** The failure that an activity or a child threw, or undefined for any other error. */
export function applicationFailureOf(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return applicationFailureOf(error.cause);
  return undefined;
}

/** Whether a call failed because the budget did not reach for it: nothing was started. */
export const isHeldBack = (error: unknown): boolean =>
  applicationFailureOf(error)?.type === budgetFailureType;

/** Why something failed: the reason that its failure carries, else what the error says of itself. */
export function reasonOf(error: unknown): Reason {
  const failure = applicationFailureOf(error);
  const detail: unknown = failure?.details?.[0];
  if (isReason(detail)) return detail;
  return because('unforeseen', { text: textOf(failure ?? error) });
}

function textOf(error: unknown): string {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return error.cause?.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}

/**
 * A failure that carries a reason. Nothing tries again what failed so.
 *
 * @param type as Temporal's pages show it: `refused` for an update, `failed` for all else
 */
export const failureFor = (reason: Reason, type: 'failed' | 'refused' = 'failed'): ApplicationFailure =>
  ApplicationFailure.nonRetryable(briefly(reason), type, reason);
