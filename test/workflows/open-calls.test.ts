/** What a stop ends: every call that a workflow has begun and not seen to end, and none that is over. */
import { beforeEach, expect, test } from '@jest/globals';
import type { CallKey } from '../../src/domain/calls/call-key.js';
import { createOpenCalls, type OpenCalls } from '../../src/workflows/open-calls.js';

let ended: string[][];
let openCalls: OpenCalls;
beforeEach(() => {
  ended = [];
  openCalls = createOpenCalls(
    {
      async endCalls({ calls }) {
        ended.push(calls.map(({ name, round }) => `${name}.${round}`));
      },
    },
    'feature',
  );
});

const call = (name: string, round = 1, ask = 1): CallKey => ({ name, round, inputs: { v: 1, ask } });
const never = () => new Promise<never>(() => undefined);
const fails = () => Promise.reject(new Error('failed'));

test('ends what runs and what failed, once, and nothing that has given its result', async () => {
  void openCalls.track(call('T001-draft'), never);
  await openCalls.track(call('T002-draft'), async () => undefined);
  await expect(openCalls.track(call('T003-draft'), fails)).rejects.toThrow('failed');
  await openCalls.end();
  await openCalls.end();
  expect(ended).toEqual([['T001-draft.1', 'T003-draft.1']]);
});

test('a call that failed is over when another model answers it', async () => {
  await expect(openCalls.track(call('plan', 2, 1), fails)).rejects.toThrow('failed');
  await openCalls.track(call('plan', 2, 2), async () => undefined);
  await openCalls.end();
  expect(ended).toEqual([]);
});

test('a task, or a draft of a race, is ended alone, also where another name ends like it', async () => {
  void openCalls.track(call('T001-integrate'), never, 'T001');
  void openCalls.track(call('T002-T001'), never, 'T002');
  await openCalls.end('T001');
  expect(ended).toEqual([['T001-integrate.1']]);
  await openCalls.end();
  expect(ended).toEqual([['T001-integrate.1'], ['T002-T001.1']]);
});

test('a call that ends could not reach stays open', async () => {
  let reached = false;
  const calls = createOpenCalls({ endCalls: () => (reached ? Promise.resolve() : fails()) }, 'feature');
  void calls.track(call('spec'), never);
  await expect(calls.end()).rejects.toThrow('failed');
  reached = true;
  await calls.end();
});
