/** The ledger and its lock among processes: side by side, and killed in the middle. */
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import type { Budget } from '../../../../src/domain/money/budget.js';
import type { Spend } from '../../../../src/domain/money/spending.js';
import { readBudget, reserve, type Spending } from '../../../../src/models/calls/spending/budget.js';
import { runSource, testFolder } from '../../../support/source-process.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(testFolder(), 'budget-'));
});

const spending = (budget: Budget = {}): Spending => ({
  directory,
  config: { budget, maxIterations: 3, maxRevisions: 5, race: {} },
});
const call = (name: string): Omit<Spend, 'at'> => ({
  call: `${name}-0123abcd`,
  tryNumber: 1,
  model: 'claude',
  role: 'coder',
  purpose: 'draft',
  task: name.slice(0, 4),
  estimate: { inputTokens: 1_000, outputTokens: 500, usd: 0.1 },
});
const spends = async () => (await readBudget(spending())).spends;

/** Reserves in a process of its own, `name` by `name`, and prints how many it got. */
const reserving = (budget: Budget, names: string[]) => `
  import { reserve } from './src/models/calls/spending/budget.js';
  let got = 0;
  for (const name of ${JSON.stringify(names)})
    await reserve(${JSON.stringify(spending(budget))}, { ...${JSON.stringify(call('T001-draft.1'))}, call: name })
      .then(() => { got++; }, (error) => { if (error.name !== 'BudgetError') throw error; });
  console.log(got);`;

test('of twenty processes that begin a call at once, a budget of seven lets exactly seven', async () => {
  const runs = Array.from({ length: 20 }, (_, index) =>
    runSource(reserving({ calls: 7 }, [`call-${index}`]), {}),
  );
  const got = await Promise.all(runs.map(async (run) => Number((await run).stdout)));
  expect(got.filter((one) => one === 1)).toHaveLength(7);
  expect(await spends()).toHaveLength(7);
}, 120_000);

test('a process that was killed while it held the lock holds up nobody', async () => {
  const holder = runSource(
    `import { withLock } from './src/host/lock.js';
     setInterval(() => {}, 1000);
     await withLock(${JSON.stringify(join(directory, 'spend.lock'))}, async () => { console.log('held'); await new Promise(() => {}); });`,
    { reject: false },
  );
  await once(holder.stdout, 'data');
  const waiting = reserve(spending({ calls: 1 }), call('T001-draft.1'));
  holder.kill('SIGKILL');
  await waiting;
  expect(await spends()).toHaveLength(1);
});

test('processes that are killed while they reserve neither lose nor double a call', async () => {
  const names = Array.from({ length: 200 }, (_, index) => `call-${index}`);
  for (let kill = 0; kill < 6; kill++) {
    const run = runSource(reserving({ calls: 1_000 }, names), { reject: false });
    // It has begun: whatever it does is cut off somewhere.
    const before = (await spends()).length;
    while ((await spends()).length < Math.min(before + 15, names.length))
      await new Promise((resolve) => setTimeout(resolve, 5));
    run.kill('SIGKILL');
    await run;
  }
  await runSource(reserving({ calls: 1_000 }, names), {});
  expect((await spends()).map((one) => one.call).sort()).toEqual([...names].sort());
  const lines = (await readFile(join(directory, 'spend.jsonl'), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(names.length);
}, 120_000);
