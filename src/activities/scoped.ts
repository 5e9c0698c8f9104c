/**
 * What every activity that takes time does: it sends heartbeats, hears a stop, detaches from the calls that it follows,
 * and says how it failed.
 */
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type { CallKey } from '../domain/calls/call-key.js';
import { callFailureType } from '../domain/models/call-errors.js';
import { budgetFailureType } from '../domain/money/budget.js';
import { isProblem, type Problem, type ProblemCode } from '../domain/problem.js';
import { because } from '../domain/reasons.js';
import { openFeatureFolder, type WorkScope } from '../feature/scope.js';
import { BudgetError } from '../models/calls/spending/budget.js';
import { stopCalls } from '../models/calls/store/stop.js';
import { CallError } from '../models/errors.js';

/** What a worker gives its activities. */
export interface WorkerContext {
  /** Real path of the project's root folder. */
  root: string;
  /** How often a running activity sends a heartbeat, in milliseconds. */
  heartbeatMs: number;
  /** The clock that failed calls wait by; another than the machine's only where time is skipped. */
  now?: WorkScope['now'];
}

/**
 * Errors that nobody foresaw are tried this often: a full disk may be emptied, a mistake of ours stays. Attempts of
 * lost workers count too, hence not fewer.
 */
const unforeseenAttempts = 8;

/**
 * Makes an activity of work that follows processes.
 *
 * @param work knows nothing of Temporal: what it needs of the activity is in its scope
 */
export function scoped<Input extends { feature: string }, Output>(
  worker: WorkerContext,
  work: (input: Input, scope: WorkScope) => Promise<Output>,
): (input: Input) => Promise<Output> {
  return async (input) => {
    const context = Context.current();
    const calls: CallKey[] = [];
    const heartbeats = setInterval(() => context.heartbeat(), worker.heartbeatMs);
    try {
      const folder = await openFeatureFolder(worker.root, input.feature);
      try {
        return await work(input, {
          ...folder,
          signal: context.cancellationSignal,
          now: worker.now,
          scheduledAt: context.info.scheduledTimestampMs,
          registerCall: (call) => calls.push(call),
        });
      } catch (error) {
        // Only this is a person's stop. On all else (the server away, a worker that shuts down, a reset) the
        // process runs on and finishes into its directory.
        if (context.cancellationDetails?.cancelRequested === true) {
          for (const call of calls) await stopCalls(folder.calls, call);
          throw new CancelledFailure('Stopped by a person.');
        }
        throw error;
      }
    } catch (error) {
      throw activityFailure(error, context);
    } finally {
      clearInterval(heartbeats);
    }
  };
}

/** A git command that was killed, or met a full disk, may work the next time, and so may the reading of a file. */
const mayPass: ReadonlySet<ProblemCode> = new Set([
  'git-failed',
  'git-lock',
  'git-missing',
  'file-unreadable',
  'folder-missing',
]);

/** An error as Temporal is to have it: whether another attempt may help, and when. */
export function activityFailure(error: unknown, context: Context): unknown {
  if (context.cancellationDetails?.cancelRequested === true) return error;
  if (context.cancellationSignal.aborted)
    return ApplicationFailure.create({
      message: 'The worker has detached from the call, which runs on; the next attempt takes it over.',
      type: 'detached',
      nextRetryDelay: '1 ms',
    });
  if (error instanceof CallError) return callFailure(error);
  // Nothing was started; the workflow makes the call when the budget is raised.
  if (error instanceof BudgetError)
    return ApplicationFailure.nonRetryable(error.message, budgetFailureType, error.reason);
  if (error instanceof ApplicationFailure) return error;
  if (isProblem(error) && !mayPass.has(error.code)) return problemFailure(error);
  if (context.info.attempt >= unforeseenAttempts) return unforeseen(error);
  return error;
}

/** A problem is found again by whoever tries again: the failure carries its reason, and is the end of it. */
export const problemFailure = ({ message, reason }: Problem): ApplicationFailure =>
  ApplicationFailure.nonRetryable(message, 'problem', reason);

function unforeseen(error: unknown): ApplicationFailure {
  const text = error instanceof Error ? error.message : String(error);
  return ApplicationFailure.create({
    message: text,
    type: 'unforeseen',
    nonRetryable: true,
    details: [because('unforeseen', { text })],
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

function callFailure(error: CallError): ApplicationFailure {
  return ApplicationFailure.create({
    message: error.message,
    type: callFailureType(error.kind),
    nonRetryable: error.final,
    details: [error.reason],
    ...(error.retryInMs === undefined ? {} : { nextRetryDelay: error.retryInMs }),
  });
}
