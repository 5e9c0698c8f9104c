/** What every activity that takes time does: beats, hears a stop, lets go of what it follows, and says how it failed. */
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type { CallKey } from '../domain/calls/call-key.js';
import { type CallFailure, callFailureType } from '../domain/models/call-errors.js';
import { budgetFailureType } from '../domain/money/budget.js';
import { isProblem, type ProblemCode } from '../domain/problem.js';
import { BudgetError } from '../models/calls/spending/budget.js';
import { stopCalls } from '../models/calls/store/stop.js';
import { CallError } from '../models/errors.js';
import { type FeatureContext, featureContext, type WorkerContext } from './context.js';

/** What an activity's work is given. */
export interface Following extends FeatureContext {
  /** Aborted when the activity must let go of what it follows; the process runs on. */
  letGo: AbortSignal;
  now?: WorkerContext['now'];
  /** When the activity was scheduled, in milliseconds since 1970: the same in every attempt. */
  scheduledAt: number;
  /** Notes a call that is begun, so that a person's stop ends it. */
  registerCall(call: CallKey): void;
}

/**
 * Errors that nobody foresaw are tried this often: a full disk may be emptied, a mistake of ours stays. Attempts of
 * lost workers count too, hence not fewer.
 */
const unforeseenAttempts = 8;

/** Makes an activity of work that follows processes. */
export function following<Input extends { feature: string }, Output>(
  worker: WorkerContext,
  work: (input: Input, following: Following) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const begun: CallKey[] = [];
    const beats = setInterval(() => context.heartbeat(), worker.beatMs);
    try {
      const feature = await featureContext(worker, input.feature);
      try {
        return await work(input, {
          ...feature,
          letGo: context.cancellationSignal,
          now: worker.now,
          scheduledAt: context.info.scheduledTimestampMs,
          registerCall: (call) => begun.push(call),
        });
      } catch (error) {
        // Only this is a person's stop. On all else (the server away, a worker that shuts down, a reset) the
        // process runs on and finishes into its directory.
        if (context.cancellationDetails?.cancelRequested === true) {
          for (const call of begun) await stopCalls(feature.calls, call);
          throw new CancelledFailure('Stopped by a person.');
        }
        throw error;
      }
    } catch (error) {
      throw failureOf(error, context);
    } finally {
      clearInterval(beats);
    }
  };
}

/** A git command that was killed, or met a full disk, may work the next time. */
const mayPass: ReadonlySet<ProblemCode> = new Set([
  'git-failed',
  'git-lock',
  'git-missing',
  'folder-missing',
]);

function failureOf(error: unknown, context: Context): unknown {
  if (context.cancellationDetails?.cancelRequested === true) return error;
  if (context.cancellationSignal.aborted)
    return ApplicationFailure.create({
      message: 'The worker let go of the call, which runs on; the next attempt takes it over.',
      type: 'let-go',
      nextRetryDelay: '1 ms',
    });
  if (error instanceof CallError) return callFailure(error);
  // Nothing was started; the workflow makes the call when the budget is raised.
  if (error instanceof BudgetError) return ApplicationFailure.nonRetryable(error.message, budgetFailureType);
  if (error instanceof ApplicationFailure) return error;
  if (isProblem(error) && !mayPass.has(error.code))
    return ApplicationFailure.nonRetryable(error.message, 'problem');
  if (context.info.attempt >= unforeseenAttempts)
    return ApplicationFailure.create({
      message: error instanceof Error ? error.message : String(error),
      type: 'unforeseen',
      nonRetryable: true,
      ...(error instanceof Error ? { cause: error } : {}),
    });
  return error;
}

function callFailure(error: CallError): ApplicationFailure {
  const details: CallFailure = { resetAt: error.resetAt, ...(error.final ? { advice: error.advice } : {}) };
  return ApplicationFailure.create({
    message: error.message,
    type: callFailureType(error.kind),
    nonRetryable: error.final,
    details: [details],
    ...(error.retryInMs === undefined ? {} : { nextRetryDelay: error.retryInMs }),
  });
}
