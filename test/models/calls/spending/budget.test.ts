/** The ledger and the lock: what may begin, what counts, and what a killed process leaves. */
import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Budget } from '../../../../src/domain/money/budget.js';
import { amountOfAll, type Spend, sumOf } from '../../../../src/domain/money/spending.js';
import {
  allowForPlan,
  BudgetError,
  raiseLimits,
  readBudget,
  release,
  reserve,
  type Spending,
  settle,
} from '../../../../src/models/calls/spending/budget.js';
import { task } from '../../../support/project.js';
import { testFolder } from '../../../support/source-process.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(testFolder(), 'budget-'));
});

const spending = (budget: Budget = {}): Spending => ({
  directory,
  config: { budget, maxIterations: 3, maxRevisions: 5, race: {} },
});
const call = (name: string, more: Partial<Spend> = {}): Omit<Spend, 'at'> => ({
  call: `${name}-0123abcd`,
  tryNumber: 1,
  model: 'claude',
  role: 'coder',
  purpose: 'draft',
  task: name.slice(0, 4),
  estimate: { inputTokens: 1_000, outputTokens: 500, usd: 0.1 },
  ...more,
});
const keyOf = ({ call: name, tryNumber }: Pick<Spend, 'call' | 'tryNumber'>) => ({ call: name, tryNumber });
const spends = async () => (await readBudget(spending())).spends;

describe('a budget', () => {
  test('of calls lets as many begin, and not one more', async () => {
    await reserve(spending({ calls: 2 }), call('T001-draft.1'));
    await reserve(spending({ calls: 2 }), call('T002-draft.1'));
    const third = reserve(spending({ calls: 2 }), call('T003-draft.1'));
    await expect(third).rejects.toThrow(BudgetError);
    await expect(third).rejects.toMatchObject({
      reason: { code: 'budget-spent', params: { unit: 'calls', limit: 2, spent: 2 } },
    });
    expect(await spends()).toHaveLength(2);
  });

  test('of tokens and dollars holds back a call that it may not reach for, by what running calls may yet use', async () => {
    const tokens = spending({ tokens: 3_500 });
    await reserve(tokens, call('T001-draft.1'));
    await reserve(tokens, call('T002-draft.1'));
    await expect(reserve(tokens, call('T003-draft.1'))).rejects.toMatchObject({
      reason: {
        code: 'budget-short',
        params: { unit: 'tokens', limit: 3_500, spent: 3_000, next: 1_500 },
      },
    });
    await expect(reserve(spending({ usd: 0.25 }), call('T003-draft.1'))).rejects.toMatchObject({
      reason: { code: 'budget-short', params: { unit: 'usd', limit: 0.25 } },
    });
  });

  test('counts what a call has used in the place of what was expected', async () => {
    const tokens = spending({ tokens: 3_000 });
    const first = call('T001-draft.1');
    await reserve(tokens, first);
    await reserve(tokens, call('T002-draft.1'));
    await settle(directory, keyOf(first), { ok: true, usage: { inputTokens: 200, outputTokens: 100 } });
    await reserve(
      tokens,
      call('T003-draft.1', { estimate: { inputTokens: 1_000, outputTokens: 200, usd: 0 } }),
    );
    expect(amountOfAll(await spends()).tokens).toBe(300 + 1_500 + 1_200);
  });

  test('goes on to count what was expected where a call does not say what it used, and shows it as unknown', async () => {
    const first = call('T001-draft.1');
    await reserve(spending(), first);
    await settle(directory, keyOf(first), { ok: true, usage: { outputTokens: 100 } });
    const found = await spends();
    expect(amountOfAll(found)).toEqual({ calls: 1, tokens: 1_100, usd: 0.1 });
    expect(sumOf(found)).toMatchObject({ usage: { outputTokens: 100 }, unknown: { tokens: 1, cost: 1 } });
    expect(sumOf(found).usage.costUsd).toBeUndefined();
  });

  test('counts a call once, however often it is reserved and settled', async () => {
    const first = call('T001-draft.1');
    for (let time = 0; time < 3; time++) await reserve(spending({ calls: 1 }), first);
    const end = { ok: true, usage: { inputTokens: 1, outputTokens: 1, costUsd: 0.5 } };
    for (let time = 0; time < 3; time++) await settle(directory, keyOf(first), end);
    expect(amountOfAll(await spends())).toEqual({ calls: 1, tokens: 2, usd: 0.5 });
  });

  test('counts each try of a call, but none that the vendor turned away', async () => {
    const first = call('T001-draft.1');
    await reserve(spending(), first);
    await release(directory, keyOf(first));
    await reserve(spending({ calls: 1 }), { ...first, tryNumber: 2 });
    await expect(reserve(spending({ calls: 1 }), { ...first, tryNumber: 3 })).rejects.toThrow(BudgetError);
  });

  test('of calls that nobody set is enough to come to a plan, and then for the most that the plan can need', async () => {
    expect((await readBudget(spending())).limits.calls).toBe(6 + 11 * 4);
    await allowForPlan(spending(), { tasks: [task('T001'), task('T002')] });
    expect((await readBudget(spending())).limits).toEqual({ calls: 50 + 2 * 24 });
    expect((await readBudget(spending({ calls: 6 }))).limits).toEqual({ calls: 6 });
  });
});

