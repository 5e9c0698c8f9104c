/** The journal on disk: one file for each feature, a line for each entry, in the order in which they were written. */

import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { lineFormat } from '../domain/file-format.js';
import { isEntry, type JournalEntry } from '../domain/journal/entries.js';
import { createFold, type FeatureEvent, type JournalFold } from '../domain/journal/fold.js';
import { Problem } from '../domain/problem.js';
import { errorCode } from '../host/files.js';
import { tailFile } from '../host/tail.js';
import { watchChanges } from '../host/watch.js';

/** Each line has its version: two versions of Blueprint may write one journal. */
const format = lineFormat(1, isEntry);

const journalPath = (featureDir: string): string => join(featureDir, 'journal.jsonl');

/**
 * Appends entries. It may be done again after a kill: readers drop what they saw. What was lost with a workflow task may
 * come out otherwise when that is tried again, since more has happened meanwhile: of a number, the last entry counts.
 *
 * @throws system errors as they come
 */
export async function appendJournal(featureDir: string, entries: readonly JournalEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await mkdir(featureDir, { recursive: true });
  const handle = await open(journalPath(featureDir), 'a+');
  try {
    const lines = entries.map(format.text).join('');
    // After a kill the file may end within a line: what comes must not become part of it.
    const text = (await endsWithinLine(handle)) ? `\n${lines}` : lines;
    // One write: of two who append at once, neither gets between the other's words.
    const bytes = Buffer.from(text);
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten < bytes.length) throw new Error('Only a part of the journal could be written.');
  } finally {
    await handle.close();
  }
}

type Handle = Awaited<ReturnType<typeof open>>;

async function endsWithinLine(handle: Handle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== newline;
}

const newline = 0x0a;

/** What a feature's journal has come to: without repeats and torn lines. */
export interface ReadJournal extends Pick<JournalFold, 'entries' | 'view'> {
  /** The number of the last entry; 0 before the first. */
  last: number;
}

/** Reads a feature's journal: at first the whole of it, then what came since. */
export function openJournal(featureDir: string): () => Promise<ReadJournal> {
  const read = journalReader(featureDir);
  const fold = createFold();
  let last = 0;
  let reading: Promise<unknown> = Promise.resolve();
  const readOn = async () => {
    for (const { number, entry } of await read()) {
      fold.take(number, entry);
      last = number;
    }
  };
  return async () => {
    // One after the other: each goes on where the one before has ended.
    const mine = reading.then(readOn);
    reading = mine.catch(() => undefined);
    await mine;
    return { entries: fold.entries, view: fold.view, last };
  };
}

/** The entries of a feature's journal that count, in order. */
export const readJournal = async (featureDir: string): Promise<JournalEntry[]> =>
  (await openJournal(featureDir)()).entries();

/**
 * The journal's entries, first those that are there, in order, then each as it comes, each once; again where it was
 * written again with another content.
 *
 * @param options.after the number of the last entry that is passed over; 0 by default
 * @param options.signal ends the iteration
 */
export async function* followJournal(
  featureDir: string,
  { after = 0, signal }: { after?: number | undefined; signal: AbortSignal },
): AsyncGenerator<FeatureEvent> {
  const read = journalReader(featureDir);
  const fold = createFold();
  const changes = watchChanges(journalPath(featureDir));
  try {
    for (;;) {
      // It rejects when the signal is aborted, and only then.
      await changes.next(signal).catch(() => undefined);
      if (signal.aborted) return;
      for (const { number, entry } of await read()) {
        if (signal.aborted) return;
        if (fold.take(number, entry) && number > after) yield { number, entry, view: fold.view() };
      }
    }
  } finally {
    changes.close();
  }
}

/** Reads what came since it was last called. An entry's number is its line's, so that it stays what it is. */
function journalReader(featureDir: string): () => Promise<{ number: number; entry: JournalEntry }[]> {
  const path = journalPath(featureDir);
  const came: { number: number; entry: JournalEntry }[] = [];
  let number = 0;
  let newer: unknown;
  // What follows the last line end is torn, or still being written: it is given when its end is there.
  const tail = tailFile(path, (line) => {
    number++;
    try {
      // A damaged line costs itself: whoever was killed while it was written has written it again.
      const entry = format.parse(line, path);
      if (entry !== undefined) came.push({ number, entry });
    } catch (error) {
      newer = error;
    }
  });
  return async () => {
    await tail.read().catch((error: unknown) => {
      const reason = `${path} cannot be read (${errorCode(error) ?? 'unknown error'}).`;
      throw new Problem('file-unreadable', reason, { cause: error });
    });
    // Each time: what follows such a line is not the whole story.
    if (newer !== undefined) throw newer;
    return came.splice(0);
  };
}
