/** How long a vendor asks to wait, in each form that it says it in. */
import { expect, test } from '@jest/globals';
import { retryAfterMs } from '../../../src/models/http/retry-after.js';

const now = Date.parse('2026-03-01T12:00:00Z');

test.each<[string, Record<string, string>, number | undefined]>([
  ['seconds', { 'retry-after': '7' }, 7_000],
  ['a part of a second', { 'retry-after': '0.5' }, 500],
  ['a date', { 'retry-after': 'Sun, 01 Mar 2026 12:01:30 GMT' }, 90_000],
  ['a date that has passed', { 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
  ['milliseconds, which are more exact', { 'retry-after-ms': '1250', 'retry-after': '2' }, 1_250],
  ['nothing', {}, undefined],
  ['nonsense', { 'retry-after': 'soon', 'retry-after-ms': '?' }, undefined],
])('%s', (_title, headers, expected) => {
  expect(retryAfterMs(headers, now)).toBe(expected);
});
