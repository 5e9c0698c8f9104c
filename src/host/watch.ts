/** Waits for something to happen in a directory: told by the system where it tells, and looking besides. */
import { type FSWatcher, watch } from 'node:fs';

/** The system's word may be missed (network drives, some containers), so a look is never further away than this. */
const lookMs = 250;
/** Without the system's word: the directory is not there yet, or a user's inotify instances are used up. */
const lookOftenMs = 25;

export interface Changes {
  /**
   * Returns when something may have changed since the last return.
   *
   * @param soonest settles: returns as well
   * @throws the signal's reason when it is aborted
   */
  next(signal: AbortSignal, soonest?: Promise<unknown>): Promise<void>;
  close(): void;
}

/** @param directory need not be there yet */
export function watchChanges(directory: string): Changes {
  let changed = true;
  let wake: (() => void) | undefined;
  let watcher: FSWatcher | undefined;
  const note = () => {
    changed = true;
    wake?.();
  };
  const stopWatching = () => {
    watcher?.close();
    watcher = undefined;
  };
  const startWatching = () => {
    try {
      watcher = watch(directory, note);
      watcher.on('error', stopWatching);
      // Whatever came before the watch was not seen.
      changed = true;
    } catch {
      watcher = undefined;
    }
  };
  startWatching();

  return {
    async next(signal, soonest) {
      signal.throwIfAborted();
      if (watcher === undefined) startWatching();
      if (!changed)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(done, watcher === undefined ? lookOftenMs : lookMs);
          function done() {
            clearTimeout(timer);
            signal.removeEventListener('abort', done);
            wake = undefined;
            resolve();
          }
          wake = done;
          signal.addEventListener('abort', done, { once: true });
          soonest?.then(done, done);
        });
      changed = false;
      signal.throwIfAborted();
    },
    close: stopWatching,
  };
}
