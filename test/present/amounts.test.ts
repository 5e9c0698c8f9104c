import { expect, test } from '@jest/globals';
import { budgetText, usdText } from '../../src/present/amounts.js';

test('a budget is told in words', () => {
  expect(budgetText({ calls: 1, tokens: 2_000_000, usd: 5 })).toBe('1 call, 2,000,000 tokens, $5.00');
  expect([0, 0.0123, 1.5].map(usdText)).toEqual(['$0.00', '$0.0123', '$1.50']);
});
