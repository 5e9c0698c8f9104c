import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import type { FeatureEvent } from '../../src/domain/journal/fold.js';
import { appendJournal, followJournal, readJournal } from '../../src/feature/journal.js';
import { reasonText } from '../../src/present/reasons.js';
import { saying } from '../domain/journal-entries.js';
import { temporaryFolders } from '../support/folders.js';

const folder = temporaryFolders();

const entry = (seq: number, at: number, workflow = 'w', run = 'r'): JournalEntry => ({
  kind: 'warning',
  reason: saying(`${workflow}/${seq}`),
  at,
  workflow,
  run,
  seq,
});

type Line = Record<string, unknown>;

const line = (one: JournalEntry): string => `${JSON.stringify({ v: 1, ...one })}\n`;

const told = (entries: JournalEntry[]) =>
  entries.map((one) =>
    one.kind === 'warning' && one.reason.code === 'person' ? one.reason.params.text : one.kind,
  );

test('what several workflows write is in one order, that of the writing', async () => {
  const directory = await folder();
  await appendJournal(directory, [entry(1, 10, 'a'), entry(2, 30, 'a')]);
  await appendJournal(directory, [entry(1, 20, 'a/T001/1')]);
  await appendJournal(directory, [entry(3, 40, 'a')]);
  expect(told(await readJournal(directory))).toEqual(['a/1', 'a/2', 'a/T001/1/1', 'a/3']);
});

test('a feature that has no journal yet has no entries', async () => {
  expect(await readJournal(join(await folder(), 'nothing'))).toEqual([]);
});

test('entries that were appended again after a kill are read once', async () => {
  const directory = await folder();
  await appendJournal(directory, [entry(1, 10), entry(2, 20)]);
  await appendJournal(directory, [entry(1, 10), entry(2, 20), entry(3, 30)]);
  await appendJournal(directory, [entry(1, 40, 'w', 'r2')]);
  expect(told(await readJournal(directory))).toEqual(['w/1', 'w/2', 'w/3', 'w/1']);
});

test('of what was written otherwise after a kill, the last counts', async () => {
  const directory = await folder();
  const instead: JournalEntry = {
    kind: 'warning',
    reason: saying('instead'),
    at: 25,
    workflow: 'w',
    run: 'r',
    seq: 2,
  };
  await appendJournal(directory, [entry(1, 10), entry(2, 20)]);
  const seen: string[] = [];
  const end = new AbortController();
  for await (const { entry: one } of followJournal(directory, end)) {
    seen.push(...told([one]));
    if (seen.length === 2) await appendJournal(directory, [entry(1, 15), instead, entry(3, 30)]);
    if (seen.length === 4) end.abort();
  }
  expect(seen).toEqual(['w/1', 'w/2', 'instead', 'w/3']);
  expect(told(await readJournal(directory))).toEqual(['w/1', 'instead', 'w/3']);
});

test('a line torn by a kill costs nothing but itself', async () => {
  const directory = await folder();
  await appendJournal(directory, [entry(1, 10)]);
  const path = join(directory, 'journal.jsonl');
  await appendFile(path, line(entry(2, 20)).slice(0, 30));
  expect(told(await readJournal(directory))).toEqual(['w/1']);
  await appendJournal(directory, [entry(2, 20), entry(3, 30)]);
  expect(told(await readJournal(directory))).toEqual(['w/1', 'w/2', 'w/3']);
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(5);
});

test('lines that are no entries are passed over', async () => {
  const directory = await folder();
  await writeFile(join(directory, 'journal.jsonl'), `\nnull\n[]\n{"kind":"warning"}\n${line(entry(1, 1))}`);
  expect(told(await readJournal(directory))).toEqual(['w/1']);
});

test.each([
  ['without a version', ({ v: _, ...rest }: Line) => rest],
  ['of a kind that is not known', (one: Line) => ({ ...one, kind: 'toString' })],
  ['without what its kind has', ({ reason: _, ...rest }: Line) => rest],
  ['with a reason that is none', (one: Line) => ({ ...one, reason: 'because' })],
  ['with a number that is none', (one: Line) => ({ ...one, seq: '2' })],
  ['with a task that is none', (one: Line) => ({ ...one, task: 7 })],
])('a line %s costs nothing but itself', async (_, damage) => {
  const directory = await folder();
  const damaged = JSON.stringify(damage(JSON.parse(line(entry(2, 20)))));
  const path = join(directory, 'journal.jsonl');
  await writeFile(path, `${line(entry(1, 10))}${damaged}\n${line(entry(3, 30))}`);
  expect(told(await readJournal(directory))).toEqual(['w/1', 'w/3']);
});

