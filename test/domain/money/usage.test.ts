import { expect, test } from '@jest/globals';
import { addUsage, priced } from '../../../src/domain/money/usage.js';

test('usage that a model does not report stays unknown and does not count as zero', () => {
  expect(addUsage({ inputTokens: 1 }, { inputTokens: 2, outputTokens: 3 })).toEqual({
    inputTokens: 3,
    outputTokens: 3,
    costUsd: undefined,
  });
  expect(addUsage({ costUsd: 0.5 }, { costUsd: 0.25 })).toEqual({ costUsd: 0.75 });
  expect(addUsage({}, {})).toEqual({});
});

test('what the vendor says a call cost comes before the table of prices', () => {
  const price = { input: 1, output: 10 };
  const used = { inputTokens: 1_000_000, outputTokens: 100_000 };
  expect(priced({ ...used, costUsd: 9 }, price).costUsd).toBe(9);
  expect(priced(used, price)).toEqual({ ...used, costUsd: 2 });
});

test('what the vendor had cached costs what that costs, or as much as the rest of the input', () => {
  const used = { inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 0 };
  expect(priced(used, { input: 1, cachedInput: 0.1, output: 10 }).costUsd).toBeCloseTo(0.64);
  expect(priced(used, { input: 1, output: 10 }).costUsd).toBeCloseTo(1);
});

test('without a price, or without a count of tokens, a cost stays unknown', () => {
  expect(priced({ inputTokens: 1, outputTokens: 1 }, undefined).costUsd).toBeUndefined();
  expect(priced({ inputTokens: 1 }, { input: 1, output: 1 }).costUsd).toBeUndefined();
  expect(priced({ outputTokens: 1 }, { input: 1, output: 1 }).costUsd).toBeUndefined();
});
