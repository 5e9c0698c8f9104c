import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, sum } from '../src/count.js';

test('lines are line ends, words are what white space parts, bytes are bytes', () => {
  assert.deepEqual(count(Buffer.from('one two\n three\n')), { lines: 2, words: 3, bytes: 15 });
});

test('an empty file has nothing to count', () => {
  assert.deepEqual(count(Buffer.alloc(0)), { lines: 0, words: 0, bytes: 0 });
});

test('a letter of two bytes counts as two bytes', () => {
  assert.equal(count(Buffer.from('é')).bytes, 2);
});

test('the sum of no files is zero', () => {
  assert.deepEqual(sum([]), { lines: 0, words: 0, bytes: 0 });
});
