/** Setup and checks in the call store. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type CommandCall, runCommand } from '../../src/models/command-call.js';
import { commandEnvironment } from '../../src/models/environment.js';
import { runs } from '../support/calls.js';
import { testFolder } from '../support/source-process.js';

async function command(
  text: string,
  rest: Partial<CommandCall> = {},
): Promise<() => ReturnType<typeof runCommand>> {
  const cwd = await mkdtemp(join(testFolder(), 'command-'));
  const call: CommandCall = {
    call: { name: 'T001-check-test', round: 1, inputs: { v: 1, commit: 'abc' } },
    kind: 'check',
    command: text,
    cwd,
    limits: { totalSeconds: 60, inactivitySeconds: 60, graceSeconds: 1, tries: 2 },
    environment: commandEnvironment(process.env),
    slots: { folder: join(cwd, 'slots'), count: 1, heldByStrays: true },
    ...rest,
  };
  return () => runCommand(join(cwd, 'calls'), call, { signal: new AbortController().signal });
}

test('a check that fails is a result, with both streams as they came', async () => {
  const run = await command('echo one; echo two >&2; echo three; exit 4');
  const result = await run();
  expect(result).toMatchObject({ status: 4, source: 'made' });
  expect(await readFile(result.outputPath, 'utf8')).toBe('one\ntwo\nthree\n');
  expect(await run()).toMatchObject({ status: 4, source: 'reused', outputPath: result.outputPath });
});

test('a command that the shell cannot read is a result that says why', async () => {
  const result = await (await command('if then'))();
  expect(result.status).toBe(2);
  expect(await readFile(result.outputPath, 'utf8')).toMatch(/[Ss]yntax error/);
});

test('a check that runs too long is a result', async () => {
  const limits = { totalSeconds: 1, inactivitySeconds: 60, graceSeconds: 0, tries: 2 };
  expect(await (await command('sleep 60', { limits }))()).toMatchObject({ endedBy: 'timeout' });
});

test('what a check left running is gone', async () => {
  const result = await (await command('setsid sleep 60 & echo $!; sleep 61 & echo $!'))();
  const pids = (await readFile(result.outputPath, 'utf8')).trim().split('\n').map(Number);
  expect(pids.map(runs)).toEqual([false, false]);
});
