/** The one family of ways in which a call fails, and whether trying again helps. */

export const callErrorKinds = [
  'auth',
  'quota',
  'rate-limit',
  'overloaded',
  'network',
  'context-too-long',
  'refused',
  'bad-output',
  'timeout',
  'not-installed',
  'cancelled',
  'crashed',
] as const;
export type CallErrorKind = (typeof callErrorKinds)[number];

interface Handling {
  /** Whether the same call may succeed when it is made again a little later. */
  retryable: boolean;
  /** Whether another model may do what this one could not. */
  anotherModel: boolean;
}

export const callErrorHandling: Record<CallErrorKind, Handling> = {
  auth: {
    retryable: false,
    anotherModel: true,
  },
  quota: {
    retryable: false,
    anotherModel: true,
  },
  'rate-limit': { retryable: true, anotherModel: true },
  overloaded: { retryable: true, anotherModel: true },
  network: { retryable: true, anotherModel: false },
  'context-too-long': {
    retryable: false,
    anotherModel: true,
  },
  refused: {
    retryable: false,
    anotherModel: true,
  },
  'bad-output': {
    retryable: false,
    anotherModel: false,
  },
  timeout: {
    retryable: true,
    anotherModel: true,
  },
  'not-installed': {
    retryable: false,
    anotherModel: true,
  },
  cancelled: { retryable: false, anotherModel: false },
  crashed: { retryable: true, anotherModel: true },
};

/**
 * How long to wait before the next try of a call that failed in a way worth retrying, in milliseconds: what the
 * vendor asked for, else doubling from one second up to two minutes.
 *
 * @param failedTries how many tries of this call have failed, this one included
 * @param askedMs the vendor's `retry-after`, when it gave one
 */
export function retryDelayMs(failedTries: number, askedMs?: number): number {
  if (askedMs !== undefined && Number.isFinite(askedMs)) return Math.max(0, askedMs);
  return Math.min(120_000, 1_000 * 2 ** Math.max(0, failedTries - 1));
}

/** The type of Temporal's failure for a call that failed: `call:<kind>`. Its first detail is the reason. */
export const callFailureType = (kind: CallErrorKind): string => `call:${kind}`;
