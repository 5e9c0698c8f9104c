import { describe, expect, test } from '@jest/globals';
import { baselineCall } from '../../src/domain/calls/call-key.js';
import type { ConfigInput } from '../../src/domain/config/schema.js';
import { headRef } from '../../src/domain/names.js';
import { prepare } from '../../src/planning/prepare.js';
import { makeFeature } from '../support/feature.js';
import { git } from '../support/project.js';

async function prepared(config: ConfigInput) {
  const feature = await makeFeature({ 'a.txt': 'a\n' }, '', config);
  const input = { feature: 'feature', call: baselineCall(1, feature.base) };
  return { feature, found: prepare(input, feature.scope) };
}

describe('before anything is paid for', () => {
  test('the models are probed, the refs made, and what is red is known', async () => {
    const checks = [
      { name: 'red', command: 'exit 3' },
      { name: 'green', command: 'exit 0' },
    ];
    const { feature, found } = await prepared({ setup: 'true', checks });
    expect(await found).toMatchObject({
      setup: 'true',
      checks,
      baseline: [
        { name: 'red', passed: false, redBefore: false, ended: { kind: 'exit', status: 3 } },
        { name: 'green', passed: true },
      ],
      head: feature.base,
    });
    expect((await found).available).toContain('claude');
    expect(await git(feature.root, 'rev-parse', headRef('feature'))).toBe(feature.base);
  });

  test.each<[string, ConfigInput]>([
    [
      'a setup that fails',
      { setup: 'echo no lockfile; exit 1', checks: [{ name: 'test', command: 'true' }] },
    ],
    ['a check that cannot be run', { setup: null, checks: [{ name: 'test', command: 'no-such-command' }] }],
  ])('%s is refused, with what it said', async (_, config) => {
    const { found } = await prepared(config);
    await expect(found).rejects.toMatchObject({
      code: 'setup-failed',
      reason: { code: 'setup-failed', params: { text: expect.stringMatching(/no lockfile|not found/) } },
    });
  });
});
