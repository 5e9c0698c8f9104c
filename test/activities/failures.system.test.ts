import { expect, test } from '@jest/globals';
import { planCall } from '../../src/domain/calls/call-key.js';
import { makeFeature } from '../support/feature.js';
import { runActivity } from './run-activity.js';

test('a call that fails for good fails its activity for good, by the kind of its failure', async () => {
  const feature = await makeFeature({}, '', { models: { deepseek: { maxPromptBytes: 8_000 } } });
  const spec = await feature.save('spec.md', 'Words. '.repeat(2_000));
  const model = 'deepseek';
  const call = planCall({ model, ask: 1 }, 1, { spec });
  await expect(
    runActivity(feature, 'makePlan', { feature: 'feature', call, model, spec }),
  ).rejects.toMatchObject({ type: 'call:context-too-long', nonRetryable: true });
  expect(await feature.started()).toBe(0);
});
