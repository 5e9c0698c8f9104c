/** The journal on disk: one file for each workflow, so that nobody shares a tail, and one line for each entry. */

import { watch } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEntry } from '../domain/journal/entries.js';
import { Problem } from '../domain/problem.js';
import { unlessMissing } from '../host/files.js';

const folderName = 'journal';

/**
 * Appends entries. It may be done again after a kill: readers drop what they saw. What was lost with a workflow task may
 * come out otherwise when that is tried again, since more has happened meanwhile: of a number, the last entry counts.
 *
 * @param file the journal file's name without `.jsonl`, one for each workflow, such as `feature` or `T001.2`
 * @throws {Problem} for a name that is no plain one; system errors as they come
 */
export async function appendJournal(
  featureDir: string,
  file: string,
  entries: readonly JournalEntry[],
): Promise<void> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(file))
    throw new Problem('path-unusable', `The journal's name ${JSON.stringify(file)} cannot be used.`);
  if (entries.length === 0) return;
  const folder = join(featureDir, folderName);
  await mkdir(folder, { recursive: true });
  const handle = await open(join(folder, `${file}.jsonl`), 'a+');
  try {
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    // After a kill the file may end within a line: what comes must not become part of it.
    const text = (await endsWithinLine(handle)) ? `\n${lines}` : lines;
    // One write: of two workers that append at once, neither gets between the other's words.
    const bytes = Buffer.from(text);
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten < bytes.length) throw new Error(`Only a part of the journal ${file} could be written.`);
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

/** The whole journal of a feature: all files merged and in order, without repeats and torn lines. */
export async function readJournal(featureDir: string): Promise<JournalEntry[]> {
  return journalReader(featureDir)();
}

// A watch can be missed, or be impossible on some file systems: the folder is looked at this often all the same.
const pollMs = 250;

/**
 * The journal's entries, first those that are there, in order, then each as it comes, each once; again where it was
 * written again with another content.
 *
 * @param signal ends the iteration
 */
export async function* followJournal(featureDir: string, signal: AbortSignal): AsyncGenerator<JournalEntry> {
  const read = journalReader(featureDir);
  while (!signal.aborted) {
    // Watched before it is read, so that what comes in between is not waited for.
    const change = nextChange(join(featureDir, folderName), signal);
    try {
      for (const entry of await read()) {
        if (signal.aborted) return;
        yield entry;
      }
      await change.happened;
    } finally {
      change.close();
    }
  }
}

function nextChange(folder: string, signal: AbortSignal): { happened: Promise<void>; close(): void } {
  let close = () => {};
  const happened = new Promise<void>((resolve) => {
    const done = () => resolve();
    const timer = setTimeout(done, pollMs);
    signal.addEventListener('abort', done, { once: true });
    let unwatch = () => {};
    try {
      const watcher = watch(folder, { persistent: false }, done);
      watcher.on('error', () => {});
      unwatch = () => watcher.close();
    } catch {
      // Not there yet, or not to be watched: the timer does.
    }
    close = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      unwatch();
    };
  });
  return { happened, close };
}

/** Reads what came since it was last called. Keeps for each file how far it got, and what it has told of each number. */
function journalReader(featureDir: string): () => Promise<JournalEntry[]> {
  const folder = join(featureDir, folderName);
  const offsets = new Map<string, number>();
  const told = new Map<string, string>();
  return async () => {
    const entries = new Map<string, JournalEntry>();
    for (const name of await journalFiles(folder)) {
      const { lines, offset } = await linesFrom(join(folder, name), offsets.get(name) ?? 0);
      offsets.set(name, offset);
      for (const line of lines) {
        const entry = parseEntry(line);
        if (entry === undefined) continue;
        const key = `${entry.workflow}\n${entry.run}\n${entry.seq}`;
        const content = JSON.stringify({ ...entry, at: 0 });
        if (told.get(key) === content) continue;
        told.set(key, content);
        entries.set(key, entry);
      }
    }
    return [...entries.values()].sort(inOrder);
  };
}

async function journalFiles(folder: string): Promise<string[]> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  return names.filter((name) => name.endsWith('.jsonl')).sort();
}

/** The whole lines from an offset on. What follows the last line end is torn, or still being written. */
async function linesFrom(path: string, offset: number): Promise<{ lines: string[]; offset: number }> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size <= offset) return { lines: [], offset };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - offset), 0, size - offset, offset);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(newline);
    if (end === -1) return { lines: [], offset };
    return { lines: buffer.toString('utf8', 0, end).split('\n'), offset: offset + end + 1 };
  } finally {
    await handle.close();
  }
}

/** A line that is no entry was torn by a kill; whoever wrote it wrote it again. */
function parseEntry(line: string): JournalEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, at, workflow, run, seq } = value as Record<string, unknown>;
  return (
    typeof kind === 'string' &&
    typeof at === 'number' &&
    typeof workflow === 'string' &&
    typeof run === 'string' &&
    typeof seq === 'number'
  );
}

const inOrder = (a: JournalEntry, b: JournalEntry): number =>
  a.at - b.at || (a.workflow < b.workflow ? -1 : a.workflow > b.workflow ? 1 : a.seq - b.seq);
