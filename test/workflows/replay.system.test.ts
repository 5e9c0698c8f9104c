import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { historiesFolder, type RecordedHistory } from '../support/histories.js';
import { replay } from '../support/replay.js';

const names = readdirSync(historiesFolder).filter((name) => name.endsWith('.json'));

test('there are recorded histories', () => {
  expect(names.length).toBeGreaterThan(0);
});

test.each(names)(
  'the recorded run %s goes the same way today',
  async (name) => {
    const recorded = JSON.parse(readFileSync(join(historiesFolder, name), 'utf8')) as RecordedHistory;
    await expect(replay(recorded.history, recorded.workflowId)).resolves.toBeUndefined();
  },
  60_000,
);
