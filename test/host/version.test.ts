import { expect, test } from '@jest/globals';
import { isOlder } from '../../src/host/version.js';

test('versions are compared by number, and a part that is missing counts as 0', () => {
  expect(isOlder('1.9.0', '1.10.0')).toBe(true);
  expect(isOlder('1.29.1', '1.29.1')).toBe(false);
  expect(isOlder('2.0.0', '1.99.99')).toBe(false);
  expect(isOlder('2.38', '2.38.0')).toBe(false);
  expect(isOlder('20.10.9', '20.11')).toBe(true);
});
