/** Calls of one project share its places: never more at once, none forgotten, none held by the dead. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { identify } from '../../../../src/host/processes.js';
import { withSlot } from '../../../../src/models/calls/slots/call-slots.js';
import { runCall } from '../../../../src/models/calls/store/store.js';
import { until } from '../../../support/calls.js';
import { testFolder } from '../../../support/source-process.js';

interface Line {
  directory: string;
  most: number;
  folder: string;
}

async function line(most: number): Promise<Line> {
  const folder = await mkdtemp(join(testFolder(), 'slots-'));
  return { directory: join(folder, 'slots'), most, folder };
}

/** A call that takes a place, writes itself down, and runs for as long. */
const call = (
  slots: Line,
  feature: string,
  name: string,
  seconds: number,
  signal = new AbortController().signal,
) => {
  const log = join(slots.folder, 'log');
  const script = `echo "start ${feature}/${name}" >>${log}; sleep ${seconds}; echo "end ${feature}/${name}" >>${log}`;
  return runCall(
    join(slots.folder, feature),
    { name, round: 1, inputs: { v: 1 } },
    async () => ({
      command: { file: '/bin/sh', args: ['-c', script], cwd: slots.folder },
      prompt: '',
      limits: { totalSeconds: 60, inactivitySeconds: 60, graceSeconds: 1, tries: 1 },
      about: {},
    }),
    { result: z.string(), reader: () => ({ finish: async () => ({ ok: true, result: name }) }) },
    { environment: {}, signal, beforeTry: withSlot(slots, signal, undefined) },
  );
};

async function log({ folder }: Line): Promise<string[]> {
  const text = await readFile(join(folder, 'log'), 'utf8').catch(() => '');
  return text.split('\n').filter((entry) => entry !== '');
}

/** The most that ran at once. */
function height(lines: string[]): number {
  let now = 0;
  let most = 0;
  for (const entry of lines) {
    now += entry.startsWith('start') ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}

test('no more calls run at once than there are places, over all features, and all of them run', async () => {
  const slots = await line(3);
  const calls = ['one', 'two', 'three'].flatMap((feature) =>
    [1, 2, 3, 4].map((number) => call(slots, feature, `c${number}`, 0.2)),
  );
  await Promise.all(calls);
  const lines = await log(slots);
  expect(lines.filter((entry) => entry.startsWith('start'))).toHaveLength(12);
  expect(height(lines)).toBeLessThanOrEqual(3);
  expect(height(lines)).toBeGreaterThan(1);
  // Tickets of what has ended go with the next that comes.
  expect((await readdir(slots.directory)).length).toBeLessThanOrEqual(12);
}, 60_000);

test('whoever comes late to a long line is served in its turn', async () => {
  const slots = await line(1);
  const many = [1, 2, 3, 4, 5, 6].map((number) => call(slots, 'many', `c${number}`, 0.5));
  await until(
    async () => (await readdir(slots.directory).catch((): string[] => [])).includes('6'),
    'the line',
  );
  const few = call(slots, 'few', 'c1', 0.1);
  await until(async () => (await readdir(slots.directory)).includes('7'), 'the seventh ticket');
  const more = [7, 8].map((number) => call(slots, 'many', `c${number}`, 0.1));
  await Promise.all([...many, few, ...more]);
  const order = (await log(slots)).filter((entry) => entry.startsWith('start'));
  expect(order.indexOf('start few/c1')).toBe(6);
}, 60_000);

test('who waits hears that it is to detach, and gives its place up', async () => {
  const slots = await line(1);
  const first = call(slots, 'one', 'c1', 1);
  await until(async () => (await log(slots)).length > 0, 'the first');
  const controller = new AbortController();
  const second = call(slots, 'one', 'c2', 1, controller.signal);
  await until(async () => (await readdir(slots.directory)).length === 2, 'the second in the line');
  controller.abort(new Error('detached'));
  await expect(second).rejects.toThrow('detached');
  expect(await readdir(slots.directory)).toEqual(['1']);
  await first;
}, 60_000);

test('a call holds its place while its process lives, also when its worker is gone', async () => {
  const slots = await line(1);
  const controller = new AbortController();
  const left = call(slots, 'one', 'c1', 1.5, controller.signal);
  await until(async () => (await log(slots)).length > 0, 'the first');
  controller.abort(new Error('the worker ends'));
  await expect(left).rejects.toThrow('the worker ends');
  await call(slots, 'one', 'c2', 0);
  expect(await log(slots)).toEqual(['start one/c1', 'end one/c1', 'start one/c2', 'end one/c2']);
}, 60_000);

test('neither a worker that died while it waited nor a removed feature holds a place', async () => {
  const slots = await line(1);
  const self = await identify(process.pid);
  const gone = join(slots.folder, 'gone', 'call', '1');
  await mkdir(gone, { recursive: true });
  await mkdir(slots.directory);
  await writeFile(join(slots.directory, '1'), JSON.stringify({ try: gone, owner: { ...self, birth: '1' } }));
  await writeFile(
    join(slots.directory, '2'),
    JSON.stringify({ try: join(slots.folder, 'none'), owner: self }),
  );
  const started = performance.now();
  await call(slots, 'one', 'c1', 0);
  // Its worker could have started a process a moment before.
  expect(performance.now() - started).toBeLessThan(15_000);
  await rm(gone, { recursive: true });
}, 60_000);
