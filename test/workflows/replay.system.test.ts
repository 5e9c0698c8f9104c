/** Runs that were recorded: of each kind that a change to the workflows could break, and of no machine in particular. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { historiesFolder, type RecordedHistory, textsOf } from '../support/histories.js';
import { replay } from '../support/replay.js';

const names = readdirSync(historiesFolder).filter((name) => name.endsWith('.json'));
const read = (name: string) =>
  JSON.parse(readFileSync(join(historiesFolder, name), 'utf8')) as RecordedHistory;

test('there are histories of features and of tasks, of gates, stops, races, quotas, budgets, and a long run', () => {
  const wanted = [
    ...['approval-three-days-later', 'rejected-spec', 'manual-review', 'stopped-task', 'stopped-feature'],
    ...['rate-limit', 'quota', 'bought-quota-draft', 'budget', 'budget-before-plan'],
    ...['race', 'race.T001.1', 'conflict', 'conflict.T002.2', 'continued-as-new'],
  ];
  expect(wanted.filter((name) => !names.includes(`${name}.json`))).toEqual([]);
});

test.each(names)('%s holds no path of the machine that recorded it', (name) => {
  const paths = textsOf(read(name)).flatMap(
    (text) => text.match(/\/(?:home|root|tmp|work|Users|var)\/[^\s"]*/g) ?? [],
  );
  expect(paths).toEqual([]);
});

test.each(names)('the recorded run %s goes the same way today', async (name) => {
  const recorded = read(name);
  await expect(replay(recorded.history, recorded.workflowId)).resolves.toBeUndefined();
});
