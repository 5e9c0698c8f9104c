/** Pieces of work side by side, and one who waits until something has changed. */
import type { Runtime, Scope } from '../runtime.js';

/** What one waits for who has done all that can be done just now. */
export interface Changes {
  /** Something has changed that is to be looked at. */
  note(): void;
  /** What has changed up to now is being looked at. */
  look(): void;
  /** @param error ends the wait of whoever waits, now or next */
  fail(error: unknown): void;
  /** Waits for a change since the last look. @throws what was failed with */
  next(): Promise<void>;
}

export function createChanges(runtime: Pick<Runtime, 'until'>): Changes {
  let isNew = false;
  let failure: { error: unknown } | undefined;
  return {
    note() {
      isNew = true;
    },
    look() {
      isNew = false;
    },
    fail(error) {
      failure ??= { error };
    },
    async next() {
      await runtime.until(() => isNew || failure !== undefined);
      if (failure !== undefined) throw failure.error;
    },
  };
}

/** Pieces of one kind, by name. That one begins or ends is a change. */
export interface Pieces {
  /** Runs a piece beside the others. What it throws fails the changes, a cancellation excepted. */
  start(name: string, work: () => Promise<void>): void;
  /** Runs a piece, and waits for it. */
  run(name: string, work: () => Promise<void>): Promise<void>;
  has(name: string): boolean;
  areAny(): boolean;
  /** Cancels a piece. @returns whether it was there */
  cancel(name: string): boolean;
}

export function createPieces(runtime: Pick<Runtime, 'scope' | 'isCancellation'>, changes: Changes): Pieces {
  const scopes = new Map<string, Scope>();
  const run: Pieces['run'] = async (name, work) => {
    const scope = runtime.scope();
    scopes.set(name, scope);
    changes.note();
    try {
      await scope.run(work);
    } finally {
      scopes.delete(name);
      changes.note();
    }
  };
  return {
    run,
    start(name, work) {
      run(name, work).catch((error: unknown) => {
        if (!runtime.isCancellation(error)) changes.fail(error);
      });
    },
    has: (name) => scopes.has(name),
    areAny: () => scopes.size > 0,
    cancel(name) {
      const scope = scopes.get(name);
      scope?.cancel();
      return scope !== undefined;
    },
  };
}
