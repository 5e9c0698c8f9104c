/** Ending calls from outside. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { listCalls } from '../../../../src/models/calls/store/list.js';
import { stopCalls } from '../../../../src/models/calls/store/stop.js';
import {
  callSite,
  claimedBy,
  failureOf,
  follow,
  followElsewhere,
  killHard,
  runs,
  started,
  until,
  wrappers,
} from '../../../support/calls.js';

describe.each(wrappers)('under $title', ({ wrapper }) => {
  test.concurrent('a stop ends the processes, and the call as cancelled for good', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'sleep 60 & sleep 60' };
    const following = failureOf(follow(call));
    const model = (await until(() => started(site)[0])).pid;

    await stopCalls(site.calls, { name: 'test', round: 1 });

    expect(runs(model)).toBe(false);
    expect(await following).toMatchObject({ kind: 'cancelled', final: true });
    expect(await failureOf(follow(call))).toMatchObject({ kind: 'cancelled', final: true });
    expect(started(site)).toHaveLength(1);
  });

  test.concurrent('a model that exits 0 on TERM, with an answer, was stopped all the same', async () => {
    const site = await callSite();
    const script = `trap 'echo bye; exit 0' TERM; while :; do sleep 0.1; done`;
    const following = failureOf(follow({ site, wrapper, script }));
    await until(() => started(site).length === 1);
    await stopCalls(site.calls, { name: 'test', round: 1 });
    expect((await following).kind).toBe('cancelled');
  });

  test.concurrent('a model that ignores TERM is killed after the grace time', async () => {
    const site = await callSite();
    const script = `trap '' TERM; while :; do sleep 0.1; done`;
    const following = failureOf(follow({ site, wrapper, script }));
    const model = (await until(() => started(site)[0])).pid;
    const before = performance.now();
    await stopCalls(site.calls, { name: 'test', round: 1 });
    expect(runs(model)).toBe(false);
    // A tick of the watchdog and a second's grace.
    expect(performance.now() - before).toBeLessThan(5_000);
    expect((await following).kind).toBe('cancelled');
  });

  test.concurrent('a grandchild that left the group with setsid is swept, a stranger is not', async () => {
    const site = await callSite();
    const script = `setsid sh -c 'echo $$ >stray; exec sleep 60' &
BLUEPRINT_CALL=/another/call setsid sh -c 'echo $$ >stranger; exec sleep 5' &
sleep 60`;
    const killed = followElsewhere({ site, wrapper, script });
    const [stray, stranger] = await until(() => {
      const pids = ['stray', 'stranger'].map((name) => pidIn(join(site.folder, name)));
      return pids.every((pid) => pid > 0) ? pids : undefined;
    });
    await killHard(killed);

    await stopCalls(site.calls, { name: 'test', round: 1 });

    expect(runs(stray ?? 0)).toBe(false);
    expect(runs(stranger ?? 0)).toBe(true);
    process.kill(stranger ?? 0, 'SIGKILL');
  });
});

test.concurrent('a stop with no worker there ends the processes', async () => {
  const site = await callSite();
  const killed = followElsewhere({ site, script: 'sleep 60' });
  const model = (await until(() => started(site)[0])).pid;
  await killHard(killed);

  await stopCalls(site.calls, { name: 'test', round: 1 });
  expect(runs(model)).toBe(false);
  // Again, with nothing left to do.
  await stopCalls(site.calls, { name: 'test', round: 1 });
});

test.concurrent('a stop ends a call whose wrapper and watchdog are dead', async () => {
  const site = await callSite();
  const killed = followElsewhere({ site, script: 'trap "" TERM; while :; do sleep 0.1; done' });
  const model = (await until(() => started(site)[0])).pid;
  await killHard(killed);
  const wrapper = await claimedBy(site);
  const children = readFileSync(`/proc/${wrapper}/task/${wrapper}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  for (const pid of [wrapper, ...children]) if (pid !== model) process.kill(pid, 'SIGKILL');

  await stopCalls(site.calls, { name: 'test', round: 1 });
  expect(runs(model)).toBe(false);
});

test.concurrent('a stop before the call was ever asked for keeps it from starting', async () => {
  const site = await callSite();
  await stopCalls(site.calls, { name: 'test', round: 1 });
  expect((await failureOf(follow({ site, script: 'echo no' }))).kind).toBe('cancelled');
  expect(started(site)).toEqual([]);
});

test.concurrent('a stop leaves other rounds, other names, and finished calls alone', async () => {
  const site = await callSite();
  const finished = { site, script: 'echo done' };
  await follow(finished);
  const others = [
    { site, round: 2, script: 'sleep 1; echo 2' },
    { site, name: 'test.1-other', script: 'sleep 1; echo other' },
  ];
  const following = Promise.all(others.map((call) => follow(call)));
  await until(() => started(site).length === 3);

  await stopCalls(site.calls, { name: 'test', round: 1 });

  expect((await following).map(({ result }) => result.lines)).toEqual([['2'], ['other']]);
  expect((await follow(finished)).result.lines).toEqual(['done']);
});

test.concurrent('letting go leaves the process to finish, and gives the reason', async () => {
  const site = await callSite();
  const call = { site, script: 'sleep 60' };
  const detach = new AbortController();
  const following = follow(call, { signal: detach.signal });
  const model = (await until(() => started(site)[0])).pid;
  const reason = new Error('the worker shuts down');
  detach.abort(reason);
  await expect(following).rejects.toBe(reason);
  expect(runs(model)).toBe(true);
  expect((await listCalls(site.calls))[0]?.tries).toMatchObject([{ number: 1, state: 'running' }]);

  await stopCalls(site.calls, { name: 'test', round: 1 });
});

function pidIn(path: string): number {
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
}
