/** What a call is given, what is kept of it, and when it is tried again. */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { callDirectoryName } from '../../../../src/models/calls/store/key.js';
import { listCalls } from '../../../../src/models/calls/store/list.js';
import { CallError } from '../../../../src/models/errors.js';
import {
  callDirectory,
  callSite,
  failureOf,
  follow,
  keyOf,
  runs,
  started,
  wrappers,
} from '../../../support/calls.js';

describe.each(wrappers)('under $title', ({ wrapper }) => {
  test('the command gets its prompt, its folder, its environment and no other, and can be interrupted', async () => {
    const site = await callSite();
    const script = 'cat; pwd; echo "$GREETING,$HOME"; umask; kill -INT $$; echo deaf';
    process.env.BLUEPRINT_TEST_SECRET = 'sesame';
    const { result, directory } = await follow(
      {
        site,
        wrapper,
        script: `env | grep -c SECRET; echo "$BLUEPRINT_TRY $BLUEPRINT_CALL"; ${script}`,
        prompt: 'hello\n',
      },
      { environment: { PATH: process.env.PATH ?? '', GREETING: 'good day' } },
    );
    const mask = process.umask().toString(8).padStart(4, '0');
    expect(result).toEqual({
      lines: ['0', `1 ${directory}`, 'hello', site.folder, 'good day,', mask],
      status: 130,
    });
  });

  test('a command that is not there has a status of its own, a folder that is not there is no end of a command', async () => {
    const site = await callSite();
    expect((await follow({ site, wrapper, script: 'exec /nowhere/at/all' })).result.status).toBe(127);
    const gone = join(site.folder, 'gone');
    await mkdir(gone);
    const request = { site: { ...site, folder: gone }, wrapper, round: 2, script: 'echo no' };
    await rm(gone, { recursive: true });
    expect(await failureOf(follow(request))).toMatchObject({
      kind: 'crashed',
      message: expect.stringContaining(`its folder ${gone} is not there`),
    });
    expect(started(site)).toHaveLength(1);
  });

  test('a stray that the command left behind is gone when the call is finished', async () => {
    const site = await callSite();
    const script = 'sleep 60 & setsid sleep 61 & echo $!';
    const { result } = await follow({ site, wrapper, script });
    expect(runs(Number(result.lines[0]))).toBe(false);
  });
});

test('names of calls are their name, their round, and a hash of what they depend on in any order', () => {
  const name = callDirectoryName({
    name: 'T003-review',
    round: 2,
    inputs: { v: 1, a: 1, b: [{ d: 1, c: 2 }] },
  });
  expect(name).toMatch(/^T003-review\.2-[0-9a-f]{8}$/);
  expect(
    callDirectoryName({ name: 'T003-review', round: 2, inputs: { b: [{ c: 2, d: 1 }], a: 1, v: 1 } }),
  ).toBe(name);
  expect(
    callDirectoryName({ name: 'T003-review', round: 2, inputs: { b: [{ c: 3, d: 1 }], a: 1, v: 1 } }),
  ).not.toBe(name);
  expect(() => callDirectoryName({ name: '../up', round: 1, inputs: { v: 1 } })).toThrow('not usable');
});

test('a failure that no retry helps is thrown again, and never tried again', async () => {
  const site = await callSite();
  const call = { site, script: 'echo x' };
  const refused = new CallError({ kind: 'auth', message: 'Not logged in.' });
  expect(
    await failureOf(follow(call, { finish: async () => ({ ok: false, error: refused }) })),
  ).toMatchObject({
    kind: 'auth',
    final: true,
  });
  expect(await failureOf(follow(call, { now: () => Date.now() + 1e9 }))).toMatchObject({
    kind: 'auth',
    message: 'Not logged in.',
    final: true,
  });
  expect(started(site)).toHaveLength(1);
});

test('a call is tried as often as its limit says, waiting longer each time, then fails for good', async () => {
  const site = await callSite();
  const call = { site, script: 'echo x', limits: { tries: 3 } };
  let time = 0;
  const busy = new CallError({ kind: 'overloaded', message: 'Busy.' });
  const attempt = () =>
    failureOf(follow(call, { now: async () => time, finish: async () => ({ ok: false, error: busy }) }));
  const waits: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    const { retryInMs, final, message } = await attempt();
    waits.push(final ? message : retryInMs);
    time += retryInMs ?? 0;
  }
  expect(waits).toEqual([1_000, 2_000, 'Busy. (3 tries)', 'Busy. (3 tries)']);
  expect(started(site)).toHaveLength(3);
});

