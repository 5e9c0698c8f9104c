/** Calls of one project share its slots: never more at once, none forgotten, none held by the dead. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { identify } from '../../../../src/host/processes.js';
import { type Slots, takeSlot } from '../../../../src/models/calls/slots/slots.js';
import { readClaim } from '../../../../src/models/calls/store/claim.js';
import { tryDirectory } from '../../../../src/models/calls/store/records.js';
import { runCall } from '../../../../src/models/calls/store/store.js';
import type { TryRef } from '../../../../src/models/calls/store/types.js';
import { runCommand } from '../../../../src/models/command-call.js';
import { commandEnvironment } from '../../../../src/models/environment.js';
import { until } from '../../../support/calls.js';
import { testFolder } from '../../../support/source-process.js';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(testFolder(), 'slots-')));
});

const slots = (count: number, heldByStrays = true): Slots => ({
  folder: join(folder, 'slots'),
  count,
  heldByStrays,
});
const never = () => new AbortController().signal;

const tryOf = (name: string): TryRef => ({ call: name, callDirectory: join(folder, name), tryNumber: 1 });

async function makeTry(name: string): Promise<TryRef> {
  await mkdir(tryDirectory(tryOf(name)), { recursive: true });
  return tryOf(name);
}

const nameOf = (place: number, one: TryRef) =>
  `${place}-${createHash('sha256').update(tryDirectory(one)).digest('hex').slice(0, 8)}`;

/** A ticket as another worker wrote it. */
async function writeTicket(place: number, ticket: TryRef & { owner: unknown; slot?: number }) {
  await mkdir(slots(1).folder, { recursive: true });
  await writeFile(join(slots(1).folder, nameOf(place, ticket)), JSON.stringify(ticket));
}

const tickets = async () =>
  (await readdir(slots(1).folder).catch((): string[] => [])).filter((name) => /^\d+-/.test(name));
const lineOf = (length: number) =>
  until(async () => (await tickets()).length === length, `a line of ${length}`);

const deadWorker = async () => ({ ...(await identify(process.pid)), birth: '1' });