describe('a budget is raised', () => {
  test('to limits that hold from then on, each for itself', async () => {
    const six = spending({ calls: 6, usd: 2 });
    expect(await raiseLimits(six, { calls: 12 })).toEqual({ ok: true, limits: { calls: 12, usd: 2 } });
    expect(await raiseLimits(six, { usd: 3 })).toEqual({ ok: true, limits: { calls: 12, usd: 3 } });
    await allowForPlan(six, { tasks: [task('T001')] });
    expect((await readBudget(six)).limits).toEqual({ calls: 12, usd: 3 });
  });

  test('above what is spent only, and not while another limit holds all back', async () => {
    const one = spending({ calls: 1, usd: 0.1 });
    await reserve(one, call('T001-draft.1'));
    expect(await raiseLimits(one, { calls: 1 })).toEqual({
      ok: false,
      reason: { code: 'budget-below-spent', params: { unit: 'calls', limit: 1, spent: 1, named: true } },
    });
    expect(await raiseLimits(one, { calls: 5 })).toEqual({
      ok: false,
      reason: { code: 'budget-below-spent', params: { unit: 'usd', limit: 0.1, spent: 0.1, named: false } },
    });
    expect((await readBudget(one)).limits).toEqual({ calls: 1, usd: 0.1 });
  });
});

test('a line of the ledger that a power cut tore is left out, and the next one stands whole', async () => {
  await reserve(spending(), call('T001-draft.1'));
  await appendFile(join(directory, 'spend.jsonl'), '{"v":1,"kind":"reserved","call":"T002-dr');
  await reserve(spending(), call('T003-draft.1'));
  expect((await spends()).map((one) => one.call)).toEqual(['T001-draft.1-0123abcd', 'T003-draft.1-0123abcd']);
});

test('a line of the ledger that somebody damaged costs itself', async () => {
  await reserve(spending(), call('T001-draft.1'));
  await appendFile(join(directory, 'spend.jsonl'), '{"v":1,"kind":"reserved","call":7}\n[]\n{}\n');
  await reserve(spending(), call('T002-draft.1'));
  expect((await spends()).map((one) => one.call)).toEqual(['T001-draft.1-0123abcd', 'T002-draft.1-0123abcd']);
});

test('what a newer version has spent is not overlooked', async () => {
  await reserve(spending(), call('T001-draft.1'));
  await appendFile(join(directory, 'spend.jsonl'), '{"v":2,"kind":"reserved"}\n');
  await expect(reserve(spending(), call('T002-draft.1'))).rejects.toMatchObject({
    code: 'newer-file',
    params: { file: join(directory, 'spend.jsonl') },
  });
});

test.each(['', '{"raised":{"calls":9}}', '{"v":1,"planned":"many"}'])(
  'damaged limits are named, and no call is made on others: %s',
  async (text) => {
    await writeFile(join(directory, 'budget.json'), text);
    await expect(reserve(spending(), call('T001-draft.1'))).rejects.toMatchObject({
      code: 'damaged-file',
      params: { file: join(directory, 'budget.json') },
    });
    await expect(readFile(join(directory, 'spend.jsonl'))).rejects.toThrow('ENOENT');
  },
);

test('reserving and settling cost less than a call would notice', async () => {
  const history = Array.from({ length: 200 }, (_, index) =>
    JSON.stringify({ v: 1, kind: 'reserved', ...call(`old-${index}`), at: 1 }),
  );
  await writeFile(join(directory, 'spend.jsonl'), `${history.join('\n')}\n`);
  const from = performance.now();
  for (let index = 0; index < 50; index++) {
    const one = call(`T001-draft.${index}`);
    await reserve(spending({ calls: 1_000 }), one);
    await settle(directory, keyOf(one), { ok: true, usage: {} });
  }
  const ms = (performance.now() - from) / 50;
  if (process.env.BLUEPRINT_SHOW_TIMES === '1') console.log(`${ms.toFixed(2)} ms a call`);
  // Some 3 ms of processor time; the limit is for a busy machine.
  expect(ms).toBeLessThan(50);
});
