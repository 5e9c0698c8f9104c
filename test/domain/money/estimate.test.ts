import { expect, test } from '@jest/globals';
import { editSteps, estimateOf, reviewTokens, tokensOf } from '../../../src/domain/money/estimate.js';
import { priced } from '../../../src/domain/money/usage.js';

const call = {
  promptBytes: 6_000,
  purpose: 'review',
  mode: 'text',
  price: { input: 1, output: 10 },
} as const;

test('a text has from a token for five bytes to one for three', () => {
  expect(tokensOf(6_000)).toEqual({ least: 1_200, most: 2_000 });
  expect(tokensOf({ least: 0, most: 3_000 })).toEqual({ least: 0, most: 1_000 });
});

test('a budget reserves the upper end for prompt and answer, more where the call edits, by its price', () => {
  expect(estimateOf(call)).toEqual({
    inputTokens: tokensOf(call.promptBytes).most,
    outputTokens: reviewTokens.most,
    usd: 0.042,
  });
  expect(estimateOf({ ...call, mode: 'edit' }).inputTokens).toBe(2_000 * editSteps.usual);
  // Without a price it costs something all the same.
  expect(estimateOf({ ...call, price: undefined }).usd).toBeGreaterThan(0);
});

test('what was used is priced as what was reserved; what the vendor had cached may be cheaper', () => {
  const { inputTokens, outputTokens, usd } = estimateOf(call);
  expect(priced({ inputTokens, outputTokens }, call.price).costUsd).toBe(usd);
  const cached = { inputTokens: 1_000_000, cachedInputTokens: 500_000, outputTokens: 0 };
  expect(priced(cached, { input: 2, cachedInput: 1, output: 10 }).costUsd).toBe(1.5);
  expect(priced({ ...cached, costUsd: 0.2 }, call.price).costUsd).toBe(0.2);
  expect(priced({ inputTokens: 5 }, call.price).costUsd).toBeUndefined();
});
