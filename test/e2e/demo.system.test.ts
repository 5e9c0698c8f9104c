import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { commandMain } from '../support/command-line.js';
import { testFolder } from '../support/source-process.js';
import { testServerEnvironment } from '../support/temporal.js';

// Sixteen calls of half a second, a kill, and two starts, on two busy cores.
const runMs = 120_000;

test(
  'the demonstration kills a worker, goes on, and keeps what it promises',
  async () => {
    const { exitCode, stdout } = await execa(process.execPath, [await commandMain(), 'demo'], {
      // Its folder is left for a person to look around in: here it goes with the test run's.
      env: { ...testServerEnvironment(), NODE_OPTIONS: '', TMPDIR: testFolder() },
      extendEnv: false,
      reject: false,
    });
    expect(stdout).toContain('calls: 16 made, 0 repeated');
    expect(exitCode).toBe(0);
  },
  runMs,
);
