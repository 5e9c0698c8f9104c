import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lineSplitter, readEnd, readFrom, tailFile } from '../../src/host/tail.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blueprint-tail-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a file that grows', () => {
  test('is given line by line, each when its end is there, from before it is made', async () => {
    const lines: string[] = [];
    const tail = tailFile(path, (line) => lines.push(line));
    await tail.read();
    expect(lines).toEqual([]);
    await appendFile(path, 'one\ntw');
    await tail.read();
    expect(lines).toEqual(['one']);
    await appendFile(path, 'o\n\nthree');
    await tail.read();
    expect(lines).toEqual(['one', 'two', '']);
    tail.end();
    expect(lines).toEqual(['one', 'two', '', 'three']);
  });

  test('keeps characters whole that were written in two pieces', async () => {
    const lines: string[] = [];
    const tail = tailFile(path, (line) => lines.push(line));
    const bytes = Buffer.from('é\n');
    await appendFile(path, bytes.subarray(0, 1));
    await tail.read();
    await appendFile(path, bytes.subarray(1));
    await tail.read();
    expect(lines).toEqual(['é']);
  });

  test('of over 64 KiB is read whole, and once', async () => {
    const text = `${'x'.repeat(99)}\n`.repeat(2_000);
    await appendFile(path, text);
    let read = '';
    const position = await readFrom(path, 0, (bytes) => {
      read += bytes.toString();
    });
    expect(position).toBe(text.length);
    expect(read).toBe(text);
    expect(await readFrom(path, position, () => expect('nothing').toBe('more'))).toBe(position);
  });

  test('leaves out a line that would fill the memory, and says so', async () => {
    const lines: string[] = [];
    const tail = tailFile(path, (line) => lines.push(line));
    await appendFile(path, `${'x'.repeat(8 * 1024 * 1024 + 1)}\nshort\n`);
    await tail.read();
    expect(lines).toEqual(['short']);
    expect(tail.lineTooLong()).toBe(true);
  });
});

test('a long line is given in pieces where that is asked for', () => {
  const lines: string[] = [];
  const text = lineSplitter((line) => lines.push(line), 4);
  text.add(Buffer.from('abc'));
  expect([lines, text.rest()]).toEqual([[], 'abc']);
  text.add(Buffer.from('def'));
  expect([lines, text.rest()]).toEqual([['abcdef'], '']);
  text.add(Buffer.from('gh\n'));
  expect(lines).toEqual(['abcdef', 'gh']);
  expect(text.lineTooLong()).toBe(false);
});

test('the end of a file is at most as long as asked for', async () => {
  expect(await readEnd(path, 10)).toBe('');
  await appendFile(path, 'first\nsecond\n');
  expect(await readEnd(path, 7)).toBe('second\n');
  expect(await readEnd(path, 100)).toBe('first\nsecond\n');
});
