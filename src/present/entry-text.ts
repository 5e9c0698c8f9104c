/** A journal entry as lines for a person, each named by its task. Pure. */
import type { JournalEntry } from '../domain/journal/entries.js';
import { cleanText } from './clean.js';
import { eventHints } from './journal-hints.js';
import { eventLines, type MessageContext } from './journal-lines.js';
import { some } from './words.js';

/** The lines of an entry, with what can be typed; those of a task begin with its id, since several run at once. */
export function entryLines(entry: JournalEntry, context: MessageContext): string[] {
  const task = 'task' in entry ? entry.task : undefined;
  return [...eventLines(entry, context), ...eventHints(entry, context)]
    .flatMap((line) => cleanText(line).split('\n'))
    .map((line) => withTask(task, line));
}

export const withTask = (task: string | undefined, line: string): string =>
  task === undefined ? line : `[${task}] ${line}`;

/** As many paths as are read in a terminal. */
const pathsShown = 8;

/** What the checkout has and the feature will not see. */
export const notInBaseLine = (paths: readonly string[]): string | undefined =>
  paths.length === 0
    ? undefined
    : `Not committed, so the feature does not see it: ${some(paths, pathsShown)}. Your checkout stays as it is.`;
