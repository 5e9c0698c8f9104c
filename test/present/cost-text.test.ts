import { describe, expect, test } from '@jest/globals';
import { parseBudget } from '../../src/cli/budget.js';
import type { CallCost, FeatureCost } from '../../src/domain/money/cost.js';
import { amountOfAll, type Spend, sumOf } from '../../src/domain/money/spending.js';
import { atLeast, budgetLine, costLines, costText } from '../../src/present/cost-text.js';

const estimate = { inputTokens: 1_000, outputTokens: 500, usd: 0.5 };
const spends: Spend[] = [
  {
    call: 'spec.1-0a0a0a0a',
    tryNumber: 1,
    model: 'claude',
    role: 'architect',
    purpose: 'spec',
    at: 1,
    estimate,
    ended: {
      ok: true,
      usage: { inputTokens: 12_000, cachedInputTokens: 4_000, outputTokens: 900, costUsd: 1.2 },
      costFrom: 'vendor',
    },
  },
  {
    call: 'T001-draft.1-0b0b0b0b',
    tryNumber: 2,
    model: 'deepseek',
    role: 'coder',
    purpose: 'draft',
    task: 'T001',
    at: 2,
    estimate,
    ended: { ok: true, usage: { inputTokens: 3_000, outputTokens: 100, costUsd: 0.0012 }, costFrom: 'price' },
  },
  {
    call: 'T001-review.1-0c0c0c0c',
    tryNumber: 1,
    model: 'codex',
    role: 'reviewer',
    purpose: 'review',
    task: 'T001',
    at: 3,
    estimate,
  },
];
const calls = spends.map(
  ({ estimate: _, ...spend }, index): CallCost => ({
    ...spend,
    state: spend.ended === undefined ? 'running' : 'done',
    ...(spend.ended === undefined ? {} : { durationMs: 1_500 * (index + 1) }),
  }),
);
const found: FeatureCost = {
  name: 'dark-mode',
  budget: { limits: { calls: 80, usd: 5 }, spent: amountOfAll(spends) },
  total: sumOf(spends),
  models: [
    { name: 'claude', durationMs: 1_500, ...sumOf(spends.slice(0, 1)) },
    { name: 'deepseek', durationMs: 3_000, ...sumOf(spends.slice(1, 2)) },
    { name: 'codex', durationMs: 0, ...sumOf(spends.slice(2)) },
  ],
  parts: [
    { name: 'spec', durationMs: 1_500, ...sumOf(spends.slice(0, 1)) },
    { name: 'T001', durationMs: 3_000, ...sumOf(spends.slice(1)) },
  ],
  calls,
};

test('what was spent is told by model and by task, and what is unknown is called so', () => {
  expect(costLines(found, false)).toEqual([
    'dark-mode: 3 calls, ≥ 15,000 tokens in (4,000 cached), 1,000 out (1 call unknown), cost ≥ $1.20 (1 call unknown)',
    'cost:   reported by the vendor for 1 call, by the configured price for 1 call, unknown for 1 call',
    'budget: 3 of 80 calls, $1.70 of $5.00',
    'left:   77 calls, $3.30 (a call that runs, or did not say what it used, counts as what was expected)',
    '',
    'MODEL     CALLS  IN       CACHED  OUT      COST     TIME',
    'Claude    1      12,000   4,000   900      $1.20    1.5 s',
    'DeepSeek  1      3,000            100      $0.0012  3.0 s',
    'Codex     1      unknown          unknown  unknown  0.0 s',
    '',
    'FOR   CALLS  IN       CACHED  OUT    COST                        TIME',
    'spec  1      12,000   4,000   900    $1.20                       1.5 s',
    'T001  2      ≥ 3,000          ≥ 100  ≥ $0.0012 (1 call unknown)  3.0 s',
  ]);
});

test('each call is told where it is asked for', () => {
  expect(costLines(found, true).slice(-4)).toEqual([
    'CALL                  MODEL     STATE    IN       CACHED  OUT      COST                TIME',
    'spec.1                Claude    done     12,000   4,000   900      $1.20               1.5 s',
    'T001-draft.1 (try 2)  DeepSeek  done     3,000            100      $0.0012 (by price)  3.0 s',
    'T001-review.1         Codex     running  unknown          unknown  unknown',
  ]);
});

test('a feature that has made no call has spent nothing', () => {
  const empty = { ...found, budget: { limits: { calls: 56 }, spent: amountOfAll([]) }, total: sumOf([]) };
  expect(costLines(empty, true)).toEqual(['dark-mode: no calls yet', 'budget: 0 of 56 calls']);
});

test('a sum that is known in part is a lower bound', () => {
  expect([costText(undefined, 2), costText(1.5, 0), costText(1.5, 3)]).toEqual([
    'unknown',
    '$1.50',
    '≥ $1.50 (3 calls unknown)',
  ]);
  expect([atLeast(undefined, 0), atLeast(5, 0), atLeast(5, 1)]).toEqual(['unknown', '5', '≥ 5']);
  const spent = { calls: 2, tokens: 1_500.4, usd: 0 };
  expect(budgetLine({ limits: { calls: 5, tokens: 2_000 }, spent })).toBe(
    'budget: 2 of 5 calls, 1,500 of 2,000 tokens',
  );
});

describe('a budget on the command line', () => {
  test('names its limits', () => {
    expect(parseBudget('usd=5,tokens=2000000,calls=80')).toEqual({ usd: 5, tokens: 2_000_000, calls: 80 });
    expect(parseBudget('usd=0.5')).toEqual({ usd: 0.5 });
  });

  test.each([
    '',
    'calls',
    'calls=',
    'calls=1,calls=2',
    'euro=5',
    'calls=5=6',
    'calls=1.5',
    'usd=0',
    'usd=-1',
    'usd=1e9',
  ])('that says %j is refused with what may be said', (text) => {
    expect(() => parseBudget(text)).toThrow(/such as usd=5|must be/);
  });
});
