/** Commands that a small process runs for the worker: they end as if the worker had run them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Command, type CommandEnd, execute } from '../../src/host/commands.js';
import { runCommand, startRunner } from '../../src/host/runner.js';
import { killHard, runs, until } from '../support/calls.js';
import { testFolder } from '../support/source-process.js';

const command = (script: string, more: Partial<Command> = {}): Command => ({
  file: 'sh',
  args: ['-c', script],
  cwd: '/',
  env: { PATH: process.env.PATH ?? '' },
  maxBytes: 1_000,
  timeoutMs: 60_000,
  ...more,
});
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const parentOf = async (): Promise<number> => Number(text((await runCommand(command('echo $PPID'))).stdout));

let runner: number;

beforeAll(async () => {
  startRunner();
  runner = await until(async () => {
    const parent = await parentOf();
    return parent === process.pid ? undefined : parent;
  }, 'the runner');
});
afterAll(async () => {
  if (runs(runner)) process.kill(runner, 'SIGKILL');
  await until(() => !runs(runner));
});

const readable = (end: CommandEnd) => ({ ...end, stdout: text(end.stdout), stderr: text(end.stderr) });

test.each([
  ['an answer', command('cat; echo bad >&2; exit 3', { input: 'ä\0b' })],
  ['bytes', command('cat', { input: new Uint8Array([0, 255, 10]) })],
  ['its own environment and folder', command('env; pwd', { cwd: '/tmp', env: { PATH: '/bin', ONE: '1' } })],
  ['too much output', command('printf 123456789', { maxBytes: 4 })],
  ['a signal', command('kill -9 $$')],
  ['too long a time', command('exec sleep 60', { timeoutMs: 100 })],
  ['no such program', command('', { file: 'no-such-program' })],
  ['no such folder', command('', { cwd: '/no/such/folder' })],
])('%s is told as a child of the worker itself would tell it', async (_, one) => {
  expect(readable(await runCommand(one))).toEqual(readable(await execute(one)));
});

test('many commands run side by side, and each gets its own answer', async () => {
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  const ends = await Promise.all(numbers.map((number) => runCommand(command(`echo ${number}`))));
  expect(ends.map(({ stdout }) => Number(text(stdout)))).toEqual(numbers);
});

test('when the worker is killed, its runner ends, and what that runs', async () => {
  const module = JSON.stringify(join(process.cwd(), 'dist', 'host', 'runner.js'));
  const script = `
    const { runCommand, startRunner } = await import(${module});
    startRunner();
    const order = (script) => runCommand({ ...${JSON.stringify(command(''))}, args: ['-c', script] });
    let parent;
    do parent = Number(Buffer.from((await order('echo $PPID')).stdout));
    while (parent === process.pid);
    order('echo $$ >' + process.argv[1] + '; exec sleep 600');
    console.log(parent);
  `;
  const pidFile = join(await mkdtemp(join(testFolder(), 'runner-')), 'pid');
  const worker = spawn(process.execPath, ['--input-type=module', '--eval', script, pidFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = await once(worker.stdout, 'data');
  const itsRunner = Number(printed);
  const itsCommand = await until(async () => Number(await readFile(pidFile, 'utf8').catch(() => '')));
  expect([itsRunner, itsCommand].map(runs)).toEqual([true, true]);
  await killHard(worker);
  await until(() => !runs(itsRunner) && !runs(itsCommand), 'the end of both');
});

test('when the runner is lost, its commands fail, and the worker runs the next ones itself', async () => {
  const running = runCommand(command('exec sleep 60'));
  process.kill(runner, 'SIGKILL');
  expect(await running).toMatchObject({
    status: undefined,
    code: 'the process that runs it for the worker was lost',
  });
  expect(await parentOf()).toBe(process.pid);
});
