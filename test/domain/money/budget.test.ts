import { describe, expect, test } from '@jest/globals';
import { configSchema } from '../../../src/domain/config/schema.js';
import {
  budgetProblem,
  budgetText,
  defaultCalls,
  dollarProblem,
  limitsOf,
  raiseProblem,
  usdText,
} from '../../../src/domain/money/budget.js';
import { callsRange } from '../../../src/domain/money/calls-range.js';
import { amountOf, sumOf } from '../../../src/domain/money/spending.js';

const config = configSchema.parse({});
const task = { id: 'T001', title: 'One', description: '', type: 'code' as const, dependsOn: [] };
const nothing = { calls: 0, tokens: 0, usd: 0 };

describe('the limits of a feature', () => {
  test('are what a person raised them to, else what the configuration says, else what the plan can need', () => {
    const set = { ...config, budget: { calls: 5, usd: 1 } };
    expect(limitsOf(set, { raised: { calls: 9 }, planned: 70 })).toEqual({ calls: 9, usd: 1 });
    expect(limitsOf(set, { planned: 70 })).toEqual({ calls: 5, usd: 1 });
    expect(limitsOf(config, { planned: 70 })).toEqual({ calls: 70 });
    expect(limitsOf(config, {})).toEqual({ calls: defaultCalls(undefined, config) });
  });

  test('leave room by default for the most that the plan can need', () => {
    for (const plan of [undefined, { tasks: [task] }, { tasks: [task, { ...task, id: 'T002' }] }])
      expect(defaultCalls(plan, config)).toBeGreaterThanOrEqual(callsRange(plan, config).most);
  });

  test('are told as words', () => {
    expect(budgetText({ calls: 1, tokens: 2_000_000, usd: 5 })).toBe('1 call, 2,000,000 tokens, $5.00');
    expect([0, 0.0123, 1.5].map(usdText)).toEqual(['$0.00', '$0.0123', '$1.50']);
  });
});

describe('a call may begin', () => {
  test('while each limit reaches for what is spent and what it is expected to use', () => {
    const limits = { calls: 3, tokens: 100, usd: 1 };
    expect(
      budgetProblem(limits, { calls: 2, tokens: 50, usd: 0.5 }, { calls: 1, tokens: 50, usd: 0.5 }),
    ).toBe(undefined);
    expect(budgetProblem(limits, { calls: 3, tokens: 0, usd: 0 }, { ...nothing, calls: 1 })).toContain(
      '3 calls',
    );
    expect(
      budgetProblem(limits, { calls: 1, tokens: 99, usd: 0 }, { calls: 1, tokens: 2, usd: 0 }),
    ).toContain('100 tokens does not reach');
    expect(budgetProblem(limits, { calls: 1, tokens: 0, usd: 1.2 }, { calls: 1, tokens: 2, usd: 0.1 })).toBe(
      'The budget of $1.00 is used up: $1.20 are spent.',
    );
  });

  test('in a dollar budget only where each model has a price, or a vendor that says what a call cost', () => {
    const priced = configSchema.parse({ models: { codex: { price: { input: 1, output: 8 } } } });
    expect(dollarProblem({ usd: 5 }, priced, ['claude', 'codex'])).toBeUndefined();
    expect(dollarProblem({ usd: 5 }, priced, ['claude', 'codex', 'gemini'])).toContain('models.gemini.price');
    expect(dollarProblem({ calls: 5 }, config, ['gemini'])).toBeUndefined();
  });
});

test('what is unknown counts as what was expected, and is no part of a sum', () => {
  const spend = {
    call: 'spec.1-00000000',
    tryNumber: 1,
    model: 'codex',
    role: 'architect',
    purpose: 'spec',
    at: 1,
    estimate: { inputTokens: 100, outputTokens: 50, usd: 0.25 },
  } as const;
  expect(amountOf(spend)).toEqual({ calls: 1, tokens: 150, usd: 0.25 });
  const known = { ...spend, ended: { ok: true, usage: { inputTokens: 7, outputTokens: 3 } } };
  expect(amountOf(known)).toEqual({ calls: 1, tokens: 10, usd: 0.25 });
  expect(sumOf([spend, known])).toEqual({
    calls: 2,
    usage: { inputTokens: 7, cachedInputTokens: undefined, outputTokens: 3, costUsd: undefined },
    unknown: { tokens: 1, cost: 2 },
    reported: 0,
    priced: 0,
  });
});

test('a raise names at least one limit, above 0, and whole calls', () => {
  expect(raiseProblem({ calls: 3, usd: 0.5 })).toBeUndefined();
  expect(raiseProblem({})).toContain('--calls N');
  expect(raiseProblem({ usd: 0 })).toContain('--usd');
  expect(raiseProblem({ tokens: Number.NaN })).toContain('--tokens');
  expect(raiseProblem({ calls: 1.5 })).toContain('whole');
});