test('a process that is lost again and again is not started for ever', async () => {
  const site = await callSite();
  let time = 0;
  const call = { site, script: 'kill -KILL 0', limits: { tries: 3 } };
  const attempt = () => failureOf(follow(call, { now: () => time }));
  // The first loss is retried at once.
  expect(await attempt()).toMatchObject({ kind: 'crashed', retryInMs: 2_000 });
  time += 2_000;
  expect(await attempt()).toMatchObject({ kind: 'crashed', final: true });
  expect(started(site)).toHaveLength(3);
});

test('what cannot be started is given up after its tries, and a late wrapper finds the claim taken', async () => {
  const site = await callSite();
  const wrapper = { shell: '/nowhere/sh', options: [], script: '' };
  let time = 0;
  const call = { site, script: 'echo x', wrapper, limits: { tries: 2 } };
  expect(await failureOf(follow(call, { now: () => time }))).toMatchObject({ kind: 'crashed', final: true });
  time += 1e9;
  const broken = { shell: '/bin/sh', options: [], script: 'exit 75' };
  const error = await failureOf(follow({ ...call, round: 2, wrapper: broken }, { now: () => time }));
  expect(error.message).toMatch('the file system has no hard links');
  expect(await readFile(join(site.calls, callDirectoryName(keyOf(call)), '1', 'claim'), 'utf8')).toBe(
    'void\n',
  );
  expect(started(site)).toEqual([]);
});

test('no secret of the environment is kept, not even one that the command prints', async () => {
  const site = await callSite();
  const environment = { PATH: process.env.PATH ?? '', SOME_API_KEY: 'hunter2-hunter2' };
  const call = { site, script: 'echo "bad key $SOME_API_KEY" >&2; exit 1' };
  const error = await failureOf(
    follow(call, {
      environment,
      finish: async ({ stderrTail }) => ({
        ok: false,
        error: new CallError({ kind: 'auth', message: `Refused: ${stderrTail}`, detail: stderrTail }),
      }),
    }),
  );
  expect(error.message).toContain('bad key [SOME_API_KEY]');
  const directory = await callDirectory(site);
  for (const file of ['launch.json', 'prompt.md', '1/outcome.json', '1/claim'])
    expect(await readFile(join(directory, file), 'utf8')).not.toContain('hunter2');
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
});

test('lines come in order and whole: split characters, a torn last line, and one too long, which is left out', async () => {
  const site = await callSite();
  const script = `printf 'gr\\303'; sleep 0.3; printf '\\274n\\n\\nlast'`;
  expect((await follow({ site, script })).result.lines).toEqual(['grün', '', 'last']);
  const long = `echo a; head -c 9000000 /dev/zero | tr '\\0' x; echo; echo b`;
  const { result } = await follow(
    { site, round: 2, script: long },
    {
      finish: async ({ lineTooLong }, lines) => ({
        ok: true,
        result: { lines, status: Number(lineTooLong) },
      }),
    },
  );
  expect(result).toEqual({ lines: ['a', 'b'], status: 1 });
});

test('the list tells what each call is, how its tries went, and how its answer was come by', async () => {
  const site = await callSite();
  expect(await listCalls(join(site.folder, 'none'))).toEqual([]);
  const call = { site, script: 'echo x' };
  await follow(call);
  await follow(call);
  const error = new CallError({ kind: 'refused', message: 'No.' });
  await failureOf(follow({ ...call, round: 2 }, { finish: async () => ({ ok: false, error }) }));
  await mkdir(join(site.calls, 'half.1-00000000'));
  await writeFile(join(site.calls, 'stranger'), '');

  const calls = await listCalls(site.calls);

  expect(calls).toMatchObject([
    {
      name: 'test',
      round: 1,
      about: { kind: 'test' },
      finished: true,
      stopped: false,
      tries: [{ number: 1, state: 'done' }],
      sources: { made: 1, adopted: 0, reused: 1 },
    },
    {
      round: 2,
      finished: false,
      tries: [{ state: 'failed', error: { kind: 'refused', message: 'No.' } }],
      sources: { made: 1, adopted: 0, reused: 0 },
    },
  ]);
  expect((await readdir(site.calls)).length).toBe(4);
});
