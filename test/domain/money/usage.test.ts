import { expect, test } from '@jest/globals';
import { addUsage } from '../../../src/domain/money/usage.js';

test('usage that a model does not report stays unknown and does not count as zero', () => {
  expect(addUsage({ inputTokens: 1 }, { inputTokens: 2, outputTokens: 3 })).toEqual({
    inputTokens: 3,
    outputTokens: 3,
    costUsd: undefined,
  });
});