test('what a line has besides is kept', async () => {
  const directory = await folder();
  const more = JSON.stringify({ ...JSON.parse(line(entry(1, 10))), host: 'ada' });
  await writeFile(join(directory, 'journal.jsonl'), `${more}\n`);
  expect(await readJournal(directory)).toEqual([{ ...entry(1, 10), host: 'ada' }]);
});

test('a line of a newer version is named, and not passed over', async () => {
  const directory = await folder();
  const path = join(directory, 'journal.jsonl');
  await writeFile(path, `${line(entry(1, 10))}{"v":2,"kind":"later"}\n`);
  await expect(readJournal(directory)).rejects.toMatchObject({ code: 'newer-file', params: { file: path } });
});

test('many appends at once lose no line', async () => {
  const directory = await folder();
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => appendJournal(directory, [entry(index, index)])),
  );
  expect(await readJournal(directory)).toHaveLength(50);
});

describe('following', () => {
  test('tells what is there, then what comes, each once, until it is ended', async () => {
    const directory = await folder();
    const end = new AbortController();
    await appendJournal(directory, [entry(1, 10), entry(2, 20)]);
    const heard: string[] = [];
    for await (const { entry: one } of followJournal(directory, end)) {
      heard.push(...told([one]));
      if (heard.length === 2) await appendJournal(directory, [entry(2, 20), entry(3, 30)]);
      // A line in two pieces.
      if (heard.length === 3) {
        const text = line(entry(1, 40, 'child'));
        const path = join(directory, 'journal.jsonl');
        await appendFile(path, text.slice(0, 20));
        setTimeout(() => void appendFile(path, text.slice(20)), 30);
      }
      if (heard.length === 4) end.abort();
    }
    expect(heard).toEqual(['w/1', 'w/2', 'w/3', 'child/1']);
  });

  test('one who went away reads on after the last entry’s number, and nothing is folded twice', async () => {
    const directory = await folder();
    const failure = (seq: number): JournalEntry => ({
      ...entry(seq, seq),
      kind: 'error',
      reason: saying(`${seq}`),
    });
    const read = async (after: number, most: number) => {
      const end = new AbortController();
      const events: FeatureEvent[] = [];
      for await (const event of followJournal(directory, { after, signal: end.signal })) {
        // The view goes on being changed: what it says now is kept.
        events.push({ ...event, view: structuredClone(event.view) });
        if (events.length === most) end.abort();
      }
      return events;
    };
    await appendJournal(directory, [failure(1), failure(2)]);
    const before = await read(0, 2);
    expect(before.map(({ number }) => number)).toEqual([1, 2]);
    // A kill: the last one is written again, and after it a line that is torn.
    await appendJournal(directory, [failure(2)]);
    await appendFile(join(directory, 'journal.jsonl'), '{"kind":"er');
    await appendJournal(directory, [failure(3), failure(4)]);
    const after = await read(2, 2);
    expect(after.map(({ number, entry: one }) => [number, one.seq])).toEqual([
      [5, 3],
      [6, 4],
    ]);
    expect(after.map(({ view }) => view.errors.map(({ reason }) => reasonText(reason)))).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3', '4'],
    ]);
    expect(await read(5, 1)).toEqual(after.slice(1));
  });

  test('what was written otherwise after a kill takes the place of what it was', async () => {
    const directory = await folder();
    const end = new AbortController();
    const failure = (seq: number, message: string): JournalEntry => ({
      ...entry(seq, seq),
      kind: 'error',
      reason: saying(message),
    });
    await appendJournal(directory, [failure(1, 'a'), failure(2, 'b'), failure(1, 'c')]);
    for await (const { number, view } of followJournal(directory, { after: 2, signal: end.signal })) {
      expect(number).toBe(3);
      expect(view.errors.map(({ reason }) => reasonText(reason))).toEqual(['c', 'b']);
      end.abort();
    }
  });

  test('can begin before there is a journal', async () => {
    const directory = join(await folder(), 'later');
    const end = new AbortController();
    setTimeout(() => void appendJournal(directory, [entry(1, 10)]), 30);
    for await (const { entry: one } of followJournal(directory, end)) {
      expect(told([one])).toEqual(['w/1']);
      end.abort();
    }
  });

  test('ends at once when nobody listens any more', async () => {
    const end = new AbortController();
    const following = followJournal(await folder(), end).next();
    end.abort();
    expect(await following).toEqual({ done: true, value: undefined });
  });
});
