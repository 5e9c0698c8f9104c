import { expect, test } from '@jest/globals';
import { callErrorHandling, retryDelayMs } from '../../../src/domain/models/call-errors.js';

test('what a person has to put right is not tried again', () => {
  for (const kind of ['auth', 'quota', 'not-installed', 'context-too-long', 'refused', 'cancelled'] as const)
    expect(callErrorHandling[kind].retryable).toBe(false);
  for (const kind of ['rate-limit', 'overloaded', 'network', 'crashed'] as const)
    expect(callErrorHandling[kind].retryable).toBe(true);
});

test('a retry waits as long as the vendor asks, else twice as long each time, two minutes at most', () => {
  expect(retryDelayMs(3, 50)).toBe(50);
  expect(retryDelayMs(1, -5)).toBe(0);
  expect(retryDelayMs(2, Number.NaN)).toBe(2_000);
  expect([1, 2, 3, 8, 5_000].map((tries) => retryDelayMs(tries))).toEqual([
    1_000, 2_000, 4_000, 120_000, 120_000,
  ]);
});
