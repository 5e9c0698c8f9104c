import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArgs, UsageError } from '../src/args.js';

test('words that are no options are files', () => {
  assert.deepEqual(parseArgs(['a.txt', 'b.txt']).files, ['a.txt', 'b.txt']);
});

test('options stand before, between or after the files', () => {
  for (const args of [['--total', 'a', 'b'], ['a', '--total', 'b'], ['a', 'b', '--total']]) {
    const options = parseArgs(args);
    assert.equal(options.totalOnly, true);
    assert.deepEqual(options.files, ['a', 'b']);
  }
});

test('a lone hyphen is standard input, not an option', () => {
  assert.deepEqual(parseArgs(['-']).files, ['-']);
});

test('what follows -- is a file, whatever it looks like', () => {
  const options = parseArgs(['--', '--total', '-x']);
  assert.equal(options.totalOnly, false);
  assert.deepEqual(options.files, ['--total', '-x']);
});

test('an option that does not exist is named', () => {
  assert.throws(() => parseArgs(['--bytes']), new UsageError('There is no option --bytes.'));
});
