/** Slots: how many commands run at once, over all that share them. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { identify } from '../../../../src/host/processes.js';
import { type Slots, takeSlot } from '../../../../src/models/calls/slots/check-slots.js';
import { readClaim } from '../../../../src/models/calls/store/claim.js';
import { runCommand } from '../../../../src/models/command-call.js';
import { commandEnvironment } from '../../../../src/models/environment.js';
import { until } from '../../../support/calls.js';
import { testFolder } from '../../../support/source-process.js';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(testFolder(), 'slots-')));
});
const slots = (count: number): Slots => ({ folder: join(folder, 'slots'), count });

const run = (round: number, command: string, count: number, signal = new AbortController().signal) =>
  runCommand(
    // Each as of a feature of its own.
    join(folder, `calls-${round}`),
    {
      call: { name: 'checks', round, inputs: { v: 1 } },
      ...{ kind: 'check', command, cwd: folder },
      limits: { totalSeconds: 60, inactivitySeconds: 60, graceSeconds: 1, tries: 2 },
      environment: commandEnvironment(process.env),
    },
    { signal, slots: slots(count) },
  );

const never = () => new AbortController().signal;

test('of several commands no more run at once than there are slots, each with a number of its own', async () => {
  const log = join(folder, 'log');
  const command = `echo "begin $BLUEPRINT_SLOT" >>'${log}'; sleep 0.3; echo "end $BLUEPRINT_SLOT" >>'${log}'`;
  await Promise.all([1, 2, 3, 4, 5].map((round) => run(round, command, 2)));
  const held = new Set<string>();
  for (const line of (await readFile(log, 'utf8')).trim().split('\n')) {
    const [what, number = ''] = line.split(' ');
    expect(['0', '1']).toContain(number);
    expect(held.has(number)).toBe(what === 'end');
    if (what === 'begin') held.add(number);
    else held.delete(number);
  }
  expect(held.size).toBe(0);
});

test('a command that runs on without its worker keeps its slot until it ends, and whoever takes it over is told it', async () => {
  const go = join(folder, 'go');
  const began = join(folder, 'began');
  const command = `echo "$BLUEPRINT_SLOT" >'${began}'; while ! [ -e '${go}' ]; do sleep 0.05; done; echo "$BLUEPRINT_SLOT"`;
  const worker = new AbortController();
  const lost = run(1, command, 1, worker.signal);
  await until(() => existsSync(began));
  worker.abort(new Error('the worker is gone'));
  await expect(lost).rejects.toThrow('the worker is gone');
  let secondBegan = false;
  const second = run(2, 'exit 0', 1).then((result) => {
    secondBegan = true;
    return result;
  });
  const adopted = run(1, command, 1);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(secondBegan).toBe(false);
  await writeFile(go, '');
  const result = await adopted;
  expect(result.source).toBe('adopted');
  expect(await readFile(result.outputPath, 'utf8')).toBe('0\n');
  expect((await second).status).toBe(0);
});

test('a try that has a slot keeps it when it is asked for again', async () => {
  const tryDirectory = join(folder, 'call/1');
  await mkdir(tryDirectory, { recursive: true });
  const other = join(folder, 'other/1');
  await mkdir(other, { recursive: true });
  expect(await takeSlot(slots(3), other, never())).toBe(0);
  expect(await takeSlot(slots(3), tryDirectory, never())).toBe(1);
  expect(await takeSlot(slots(3), tryDirectory, never())).toBe(1);
});

test('who waits for a slot can give up', async () => {
  const tryDirectory = join(folder, 'call/1');
  await mkdir(tryDirectory, { recursive: true });
  await takeSlot(slots(1), tryDirectory, never());
  const waiting = new AbortController();
  const late = takeSlot(slots(1), join(folder, 'late/1'), waiting.signal);
  waiting.abort(new Error('enough'));
  await expect(late).rejects.toThrow('enough');
});

test('a worker that died before its command began holds nothing, and that command does not begin later', async () => {
  const tryDirectory = join(folder, 'call/1');
  const other = join(folder, 'other/1');
  for (const made of [tryDirectory, other, join(folder, 'slots')]) await mkdir(made, { recursive: true });
  const own = await identify(process.pid);
  const dead = { ...own, birth: '1' };
  await writeFile(join(folder, 'slots/0.json'), JSON.stringify({ tryDirectory, starter: dead }));
  expect(await takeSlot(slots(1), other, never())).toBe(0);
  expect(await readClaim(tryDirectory)).toBe('void');
});

test('a call that was removed holds nothing', async () => {
  const other = join(folder, 'other/1');
  for (const made of [other, join(folder, 'slots')]) await mkdir(made, { recursive: true });
  const starter = await identify(process.pid);
  await writeFile(
    join(folder, 'slots/0.json'),
    JSON.stringify({ tryDirectory: join(folder, 'gone/1'), starter }),
  );
  expect(await takeSlot(slots(1), other, never())).toBe(0);
});
