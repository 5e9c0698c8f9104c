/** What calls to a model reserve and use, with the scripted one, through failures and killed followers. */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { amountOfAll, type Spend } from '../../../../src/domain/money/spending.js';
import { raiseLimits, readBudget, type Spending } from '../../../../src/models/calls/spending/budget.js';
import type { ModelCall } from '../../../../src/models/model-call.js';
import { readLedger } from '../../../../src/models/scripted/ledger.js';
import { until } from '../../../support/calls.js';
import type { FollowedModel } from '../../../support/follow-model.js';
import { testFolder, transpiledCode } from '../../../support/source-process.js';

interface Site {
  directory: string;
  spending: Spending;
  request: Omit<ModelCall, 'prompt'> & { prompt: string };
}

async function site(steps: object[], budget: Spending['config']['budget'] = {}): Promise<Site> {
  const directory = await mkdtemp(join(testFolder(), 'spending-'));
  const script = join(directory, 'script.json');
  await writeFile(script, JSON.stringify({ answers: [{ answers: steps }] }));
  const spending: Spending = {
    directory,
    config: { budget, maxIterations: 3, maxRevisions: 5, race: {} },
  };
  const request: Site['request'] = {
    call: { name: 'T002-draft', round: 1, inputs: { v: 1 } },
    purpose: 'draft',
    role: 'coder',
    task: 'T002',
    model: 'deepseek',
    mode: 'text',
    settings: { args: [], env: {}, price: { input: 1, output: 2 } },
    script,
    ledger: join(directory, 'ledger.jsonl'),
    cwd: directory,
    prompt: 'Write it.',
    limits: { totalSeconds: 60, inactivitySeconds: 60, graceSeconds: 1, tries: 3 },
    pass: [],
    spending,
  };
  return { directory, spending, request };
}

/** In a process of its own: there our sources run as they are built. */
function follow({ directory, request }: Site) {
  const script = join(transpiledCode(), 'test', 'support', 'follow-model.js');
  return execa(process.execPath, [script, join(directory, 'calls'), JSON.stringify(request)], {
    reject: false,
  });
}
const ask = async (one: Site): Promise<FollowedModel> =>
  JSON.parse((await follow(one)).stdout) as FollowedModel;
const spends = async ({ spending }: Site): Promise<Spend[]> => (await readBudget(spending)).spends;
const starts = ({ request }: Site) =>
  readLedger(request.ledger).filter((entry) => entry.event === 'start').length;

test('a call is reserved, then counts what it used, priced by the table, once for all who ask', async () => {
  const one = await site([{ answer: 'Here it is.' }]);
  const { answer } = await ask(one);
  expect((await ask(one)).answer?.source).toBe('reused');
  const [spend, ...others] = await spends(one);
  expect(others).toEqual([]);
  expect(spend).toMatchObject({
    call: answer?.call,
    tryNumber: 1,
    model: 'deepseek',
    purpose: 'draft',
    task: 'T002',
    ended: { ok: true, costFrom: 'price', usage: { outputTokens: 3 } },
  });
  expect(spend?.ended?.usage.costUsd).toBe(answer?.usage.costUsd);
  expect(spend?.estimate.outputTokens).toBeGreaterThan(3);
});

test('a try that is turned away counts for nothing, one that fails on the way counts what was expected', async () => {
  const one = await site([
    { error: { kind: 'rate-limit', retryAfterMs: 0 } },
    { answer: 'half an ans', noResult: true, exit: 1 },
    { answer: 'Here it is.' },
  ]);
  await ask(one);
  // The second try failed; its delay over, the third one answers.
  await until(async () => (await ask(one)).answer, 'the answer');
  const found = await spends(one);
  expect(found.map(({ tryNumber, ended }) => [tryNumber, ended?.ok])).toEqual([
    [2, false],
    [3, true],
  ]);
  const [failed] = found;
  expect(failed?.ended?.usage.costUsd).toBeUndefined();
  expect(amountOfAll(failed === undefined ? [] : [failed])).toMatchObject({ usd: failed?.estimate.usd });
});

test('a follower that is killed in the middle leaves a reservation, which the next one settles', async () => {
  const one = await site([{ answer: 'Here it is.', delayMs: 1_500 }]);
  const first = follow(one);
  await until(() => starts(one) === 1, 'the model');
  first.kill('SIGKILL');
  await first;
  expect((await spends(one)).map(({ ended }) => ended)).toEqual([undefined]);
  expect((await ask(one)).answer?.source).toBe('adopted');
  expect((await spends(one)).map(({ ended }) => ended?.ok)).toEqual([true]);
  expect(starts(one)).toBe(1);
});

test('beyond the budget nothing is started, and when it is raised the same call is made', async () => {
  const one = await site([{ answer: 'Here it is.' }], { usd: 0.001 });
  const held = await follow(one);
  expect(held.exitCode).not.toBe(0);
  expect(held.stderr).toContain('BudgetError: budget short: unit usd, limit 0.001, spent 0');
  expect(starts(one)).toBe(0);
  expect(await readFile(join(one.directory, 'spend.jsonl'), 'utf8').catch(() => '')).toBe('');

  await raiseLimits(one.spending, { usd: 1 });
  expect((await ask(one)).answer?.tryNumber).toBe(1);
  expect(starts(one)).toBe(1);
});
