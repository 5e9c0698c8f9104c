import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createLocalActivities } from '../../src/activities/local.js';
import { entriesOf } from '../domain/journal-entries.js';
import { temporaryFolders } from '../support/folders.js';

const folder = temporaryFolders();

test('what a person has to put right fails a step for good, with the reason', async () => {
  const root = await folder();
  await mkdir(join(root, '.blueprint', 'features', 'dark-mode'), { recursive: true });
  const steps = createLocalActivities({ root, heartbeatMs: 1_000 });
  const brief = { path: 'brief.md', sha256: 'a'.repeat(64), bytes: 1 };
  await expect(steps.takeSpec({ feature: 'dark-mode', fromBrief: brief })).rejects.toMatchObject({
    nonRetryable: true,
    details: [{ code: 'problem', params: { problem: 'file-missing' } }],
  });
});

test('what may pass is left to be tried again', async () => {
  const root = await folder();
  await writeFile(join(root, '.blueprint'), '');
  const steps = createLocalActivities({ root, heartbeatMs: 1_000 });
  const entries = entriesOf({ kind: 'stopped' });
  await expect(steps.journal({ feature: 'dark-mode', entries })).rejects.toMatchObject({ code: 'ENOTDIR' });
});
