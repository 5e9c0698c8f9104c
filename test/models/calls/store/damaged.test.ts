/** A damaged file of a call hides nothing but itself: it is named, it is not taken for another, and a stop still stops. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { listCalls } from '../../../../src/models/calls/store/list.js';
import { stopCalls } from '../../../../src/models/calls/store/stop.js';
import { CallError } from '../../../../src/models/errors.js';
import { callDirectory, callSite, failureOf, follow, runs, started, until } from '../../../support/calls.js';

const torn = '{"v": 1, "tryNum';

test.each([
  ['damaged', torn, 'damaged-file'],
  [
    'of another shape',
    '{"v": 1, "tryNumber": 1, "durationMs": 2, "result": {"lines": "one"}}',
    'damaged-file',
  ],
  [
    'without a version',
    '{"tryNumber": 1, "durationMs": 2, "result": {"lines": [], "status": 0}}',
    'damaged-file',
  ],
  ['of a newer version', '{"v": 2}', 'newer-file'],
])('a result that is %s is named, and the call is not paid for again', async (_, text, code) => {
  const site = await callSite();
  const { directory } = await follow({ site, script: 'echo one' });
  await writeFile(join(directory, 'result.json'), text);
  await expect(follow({ site, script: 'echo one' })).rejects.toMatchObject({
    code,
    params: { file: join(directory, 'result.json') },
  });
  expect(started(site)).toHaveLength(1);
});

test('a damaged outcome is named, and no other try begins', async () => {
  const site = await callSite();
  const error = new CallError({ kind: 'refused', message: 'No.' });
  await failureOf(follow({ site, script: 'echo one' }, { finish: async () => ({ ok: false, error }) }));
  const outcome = join(await callDirectory(site), '1', 'outcome.json');
  await writeFile(outcome, '{"v": 1, "error": {"kind": "unheard-of", "message": "No."}}');
  await expect(follow({ site, script: 'echo one' })).rejects.toMatchObject({
    code: 'damaged-file',
    message: expect.stringContaining(`${outcome} is damaged: error.kind: `),
  });
  expect(started(site)).toHaveLength(1);
});

test('a list of calls names what is damaged, and has everything else', async () => {
  const site = await callSite();
  const { directory, call } = await follow({ site, script: 'echo one' });
  const whole = await follow({ site, name: 'whole', script: 'echo two' });
  for (const file of ['launch.json', 'result.json', '1/outcome.json'])
    await writeFile(join(directory, file), torn);
  const calls = await listCalls(site.calls);
  expect(calls.map((one) => one.call).sort()).toEqual([call, whole.call].sort());
  const damaged = calls.find((one) => one.call === call);
  expect(damaged).toMatchObject({ about: {}, finished: false, tries: [{ number: 1, state: 'ended' }] });
  expect(damaged?.damage).toEqual(
    ['launch.json', 'result.json', '1/outcome.json'].map((file) =>
      expect.stringContaining(`${join(directory, file)} is damaged: `),
    ),
  );
  expect(calls.find((one) => one.call === whole.call)).toMatchObject({ finished: true, damage: [] });
});

test('a call whose request is damaged can be stopped', async () => {
  const site = await callSite();
  const call = { site, script: 'sleep 60' };
  const following = follow(call).catch((error: unknown) => error);
  await until(() => started(site).length === 1);
  await writeFile(join(await callDirectory(site), 'launch.json'), torn);
  await stopCalls(site.calls, { name: 'test', round: 1 });
  expect(started(site).some(({ pid }) => runs(pid))).toBe(false);
  await following;
});
