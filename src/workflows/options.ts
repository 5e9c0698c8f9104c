/** One named set of activity options for each class of work, with the reason beside each number. */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities, LocalActivities } from '../activities/types.js';

/** What the times of activities depend on. */
export interface TimingProfile {
  /** The server is our own, on this machine: heartbeats cost nothing, and a lost worker should be noticed at once. */
  embedded: boolean;
  /** Total limit of one call, in seconds. */
  callSeconds: number;
}

/** Activities that follow a call: a model's, or a check's. */
export function followingActivities(timing: TimingProfile) {
  return proxyActivities<Activities>({
    // What bounds a stuck call is its own limit, which the wrapper counts; this only outlasts it. Setup and
    // several checks may run one after the other in one activity.
    startToCloseTimeout: `${timing.callSeconds * 10} s`,
    // A heartbeat comes from a timer, so it says that the worker lives and nothing of the model. On a cluster
    // heartbeats are traffic.
    heartbeatTimeout: timing.embedded ? '5 s' : '30 s',
    // A stop is over when the processes are gone, not when it was asked for.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: {
      // Tries that cost money are bounded by the call store. Attempts are not bounded, since each lost worker
      // uses one.
      initialInterval: '1 s',
      backoffCoefficient: 2,
      maximumInterval: '60 s',
    },
  });
}

export type FollowingActivities = ReturnType<typeof followingActivities>;

/**
 * Steps on the local disk: 20 times cheaper than a round trip to the server. Whatever they do may be done again
 * after a kill, so each is idempotent by content or by number.
 */
export const local = proxyLocalActivities<LocalActivities>({
  startToCloseTimeout: '30 s',
  // A disk that is full for a moment; what lasts is brought to a person through the workflow task's failure.
  retry: { maximumAttempts: 5, initialInterval: '100 ms' },
});
