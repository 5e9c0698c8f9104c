import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { testBundle } from '../support/temporal.js';

test('the workflows are bundled once for all tests', async () => {
  const [path, again] = await Promise.all([testBundle(), testBundle()]);
  expect(again).toBe(path);
  expect(process.env.BLUEPRINT_TEST_BUNDLE).toBe(path);
  expect(await readFile(path, 'utf8')).toContain('featureWorkflow');
});
