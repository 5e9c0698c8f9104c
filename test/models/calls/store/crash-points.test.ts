/** What an interrupted attempt leaves behind, and what the next one makes of it: every row, with real kills. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bootId, identify } from '../../../../src/host/processes.js';
import { callDirectoryName } from '../../../../src/models/calls/store/key.js';
import { startWrapper } from '../../../../src/models/calls/store/spawn.js';
import { stopCalls } from '../../../../src/models/calls/store/stop.js';
import { CallError } from '../../../../src/models/errors.js';
import {
  callDirectory,
  callSite,
  claimedBy,
  failureOf,
  follow,
  followElsewhere,
  keyOf,
  killHard,
  printed,
  runs,
  started,
  type TestCall,
  testLimits,
  until,
  withLine,
  wrappers,
} from '../../../support/calls.js';

/** The first line of the wrapper's second part: the claim is taken, no watchdog and no command run. */
const afterClaim = '(';
const beforeClaim = `printf '%s\\n%s\\n%s\\n' "$$"`;

const outcomeOf = async (call: TestCall, tryNumber: number) =>
  JSON.parse(await readFile(join(await callDirectory(call.site), String(tryNumber), 'outcome.json'), 'utf8'));

describe.each(wrappers)('under $title', ({ wrapper }) => {
  test.concurrent('killed before the request was made: the next attempt makes it, and keeps the prompt', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'cat' };
    const killed = followElsewhere({ ...call, hangInRequest: true });
    await until(() => existsSync(site.calls));
    await killHard(killed);
    const directory = join(site.calls, callDirectoryName(keyOf(call)));
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'prompt.md'), 'the first prompt\n');

    const { result, source, tryNumber } = await follow({ ...call, prompt: 'another prompt\n' });

    expect({ result, source, tryNumber }).toEqual({
      result: { lines: ['the first prompt'], status: 0 },
      source: 'made',
      tryNumber: 1,
    });
  });

  test.concurrent('killed before the spawn: the next attempt spawns what was asked for first', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'echo first' };
    const detach = new AbortController();
    await follow(call, { signal: detach.signal, onRequest: () => detach.abort(new Error('detached')) }).catch(
      () => {},
    );
    expect(started(site)).toEqual([]);

    let asked = false;
    const { result } = await follow({ ...call, script: 'echo second' }, { onRequest: () => (asked = true) });

    expect(result.lines).toEqual(['first']);
    expect(asked).toBe(false);
  });

  test.concurrent('of many wrappers in one try one gets the claim, and the others start nothing', async () => {
    const site = await callSite();
    const call = 'test.1-00000000';
    const directory = join(site.calls, call);
    const one = { call, callDirectory: directory, tryNumber: 1 };
    await mkdir(join(directory, '1'), { recursive: true });
    await writeFile(join(directory, 'prompt.md'), '');
    const request = {
      command: { file: '/bin/sh', args: ['-c', 'echo x >>ledger'], cwd: site.folder },
      limits: testLimits,
    };
    const ends = await Promise.all(
      Array.from({ length: 8 }, () => startWrapper(one, request, {}, wrapper).ended),
    );

    expect(ends.filter((end) => 'status' in end && end.status === 75)).toHaveLength(7);
    expect(await readFile(site.ledger, 'utf8')).toBe('x\n');
  });

  test.concurrent('killed after the spawn, before the claim: the wrapper that comes late starts nothing', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'echo answer' };
    const late = withLine(wrapper, 'echo $$ >"$d/late"; sleep 1', beforeClaim);
    const killed = followElsewhere({ ...call, wrapper: late });
    const pid = await until(() =>
      Number(readIfThere(join(site.calls, callDirectoryName(keyOf(call)), '1', 'late'))),
    );
    await killHard(killed);

    expect(await follow({ ...call, script: 'echo never' })).toMatchObject({ source: 'made', tryNumber: 1 });
    await until(() => !runs(pid));
    expect(started(site)).toHaveLength(1);
  });

  test.concurrent('the wrapper killed after its claim, before the model: the next try, and nothing was paid', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'echo answer' };
    const killed = followElsewhere({ ...call, wrapper: withLine(wrapper, 'sleep 60', afterClaim) });
    const pid = await claimedBy(site);
    await killHard(killed);
    process.kill(-pid, 'SIGKILL');

    const { tryNumber, source, result } = await follow(call);

    expect({ tryNumber, source, lines: result.lines }).toEqual({
      tryNumber: 2,
      source: 'made',
      lines: ['answer'],
    });
    expect((await outcomeOf(call, 1)).error.kind).toBe('crashed');
    expect(started(site).map((one) => one.tryNumber)).toEqual([2]);
  });

  test.concurrent('the worker killed during the call: the next attempt follows the process that runs', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'echo early; while ! [ -e go ]; do sleep 0.05; done; echo late' };
    const killed = followElsewhere(call);
    await until(() => started(site).length === 1);
    await killHard(killed);

    const following = follow(call);
    await writeFile(join(site.folder, 'go'), '');
    const { source, tryNumber, result } = await following;

    expect({ source, tryNumber, result }).toEqual({
      source: 'adopted',
      tryNumber: 1,
      result: { lines: ['early', 'late'], status: 0 },
    });
    expect(started(site)).toHaveLength(1);
  });

  test.concurrent('the wrapper killed alone: its watchdog ends the group and records it', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: '[ "$BLUEPRINT_TRY" = 2 ] && exec echo answer; sleep 60' };
    const killed = followElsewhere(call);
    const [model] = await until(() => (started(site).length === 1 ? started(site) : undefined));
    await killHard(killed);
    process.kill(await claimedBy(site), 'SIGKILL');
    // Nobody follows: the watchdog does it by itself.
    const exit = join(await callDirectory(site), '1', 'exit');
    await until(() => readIfThere(exit));
    await until(() => !runs(model?.pid ?? 0));

    const { tryNumber, result } = await follow(call);

    expect({ tryNumber, lines: result.lines }).toEqual({ tryNumber: 2, lines: ['answer'] });
    expect((await outcomeOf(call, 1)).error.kind).toBe('crashed');
  });

  test.concurrent('the wrapper and its watchdog killed, the model alive: it is killed, then the next try', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: '[ "$BLUEPRINT_TRY" = 2 ] && exec echo answer; exec sleep 60' };
    const killed = followElsewhere(call);
    const [model] = await until(() => (started(site).length === 1 ? started(site) : undefined));
    await killHard(killed);
    const group = await claimedBy(site);
    for (const pid of groupMembers(group)) if (pid !== model?.pid) process.kill(pid, 'SIGKILL');

    expect((await follow(call)).tryNumber).toBe(2);
    expect(runs(model?.pid ?? 0)).toBe(false);
    expect((await outcomeOf(call, 1)).error.kind).toBe('crashed');
  });

  test.concurrent('the whole group killed: what left the group is swept, then the next try', async () => {
    const site = await callSite();
    const script = `[ "$BLUEPRINT_TRY" = 2 ] && exec echo answer
setsid sh -c 'echo $$ >stray; exec sleep 60' &
sleep 60`;
    const call = { site, wrapper, script };
    const killed = followElsewhere(call);
    const stray = await until(() => Number(readIfThere(join(site.folder, 'stray'))));
    await killHard(killed);
    process.kill(-(await claimedBy(site)), 'SIGKILL');
    expect(runs(stray)).toBe(true);

    expect((await follow(call)).tryNumber).toBe(2);
    expect(runs(stray)).toBe(false);
    expect((await outcomeOf(call, 1)).error.kind).toBe('crashed');
  });

  test.concurrent('after exit, before the result: it waits until the group is empty, then reads the answer', async () => {
    const site = await callSite();
    // A wrapper that is killed between the record and the end of its group leaves a child that goes on.
    const script =
      'sh -c "echo \\$\\$ >child; exec sleep 60" & while ! [ -s child ]; do sleep 0.02; done; echo answer';
    const call = { site, wrapper, script };
    const killed = followElsewhere({ ...call, wrapper: withLine(wrapper, 'kill -KILL $$', 'kill -KILL 0') });
    await until(() => readIfThere(join(site.calls, callDirectoryName(keyOf(call)), '1', 'exit')));
    await killHard(killed);

    const { source, result } = await follow(call);

    expect({ source, result }).toEqual({ source: 'adopted', result: { lines: ['answer'], status: 0 } });
    expect(runs(Number(readIfThere(join(site.folder, 'child'))))).toBe(false);
    expect(started(site)).toHaveLength(1);
  });

  test.concurrent('two followers at once, and a third: the same result, one process', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'sleep 0.5; echo answer' };
    const elsewhere = [followElsewhere(call), followElsewhere(call)];
    const results = await Promise.all([
      ...elsewhere.map((child) => printed<{ result: unknown }>(child)),
      follow(call),
    ]);

    expect(results.map(({ result }) => result)).toEqual(Array(3).fill({ lines: ['answer'], status: 0 }));
    expect(started(site)).toHaveLength(1);
  });

  test.concurrent('killed before the acknowledgement: the result is there, and is used', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'echo answer' };
    const killed = followElsewhere(call);
    await until(() => existsSync(join(site.calls, callDirectoryName(keyOf(call)), 'result.json')));
    await killHard(killed);

    const { source, result } = await follow({ ...call, script: 'echo never' });

    expect({ source, lines: result.lines }).toEqual({ source: 'reused', lines: ['answer'] });
    expect(started(site)).toHaveLength(1);
  });

  test.concurrent('after a failure worth retrying: thrown again until its time, then the next try', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'echo "$BLUEPRINT_TRY"' };
    let time = 1_000_000;
    const attempt = () =>
      follow(call, {
        now: () => time,
        finish: async () =>
          started(site).length < 2
            ? {
                ok: false,
                error: new CallError({ kind: 'overloaded', message: 'Busy.', retryAfterMs: 5_000 }),
              }
            : { ok: true, result: { lines: ['fine'], status: 0 } },
      });

    expect(await failureOf(attempt())).toMatchObject({ kind: 'overloaded', retryInMs: 5_000, final: false });
    time += 4_000;
    expect(await failureOf(attempt())).toMatchObject({ message: 'Busy.', retryInMs: 1_000, final: false });
    expect(started(site)).toHaveLength(1);
    time += 1_000;
    expect(await attempt()).toMatchObject({ tryNumber: 2, result: { lines: ['fine'] } });
  });

  test.concurrent('a stop before the claim: the wrapper claims and never starts the model', async () => {
    const site = await callSite();
    const call = { site, wrapper, script: 'echo answer' };
    const late = withLine(wrapper, 'touch "$d/late"; sleep 1', beforeClaim);
    const following = failureOf(follow({ ...call, wrapper: late }));
    await until(() => existsSync(join(site.calls, callDirectoryName(keyOf(call)), '1', 'late')));
    await stopCalls(site.calls, { name: 'test', round: 1 });

    expect(await following).toMatchObject({ kind: 'cancelled', final: true });
    expect(await claimedBy(site)).toBeGreaterThan(1);
    expect(started(site)).toEqual([]);
  });
});

