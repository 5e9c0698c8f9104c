import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { historiesFolder, type RecordedHistory } from '../support/histories.js';
import '../support/quiet-runtime.js';
import { testBundle } from '../support/temporal.js';

const names = readdirSync(historiesFolder).filter((name) => name.endsWith('.json'));

test('there are recorded histories', () => {
  expect(names.length).toBeGreaterThan(0);
});

test.each(names)(
  'the recorded run %s goes the same way today',
  async (name) => {
    const recorded = JSON.parse(readFileSync(join(historiesFolder, name), 'utf8')) as RecordedHistory;
    const workflowBundle = { code: await readFile(await testBundle(), 'utf8') };
    await expect(
      Worker.runReplayHistory({ workflowBundle }, recorded.history, recorded.workflowId),
    ).resolves.toBeUndefined();
  },
  60_000,
);
