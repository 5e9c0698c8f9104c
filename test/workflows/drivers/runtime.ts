/** The drivers' runtime without Temporal: a test moves it on by hand, so that nothing depends on the clock. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Runtime, Scope } from '../../../src/workflows/runtime.js';

class Cancelled extends Error {}

class FakeScope implements Scope {
  readonly #children: FakeScope[] = [];
  readonly #onCancel: ((error: Error) => void)[] = [];
  cancelled = false;

  constructor(
    parent: FakeScope | undefined,
    readonly current: AsyncLocalStorage<FakeScope>,
  ) {
    if (parent === undefined) return;
    parent.#children.push(this);
    this.cancelled = parent.cancelled;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.current.run(this, work);
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    for (const child of this.#children) child.cancel();
    for (const reject of this.#onCancel) reject(new Cancelled('cancelled'));
  }

  /** @param reject for what waits in this scope */
  onCancel(reject: (error: Error) => void): void {
    if (this.cancelled) reject(new Cancelled('cancelled'));
    else this.#onCancel.push(reject);
  }
}

/** What a test ends by hand; it fails when its scope is cancelled. */
export interface Pending<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

export interface FakeRuntime extends Runtime {
  time: number;
  /** Something that takes until the test ends it, as an activity or a child workflow does. */
  pending<T>(): Pending<T>;
  /** Lets everything go on that can. */
  settle(): Promise<void>;
}

export function fakeRuntime(): FakeRuntime {
  const current = new AsyncLocalStorage<FakeScope>();
  const waits = new Set<{ holds: () => boolean; resolve: () => void }>();
  const pending: FakeRuntime['pending'] = <T>() => {
    let settle: Pick<Pending<T>, 'resolve' | 'reject'> | undefined;
    const promise = new Promise<T>((resolve, reject) => {
      settle = { resolve, reject };
      current.getStore()?.onCancel(reject);
    });
    promise.catch(() => undefined);
    if (settle === undefined) throw new Error('A promise begins at once.');
    return { promise, ...settle };
  };
  const runtime: FakeRuntime = {
    time: 0,
    now: () => runtime.time,
    async until(holds, timeoutMs) {
      const over = runtime.time + (timeoutMs ?? Number.POSITIVE_INFINITY);
      const wait = { ...pending<void>(), holds: () => holds() || runtime.time >= over };
      waits.add({ holds: wait.holds, resolve: () => wait.resolve() });
      await wait.promise;
    },
    scope: () => new FakeScope(current.getStore(), current),
    uncancelled: (work) => new FakeScope(undefined, current).run(work),
    isCancellation: (error) => error instanceof Cancelled,
    pending,
    async settle() {
      for (let quiet = 0; quiet < 3; quiet++) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const wait of waits)
          if (wait.holds()) {
            waits.delete(wait);
            wait.resolve();
            quiet = -1;
          }
      }
    },
  };
  return runtime;
}