test('a claim from before a reboot, whose number is somebody else, is lost: nobody is followed or killed', async () => {
  const site = await callSite();
  const call = { site, script: 'echo answer' };
  const other = spawn('sleep', ['60'], { detached: true });
  const birth = (await identify(other.pid ?? 0))?.birth;
  const directory = join(site.calls, callDirectoryName(keyOf(call)));
  await mkdir(join(directory, '1'), { recursive: true });
  await writeFile(join(directory, '1', 'claim'), `${other.pid}\n${birth}\nan earlier boot\n`);

  expect((await follow(call)).tryNumber).toBe(2);
  expect(runs(other.pid ?? 0)).toBe(true);
  await killHard(other);
});

test('a wrapper that was killed while it recorded the end has recorded nothing', async () => {
  const site = await callSite();
  const call = { site, script: 'echo answer' };
  const directory = join(site.calls, callDirectoryName(keyOf(call)), '1');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'claim'), `4194303\n1\n${await bootId()}\n`);
  await writeFile(join(directory, 'exit'), '');

  expect(await follow(call)).toMatchObject({ tryNumber: 2, result: { lines: ['answer'] } });
});

test('a claim whose number is used again since is lost: the stranger is not killed', async () => {
  const site = await callSite();
  const call = { site, script: 'echo answer' };
  const other = spawn('sleep', ['60'], { detached: true });
  const directory = join(site.calls, callDirectoryName(keyOf(call)));
  await mkdir(join(directory, '1'), { recursive: true });
  await writeFile(join(directory, '1', 'claim'), `${other.pid}\n1\n${await bootId()}\n`);

  expect((await follow(call)).tryNumber).toBe(2);
  expect(runs(other.pid ?? 0)).toBe(true);
  await killHard(other);
});

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function groupMembers(group: number): number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => {
    const stat = readIfThere(`/proc/${pid}/stat`);
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === group;
  });
}
