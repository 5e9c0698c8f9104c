/** Reading what went wrong out of Temporal's nested failures. */
import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';

/** The failure that an activity or a child threw, or undefined for any other error. */
export function applicationFailureOf(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return applicationFailureOf(error.cause);
  return undefined;
}

/** Why something failed, as a person may read it. */
export function reasonOf(error: unknown): string {
  const failure = applicationFailureOf(error);
  if (failure !== undefined) return failure.message;
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return error.cause?.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
