/** Reading what went wrong out of Temporal's nested failures. */

import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';
import { type CallFailure, callErrorKind } from '../domain/models/call-errors.js';
import { budgetFailureType } from '../domain/money/budget.js';

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

/** Why something failed, as a person may read it. */
export function reasonOf(error: unknown): string {
  const failure = applicationFailureOf(error);
  if (failure !== undefined) {
    const called = callErrorKind(failure.type) !== undefined;
    const advice = called ? (failure.details?.[0] as CallFailure | undefined)?.advice : undefined;
    return advice === undefined ? failure.message : `${failure.message} ${advice}`;
  }
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return error.cause?.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
