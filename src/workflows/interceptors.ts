/** What holds for every workflow: one local activity at a time. */
import { CancellationScope, type WorkflowInterceptors } from '@temporalio/workflow';

/**
 * Hands a result on, unless the scope in which this was called has been cancelled meanwhile.
 *
 * @throws CancelledFailure when it has
 */
export function unlessCancelled(): <T>(result: T) => Promise<T> {
  const scope = CancellationScope.current();
  return async (result) => {
    if (scope.consideredCancelled) await scope.cancelRequested;
    return result;
  };
}

/**
 * Lets a local activity wait until the one before has ended.
 *
 * Of several at once the workflow gets each end by itself, as soon as it comes; a replay gives it several in one
 * activation. What follows from them then changes places, and the workflow can never go on
 * (https://github.com/temporalio/sdk-python/issues/1881, which is about the core that all SDKs share).
 */
export function interceptors(): WorkflowInterceptors {
  let last: Promise<unknown> = Promise.resolve();
  return {
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          // A step on the local disk is over at once: one that has begun is done.
          const run = () => CancellationScope.nonCancellable(() => next(input));
          const begins = !CancellationScope.current().consideredCancelled;
          const mine = begins ? last.then(run).then(unlessCancelled()) : next(input);
          // Whoever follows must not inherit a failure.
          last = Promise.allSettled([last, mine]);
          return mine;
        },
      },
    ],
  };
}
