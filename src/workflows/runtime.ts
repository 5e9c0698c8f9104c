/**
 * What the drivers need of Temporal: the time, waiting, and work that can be stopped by itself. They are given it, so
 * that a test drives them in milliseconds and without a server.
 */
import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';

/** Work that can be cancelled by itself; what waits in it then fails with a cancellation. */
export interface Scope {
  run<T>(work: () => Promise<T>): Promise<T>;
  cancel(): void;
}

export interface Runtime {
  /** Milliseconds since 1970, by the workflow's clock. */
  now(): number;
  /** Waits until it holds, or until so many milliseconds have passed. */
  until(holds: () => boolean, timeoutMs?: number): Promise<void>;
  /** A scope within the one that this is called in: it is cancelled with it. */
  scope(): Scope;
  /** Runs work to its end, also where the scope that this is called in is cancelled. */
  uncancelled<T>(work: () => Promise<T>): Promise<T>;
  isCancellation(error: unknown): boolean;
}

export const temporal: Runtime = {
  now: () => Date.now(),
  async until(holds, timeoutMs) {
    await (timeoutMs === undefined ? condition(holds) : condition(holds, timeoutMs));
  },
  scope: () => new CancellationScope(),
  uncancelled: (work) => CancellationScope.nonCancellable(work),
  isCancellation,
};
