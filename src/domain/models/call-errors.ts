/** The one family of ways in which a call fails: whether trying again helps, and what a person should do. */

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
  advice: string;
}

export const callErrorHandling: Record<CallErrorKind, Handling> = {
  auth: {
    retryable: false,
    anotherModel: true,
    advice: 'Log in to the model or set its key, then retry; `blueprint doctor` tells how.',
  },
  quota: {
    retryable: false,
    anotherModel: true,
    advice: 'The quota is used up: wait for its reset, or route the role to another model.',
  },
  'rate-limit': { retryable: true, anotherModel: true, advice: 'Retried by itself after the delay.' },
  overloaded: { retryable: true, anotherModel: true, advice: 'Retried by itself.' },
  network: { retryable: true, anotherModel: false, advice: 'Retried by itself when the network is back.' },
  'context-too-long': {
    retryable: false,
    anotherModel: true,
    advice: 'The prompt is too long for the model: use one with a larger context, or a smaller task.',
  },
  refused: {
    retryable: false,
    anotherModel: true,
    advice: 'The model refused: change the brief or the task.',
  },
  'bad-output': {
    retryable: false,
    anotherModel: false,
    advice: 'The answer could not be used: read it with `blueprint logs`, then retry.',
  },
  timeout: {
    retryable: true,
    anotherModel: true,
    advice:
      'The call ran into its time limit: raise `limits` in the configuration, or make the task smaller.',
  },
  'not-installed': {
    retryable: false,
    anotherModel: true,
    advice: 'Install the command; `blueprint doctor` tells how.',
  },
  cancelled: { retryable: false, anotherModel: false, advice: 'It was stopped; retry when you are ready.' },
  crashed: { retryable: true, anotherModel: true, advice: 'Retried by itself.' },
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

/**
 * The type of Temporal's failure for a call that failed: `call:<kind>`. Its first detail is a `CallFailure`.
 */
export const callFailureType = (kind: CallErrorKind): string => `call:${kind}`;

/** The kind of a failed call by its failure's type, or undefined for any other failure. */
export function callErrorKind(failureType: string | null | undefined): CallErrorKind | undefined {
  return callErrorKinds.find((kind) => callFailureType(kind) === failureType);
}

/** What a failed call's failure carries besides its message. */
export interface CallFailure {
  /** When the quota is there again, in milliseconds since 1970, where the vendor says so. */
  resetAt?: number | undefined;
  /** What a person should do about it, as a sentence: for where no other model goes on. */
  advice?: string | undefined;
}
