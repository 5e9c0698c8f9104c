import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { after, test } from 'node:test';
import { run } from '../src/run.js';

// Each test file runs in a process of its own, so its current folder can be set for good.
const folder = mkdtempSync(join(tmpdir(), 'tally-'));
process.chdir(folder);
after(() => {
  process.chdir(tmpdir());
  rmSync(folder, { recursive: true });
});
writeFileSync('poem.txt', 'roses are red\nviolets are blue\n');
writeFileSync('word.txt', 'word');

/** Runs the command; gives its exit status and what it wrote. */
async function tally(args, input = '') {
  const stdout = new PassThrough({ encoding: 'utf8' });
  const stderr = new PassThrough({ encoding: 'utf8' });
  const status = await run(args, { stdin: Readable.from([Buffer.from(input)]), stdout, stderr });
  return { status, stdout: stdout.read() ?? '', stderr: stderr.read() ?? '' };
}

test('prints a table with a total for several files', async () => {
  const { stdout, status } = await tally(['poem.txt', 'word.txt']);
  assert.equal(
    stdout,
    [
      'lines  words  bytes  file',
      '    2      6     31  poem.txt',
      '    0      1      4  word.txt',
      '    2      7     35  total',
      '',
    ].join('\n'),
  );
  assert.equal(status, 0);
});

test('reads standard input when no file is named', async () => {
  assert.match((await tally([], 'a b c\n')).stdout, /1 +3 +6 +-/);
});

test('--total prints the total and nothing else', async () => {
  const lines = (await tally(['--total', 'poem.txt', 'word.txt'])).stdout.trimEnd().split('\n');
  assert.equal(lines.length, 2);
  assert.match(lines[1], /2 +7 +35 +total/);
});

test('a file that cannot be read is named, and the others are counted', async () => {
  const { stdout, stderr, status } = await tally(['missing.txt', 'word.txt']);
  assert.match(stderr, /missing\.txt cannot be read \(ENOENT\)/);
  assert.match(stdout, /word\.txt/);
  assert.equal(status, 1);
});

test('a command line that cannot be followed explains itself', async () => {
  const { stderr, status } = await tally(['--nonsense']);
  assert.match(stderr, /There is no option --nonsense/);
  assert.match(stderr, /Usage: tally/);
  assert.equal(status, 2);
});