describe('calls to models', () => {
  /** A call that takes a slot, writes itself down, and runs for as long. */
  const call = (most: number, feature: string, name: string, seconds: number, signal = never()) => {
    const log = join(folder, 'log');
    const script = `echo "start ${feature}/${name}" >>${log}; sleep ${seconds}; echo "end ${feature}/${name}" >>${log}`;
    return runCall(
      join(folder, feature),
      { name, round: 1, inputs: { v: 1 } },
      async () => ({
        command: { file: '/bin/sh', args: ['-c', script], cwd: folder },
        prompt: '',
        limits: { totalSeconds: 60, inactivitySeconds: 60, graceSeconds: 1, tries: 1 },
        about: {},
      }),
      { result: z.string(), reader: () => ({ finish: async () => ({ ok: true, result: name }) }) },
      {
        environment: {},
        signal,
        beforeTry: async (one) => {
          const slot = await takeSlot(slots(most, false), one, signal);
          return { ended: slot.giveBack };
        },
      },
    );
  };

  async function log(): Promise<string[]> {
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

  test('no more run at once than there are slots, over all features, and all of them run', async () => {
    const calls = ['one', 'two', 'three'].flatMap((feature) =>
      [1, 2, 3, 4].map((number) => call(3, feature, `c${number}`, 0.2)),
    );
    await Promise.all(calls);
    const lines = await log();
    expect(lines.filter((entry) => entry.startsWith('start'))).toHaveLength(12);
    expect(height(lines)).toBeLessThanOrEqual(3);
    expect(height(lines)).toBeGreaterThan(1);
    // What has ended has no ticket any more.
    expect(await tickets()).toEqual([]);
  }, 60_000);

  test('whoever comes late to a long line is served in its turn', async () => {
    const held = await takeSlot(slots(1), await makeTry('held'), never());
    const names = ['many/c1', 'many/c2', 'many/c3', 'few/c1', 'many/c4', 'many/c5'];
    const calls: Promise<unknown>[] = [];
    for (const [index, name] of names.entries()) {
      const [feature = '', id = ''] = name.split('/');
      calls.push(call(1, feature, id, 0));
      await lineOf(index + 2);
    }
    await held.giveBack();
    await Promise.all(calls);
    const order = (await log()).filter((entry) => entry.startsWith('start'));
    expect(order).toEqual(names.map((name) => `start ${name}`));
  }, 60_000);

  test('who waits hears that it is to let go, and gives its place up', async () => {
    const first = call(1, 'one', 'c1', 1);
    await until(async () => (await log()).length > 0, 'the first');
    const [held] = await tickets();
    const controller = new AbortController();
    const second = call(1, 'one', 'c2', 1, controller.signal);
    await lineOf(2);
    controller.abort(new Error('let go'));
    await expect(second).rejects.toThrow('let go');
    expect(await tickets()).toEqual([held]);
    await first;
  }, 60_000);

  test('one holds its slot while its process lives, also when its worker is gone', async () => {
    const controller = new AbortController();
    const left = call(1, 'one', 'c1', 1.5, controller.signal);
    await until(async () => (await log()).length > 0, 'the first');
    controller.abort(new Error('the worker ends'));
    await expect(left).rejects.toThrow('the worker ends');
    await call(1, 'one', 'c2', 0);
    expect(await log()).toEqual(['start one/c1', 'end one/c1', 'start one/c2', 'end one/c2']);
  }, 60_000);

  test('neither a worker that died while it waited nor a removed feature holds a place', async () => {
    const waited = await makeTry('gone/call');
    await writeTicket(1, { ...waited, owner: await deadWorker() });
    await writeTicket(2, { ...tryOf('none'), owner: await identify(process.pid) });
    await call(1, 'one', 'c1', 0);
    // It was not about to start anything, so whoever comes for it may.
    expect(await readClaim(tryDirectory(waited))).toBeUndefined();
  }, 60_000);
});

describe('commands', () => {
  const run = (round: number, command: string, count: number, signal = never()) =>
    runCommand(
      // Each as of a feature of its own.
      join(folder, `calls-${round}`),
      {
        call: { name: 'checks', round, inputs: { v: 1 } },
        ...{ kind: 'check', command, cwd: folder },
        limits: { totalSeconds: 60, inactivitySeconds: 60, graceSeconds: 1, tries: 2 },
        environment: commandEnvironment(process.env),
        slots: slots(count),
      },
      { signal },
    );

  test('no more run at once than there are slots, each with a number of its own', async () => {
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

  test('one that runs on without its worker keeps its slot until it ends, and whoever takes it over is told it', async () => {
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

  test.each([
    [true, 'holds its slot'],
    [false, 'holds no slot'],
  ])('what one has left running, where strays count: %s, %s', async (heldByStrays) => {
    const began = join(folder, 'began');
    const gone = join(folder, 'gone');
    const worker = new AbortController();
    const left = `setsid sh -c "sleep 2; touch '${gone}'" & touch '${began}'; sleep 0.5`;
    const lost = run(1, left, 1, worker.signal);
    await until(() => existsSync(began));
    worker.abort(new Error('the worker is gone'));
    await expect(lost).rejects.toThrow('the worker is gone');
    await takeSlot(slots(1, heldByStrays), await makeTry('other'), never());
    expect(existsSync(gone)).toBe(heldByStrays);
    await until(() => existsSync(gone));
  });
});

describe('a slot', () => {
  test('has a number, and a try that has one keeps it when it is asked for again', async () => {
    const one = await makeTry('one');
    const two = await makeTry('two');
    expect(await takeSlot(slots(3), one, never())).toMatchObject({ number: 0 });
    expect(await takeSlot(slots(3), two, never())).toMatchObject({ number: 1 });
    expect(await takeSlot(slots(3), two, never())).toMatchObject({ number: 1 });
    expect(await takeSlot(slots(3), one, never())).toMatchObject({ number: 0 });
  });

  test('that is given back is taken at once by the first who waits', async () => {
    const held = await takeSlot(slots(1), await makeTry('one'), never());
    const waiting = takeSlot(slots(1), await makeTry('two'), never());
    await lineOf(2);
    const from = performance.now();
    await held.giveBack();
    expect(await waiting).toMatchObject({ number: 0 });
    expect(performance.now() - from).toBeLessThan(200);
  });

  test('is the lowest that is free, whatever the order in which they were given back', async () => {
    const [first] = await Promise.all([
      takeSlot(slots(3), await makeTry('one'), never()),
      takeSlot(slots(3), await makeTry('two'), never()),
    ]);
    const freed = first?.number;
    await first?.giveBack();
    expect(await takeSlot(slots(3), await makeTry('three'), never())).toMatchObject({ number: freed });
    expect(await takeSlot(slots(3), await makeTry('four'), never())).toMatchObject({ number: 2 });
  });

  test('is not waited for any more when that is broken off', async () => {
    await takeSlot(slots(1), await makeTry('one'), never());
    const waiting = new AbortController();
    const late = takeSlot(slots(1), tryOf('late'), waiting.signal);
    waiting.abort(new Error('enough'));
    await expect(late).rejects.toThrow('enough');
  });

  test('is not held by a worker that died before its command began, and that command does not begin later', async () => {
    const lost = await makeTry('lost');
    await writeTicket(1, { ...lost, owner: await deadWorker(), slot: 0 });
    expect(await takeSlot(slots(1), await makeTry('other'), never())).toMatchObject({ number: 0 });
    expect(await readClaim(tryDirectory(lost))).toBe('void');
  });

  test('is taken over by the next worker that comes for the same try', async () => {
    const lost = await makeTry('lost');
    await writeTicket(1, { ...lost, owner: await deadWorker(), slot: 0 });
    expect(await takeSlot(slots(1), lost, never())).toMatchObject({ number: 0 });
    // From here on it holds for this worker: nobody else takes its claim away.
    expect(await takeSlot(slots(2), await makeTry('other'), never())).toMatchObject({ number: 1 });
    expect(await readClaim(tryDirectory(lost))).toBeUndefined();
    expect(await tickets()).toHaveLength(2);
  });

  test('is waited for at the place that the try had before', async () => {
    const held = await takeSlot(slots(1), await makeTry('one'), never());
    const early = await makeTry('early');
    await writeTicket(2, { ...early, owner: await deadWorker() });
    await writeTicket(3, { ...(await makeTry('late')), owner: await identify(process.pid) });
    const waiting = takeSlot(slots(1), early, never());
    await until(
      async () =>
        (await readFile(join(slots(1).folder, nameOf(2, early)), 'utf8')).includes(`${process.pid}`),
      'the new worker',
    );
    await held.giveBack();
    expect(await waiting).toMatchObject({ number: 0 });
  });

  test('is not held by a call that was removed, nor by a ticket that a power cut took', async () => {
    await writeTicket(1, { ...tryOf('gone'), owner: await identify(process.pid), slot: 0 });
    await writeFile(join(slots(1).folder, nameOf(2, tryOf('torn'))), '');
    expect(await takeSlot(slots(1), await makeTry('other'), never())).toMatchObject({ number: 0 });
    expect(await tickets()).toHaveLength(1);
  });
});
