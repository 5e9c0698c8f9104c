import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import { appendJournal, followJournal, readJournal } from '../../src/feature/journal.js';
import { temporaryFolders } from './folder.js';

const folder = temporaryFolders();

const entry = (seq: number, at: number, workflow = 'w', run = 'r'): JournalEntry => ({
  kind: 'warning',
  message: `${workflow}/${seq}`,
  at,
  workflow,
  run,
  seq,
});

const told = (entries: JournalEntry[]) =>
  entries.map((one) => (one.kind === 'warning' ? one.message : one.kind));

test('the files of all workflows are merged in the order of their times', async () => {
  const directory = await folder();
  await appendJournal(directory, 'feature', [entry(1, 10, 'a'), entry(2, 10, 'a'), entry(3, 40, 'a')]);
  await appendJournal(directory, 'T001.1', [entry(1, 20, 'a/T001/1'), entry(2, 40, 'a/T001/1')]);
  expect(told(await readJournal(directory))).toEqual(['a/1', 'a/2', 'a/T001/1/1', 'a/3', 'a/T001/1/2']);
});

test('a feature that has no journal yet has no entries', async () => {
  expect(await readJournal(join(await folder(), 'nothing'))).toEqual([]);
});

test('entries that were appended again after a kill are read once', async () => {
  const directory = await folder();
  await appendJournal(directory, 'feature', [entry(1, 10), entry(2, 20)]);
  await appendJournal(directory, 'feature', [entry(1, 10), entry(2, 20), entry(3, 30)]);
  await appendJournal(directory, 'feature', [entry(1, 40, 'w', 'r2')]);
  expect(told(await readJournal(directory))).toEqual(['w/1', 'w/2', 'w/3', 'w/1']);
});

test('of what was written otherwise after a kill, the last counts', async () => {
  const directory = await folder();
  const instead = { ...entry(2, 25), message: 'instead' } as JournalEntry;
  await appendJournal(directory, 'feature', [entry(1, 10), entry(2, 20)]);
  const seen: string[] = [];
  const end = new AbortController();
  for await (const one of followJournal(directory, end.signal)) {
    seen.push(...told([one]));
    if (seen.length === 2) await appendJournal(directory, 'feature', [entry(1, 15), instead, entry(3, 30)]);
    if (seen.length === 4) end.abort();
  }
  expect(seen).toEqual(['w/1', 'w/2', 'instead', 'w/3']);
  expect(told(await readJournal(directory))).toEqual(['w/1', 'instead', 'w/3']);
});

test('a line torn by a kill costs nothing but itself', async () => {
  const directory = await folder();
  await appendJournal(directory, 'feature', [entry(1, 10)]);
  const path = join(directory, 'journal', 'feature.jsonl');
  await appendFile(path, JSON.stringify(entry(2, 20)).slice(0, 30));
  expect(told(await readJournal(directory))).toEqual(['w/1']);
  await appendJournal(directory, 'feature', [entry(2, 20), entry(3, 30)]);
  expect(told(await readJournal(directory))).toEqual(['w/1', 'w/2', 'w/3']);
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(5);
});

test('lines that are no entries are passed over', async () => {
  const directory = await folder();
  await mkdir(join(directory, 'journal'));
  await writeFile(
    join(directory, 'journal', 'x.jsonl'),
    `\nnull\n[]\n{"kind":"warning"}\n${JSON.stringify(entry(1, 1))}\n`,
  );
  await writeFile(join(directory, 'journal', 'notes.txt'), 'mine\n');
  expect(told(await readJournal(directory))).toEqual(['w/1']);
});

test('many appends at once lose no line', async () => {
  const directory = await folder();
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => appendJournal(directory, 'feature', [entry(index, index)])),
  );
  expect(await readJournal(directory)).toHaveLength(50);
});

test('a file that is no plain name is refused', async () => {
  const directory = await folder();
  await expect(appendJournal(directory, '../x', [entry(1, 1)])).rejects.toThrow('cannot be used');
});

describe('following', () => {
  test('tells what is there, then what comes, each once, until it is ended', async () => {
    const directory = await folder();
    const end = new AbortController();
    await appendJournal(directory, 'feature', [entry(1, 10), entry(2, 20)]);
    const heard: string[] = [];
    for await (const one of followJournal(directory, end.signal)) {
      heard.push(...told([one]));
      if (heard.length === 2) await appendJournal(directory, 'feature', [entry(2, 20), entry(3, 30)]);
      // A file of another workflow, begun while we follow, its first line in two pieces.
      if (heard.length === 3) {
        const line = `${JSON.stringify(entry(1, 40, 'child'))}\n`;
        const path = join(directory, 'journal', 'T001.1.jsonl');
        await writeFile(path, line.slice(0, 20));
        setTimeout(() => void appendFile(path, line.slice(20)), 30);
      }
      if (heard.length === 4) end.abort();
    }
    expect(heard).toEqual(['w/1', 'w/2', 'w/3', 'child/1']);
  });

  test('can begin before there is a journal', async () => {
    const directory = join(await folder(), 'later');
    const end = new AbortController();
    setTimeout(() => void appendJournal(directory, 'feature', [entry(1, 10)]), 30);
    for await (const one of followJournal(directory, end.signal)) {
      expect(told([one])).toEqual(['w/1']);
      end.abort();
    }
  });

  test('ends at once when nobody listens any more', async () => {
    const end = new AbortController();
    const following = followJournal(await folder(), end.signal).next();
    end.abort();
    expect(await following).toEqual({ done: true, value: undefined });
  });
});
