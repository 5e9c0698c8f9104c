import { describe, expect, test } from '@jest/globals';
import { configSchema } from '../../../src/domain/config/schema.js';
import {
  budgetProblem,
  defaultCalls,
  limitsOf,
  raiseProblem,
  unpricedModels,
} from '../../../src/domain/money/budget.js';
import { callsRange } from '../../../src/domain/money/calls-range.js';
import { amountOf, sumOf } from '../../../src/domain/money/spending.js';
import { because } from '../../../src/domain/reasons.js';

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
});

describe('a call may begin', () => {
  test('while each limit reaches for what is spent and what it is expected to use', () => {
    const limits = { calls: 3, tokens: 100, usd: 1 };
    expect(
      budgetProblem(limits, { calls: 2, tokens: 50, usd: 0.5 }, { calls: 1, tokens: 50, usd: 0.5 }),
    ).toBe(undefined);
    expect(budgetProblem(limits, { calls: 3, tokens: 0, usd: 0 }, { ...nothing, calls: 1 })).toEqual(
      because('budget-spent', { unit: 'calls', limit: 3, spent: 3 }),
    );
    expect(budgetProblem(limits, { calls: 1, tokens: 99, usd: 0 }, { calls: 1, tokens: 2, usd: 0 })).toEqual(
      because('budget-short', { unit: 'tokens', limit: 100, spent: 99, next: 2 }),
    );
    expect(
      budgetProblem(limits, { calls: 1, tokens: 0, usd: 1.2 }, { calls: 1, tokens: 2, usd: 0.1 }),
    ).toEqual(because('budget-spent', { unit: 'usd', limit: 1, spent: 1.2 }));
  });

  test('in a dollar budget only where each model has a price, or a vendor that says what a call cost', () => {
    const priced = configSchema.parse({ models: { codex: { price: { input: 1, output: 8 } } } });
    expect(unpricedModels(priced, ['claude', 'codex'])).toEqual([]);
    expect(unpricedModels(priced, ['claude', 'codex', 'gemini'])).toEqual(['gemini']);
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
  expect(raiseProblem({})).toEqual(because('budget-unnamed'));
  expect(raiseProblem({ usd: 0 })).toEqual(because('budget-not-positive', { unit: 'usd' }));
  expect(raiseProblem({ tokens: Number.NaN })).toEqual(because('budget-not-positive', { unit: 'tokens' }));
  expect(raiseProblem({ calls: 1.5 })).toEqual(because('budget-not-whole', { unit: 'calls' }));
});
