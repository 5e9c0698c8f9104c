/** Writing the journal from a workflow: numbered by the workflow, so that a line written twice is one entry. */
import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { JournalEntry, JournalEvent } from '../domain/journal/entries.js';
import { unlessCancelled } from './interceptors.js';
import { local } from './options.js';

export interface Journal {
  /** Keeps an event until the next write. */
  note(event: JournalEvent): void;
  /** Writes what was noted, and the given events, in order. What comes while a write waits for its turn goes with it. */
  write(...events: JournalEvent[]): Promise<void>;
  /** The number of the last entry, to be carried over when the run continues as new. */
  sequence(): number;
}

/** @param from the number of the last entry that was written before */
export function createJournal(feature: string, from = 0): Journal {
  const { workflowId, runId } = workflowInfo();
  let sequence = from;
  let noted: JournalEntry[] = [];
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const note = (event: JournalEvent) => {
    noted.push({ ...event, at: Date.now(), workflow: workflowId, run: runId, seq: ++sequence });
  };
  const writeNoted = async () => {
    next = undefined;
    const entries = noted;
    noted = [];
    if (entries.length === 0) return;
    try {
      await local.journal({ feature, entries });
    } catch (error) {
      // The next write tries them again.
      noted = [...entries, ...noted];
      throw error;
    }
  };
  return {
    note,
    write(...events) {
      for (const event of events) note(event);
      // Many have their entries written with it: none of their scopes may cancel it.
      next ??= last.then(() => CancellationScope.nonCancellable(writeNoted));
      // A write that failed is its own writers' failure.
      last = next.catch(() => undefined);
      return next.then(unlessCancelled());
    },
    sequence: () => sequence,
  };
}
