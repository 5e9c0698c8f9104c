/** What holds for several states of a task is in one table. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { taskStates } from '../../src/domain/vocabulary.js';

test('no file but the table lists a task’s states', () => {
  const state = `'(?:${taskStates.join('|')})'`;
  const list = new RegExp(`\\[\\s*${state}\\s*(?:,\\s*${state}\\s*)+,?\\s*\\]`);
  const compared = new RegExp(`state\\)? [!=]== ${state} (?:&&|\\|\\|)\\s+\\S*state\\)? [!=]== ${state}`);
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(sources.length).toBeGreaterThan(200);
  const listing = sources
    .filter((name) => name !== join('domain', 'vocabulary.ts'))
    .filter((name) =>
      [list, compared].some((pattern) => pattern.test(readFileSync(join('src', name), 'utf8'))),
    );
  expect(listing).toEqual([]);
});
