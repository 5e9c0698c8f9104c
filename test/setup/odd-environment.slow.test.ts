/** The unit tests pass whoever runs them: with keys of every vendor, another language, and a git that is set up oddly. */
import { mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { testFolder } from '../support/source-process.js';
import { oddEnvironment } from './odd-environment.js';

test('the unit tests pass in an odd environment', async () => {
  const home = await realpath(await mkdtemp(join(testFolder(), 'odd-')));
  const { BLUEPRINT_TEST_FOLDER: _, ...odd } = await oddEnvironment(home);
  const jest = join('node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--selectProjects', 'unit', '--maxWorkers=2'];
  const run = await execa(process.execPath, ['--experimental-vm-modules', jest, ...options], {
    env: { ...odd, NODE_OPTIONS: '' },
    extendEnv: false,
    all: true,
    reject: false,
  });
  // What failed, where something did.
  const lines = stripVTControlCharacters(run.all).split('\n');
  expect(lines.filter((line) => /^FAIL|^ +●/.test(line))).toEqual([]);
  expect(run.exitCode).toBe(0);
}, 300_000);
