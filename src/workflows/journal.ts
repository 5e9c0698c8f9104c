/** Writing the journal from a workflow: numbered by the workflow, so that a line written twice is one entry. */
import { workflowInfo } from '@temporalio/workflow';
import type { JournalEntry, JournalEvent } from '../domain/journal.js';
import { local } from './options.js';

export interface Journal {
  /** Keeps an event until the next write. */
  note(event: JournalEvent): void;
  /** Writes what was noted, and the given events, in order. Each write is one local activity. */
  write(...events: JournalEvent[]): Promise<void>;
  /** The number of the last entry, to be carried over when the run continues as new. */
  sequence(): number;
}

/**
 * @param file name of the workflow's own file below `journal/`
 * @param from the number of the last entry that was written before
 */
export function createJournal(feature: string, file: string, from = 0): Journal {
  const { workflowId, runId } = workflowInfo();
  let sequence = from;
  let noted: JournalEntry[] = [];
  const note = (event: JournalEvent) => {
    noted.push({ ...event, at: Date.now(), workflow: workflowId, run: runId, seq: ++sequence });
  };
  return {
    note,
    async write(...events) {
      for (const event of events) note(event);
      if (noted.length === 0) return;
      const entries = noted;
      noted = [];
      await local.journal({ feature, file, entries });
    },
    sequence: () => sequence,
  };
}
