import type { JournalEntry, JournalEvent } from '../../src/domain/journal/entries.js';
import { because } from '../../src/domain/reasons.js';

/** Journal entries as one workflow would write them, a second apart. */
export function entriesOf(...events: JournalEvent[]): JournalEntry[] {
  return events.map((event, index) => ({
    ...event,
    at: 1_000 * (index + 1),
    workflow: 'blueprint/0a1b2c3d4e5f/dark-mode',
    run: 'r1',
    seq: index + 1,
  }));
}

/** A reason that says just this. */
export const saying = (text: string) => because('person', { text });

/** A reference to a file whose content does not matter. */
export const reference = (path: string) => ({ path, sha256: 'a'.repeat(64), bytes: 10 });

/** A plan of three tasks: notes, code on them, a review of that. */
export const planned: JournalEvent = {
  kind: 'plan',
  file: reference('tasks.json'),
  refined: true,
  tasks: [
    { id: 'T001', title: 'Decide the format', type: 'architecture', dependsOn: [] },
    { id: 'T002', title: 'Add the flag', type: 'code', dependsOn: ['T001'] },
    { id: 'T003', title: 'Review all', type: 'review', dependsOn: ['T002'] },
  ],
};
