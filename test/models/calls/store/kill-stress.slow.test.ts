/** Many calls, many followers, many kills: no call is started twice, and none is stuck. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { callDirectoryName } from '../../../../src/models/calls/store/key.js';
import {
  callSite,
  follow,
  followElsewhere,
  keyOf,
  killHard,
  started,
  type TestCall,
  testLimits,
} from '../../../support/calls.js';

const calls = 24;
/** Followers start in about 0.1 s: kills fall before the request, about the claim, and during the call. */
const killAfterMs = () => 60 + Math.random() * 240;

test('calls whose followers are killed at random moments are each started once', async () => {
  const site = await callSite();
  const limits = { ...testLimits, tries: 1 };
  let kills = 0;

  const disturb = async (call: TestCall): Promise<void> => {
    const result = join(site.calls, callDirectoryName(keyOf(call)), 'result.json');
    for (let i = 0; i < 8 && !existsSync(result); i++) {
      const followers = [followElsewhere(call), followElsewhere(call)];
      await delay(killAfterMs());
      for (const follower of followers) {
        if (follower.exitCode === null) kills += 1;
        await killHard(follower);
      }
    }
  };

  const all = Array.from({ length: calls }, (_, i): TestCall => {
    return { site, name: `call-${i}`, limits, script: 'echo early; sleep 0.5; echo late' };
  });
  // A few at a time: what is tried is the kills, not the machine.
  for (let i = 0; i < calls; i += 4) await Promise.all(all.slice(i, i + 4).map(disturb));
  const results = await Promise.all(all.map((call) => follow(call)));

  expect(results.map(({ result }) => result.lines)).toEqual(Array(calls).fill(['early', 'late']));
  expect(
    started(site)
      .map(({ call }) => call)
      .sort(),
  ).toEqual([...new Set(started(site).map(({ call }) => call))].sort());
  expect(started(site)).toHaveLength(calls);
  expect(kills).toBeGreaterThan(calls);
});
