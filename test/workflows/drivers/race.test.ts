/** A race without a server: who wins, who is given up, and what becomes of a failure. */
import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/workflow';
import { configSchema } from '../../../src/domain/config/schema.js';
import { budgetFailureType } from '../../../src/domain/money/budget.js';
import { because } from '../../../src/domain/reasons.js';
import type { CheckResult } from '../../../src/domain/tasks/checks.js';
import type { DraftResult } from '../../../src/domain/tasks/draft.js';
import { roundConfig } from '../../../src/domain/tasks/round.js';
import type { ModelName } from '../../../src/domain/vocabulary.js';
import type { RoundCalls } from '../../../src/workflows/task/calls.js';
import { race } from '../../../src/workflows/task/race.js';
import { memoryJournal } from './parts.js';
import { fakeRuntime, type Pending } from './runtime.js';

const check = (passed: boolean, name = 'test'): CheckResult => ({
  ...{
    name,
    passed,
    redBefore: false,
    output: '',
    ended: { kind: 'exit', status: passed ? 0 : 1 },
    durationMs: 1,
  },
});
const green = [check(true)];
const red = [check(false)];
const sha = 'a'.repeat(64);

const answerOf = (model: ModelName) => ({
  ...{ ok: true as const, commit: `commit of ${model}`, base: 'b', label: model, files: [], outputs: [] },
  call: { call: `draft-${model}`, model, source: 'made' as const, usage: {}, durationMs: 1 },
});
type Drafted = Awaited<ReturnType<RoundCalls['draft']>>;

function makeRace() {
  const runtime = fakeRuntime();
  const journal = memoryJournal();
  const drafts = new Map<string, Pending<Drafted> & { onWait: () => () => void }>();
  const ended: string[] = [];
  const checks: Partial<Record<string, CheckResult[]>> = {};
  const compared: string[][] = [];
  let selected: ModelName = 'gemini';
  const calls: RoundCalls = {
    draft(_, { racer = 'scripted', onWait } = {}) {
      const draft = { ...runtime.pending<Drafted>(), onWait: onWait ?? (() => () => undefined) };
      drafts.set(racer, draft);
      return draft.promise;
    },
    runChecks: async (_corrections: number, _draft: DraftResult, label = '') => checks[label] ?? green,
    review: () => Promise.reject(new Error('No review in a race.')),
    async compare(given) {
      compared.push(given.map(({ label }) => label));
      const { call } = answerOf(selected);
      return { ok: true, call, selected, reasoning: 'It says more.' };
    },
    end: async (label) => void ended.push(label ?? 'all'),
  };
  const reference = { path: 'spec.md', sha256: sha, bytes: 1 };
  const input = {
    ...{
      feature: 'feature',
      embedded: true,
      config: roundConfig(configSchema.parse({}), { type: 'code' }),
      round: 1,
      specChars: 1,
      notes: [],
    },
    spec: reference,
    preparation: { available: [], setup: null, checks: [], baseline: [] },
    task: { id: 'T001', title: 'One', description: '', type: 'code' as const, dependsOn: [] },
  };
  const scope = runtime.scope();
  const end = scope.run(() => race({ input, journal, runtime, calls }, ['deepseek', 'gemini']));
  end.catch(() => undefined);
  const draft = (model: string) => {
    const found = drafts.get(model);
    if (found === undefined) throw new Error(`${model} was not asked.`);
    return found;
  };
  return {
    ...{ runtime, journal, ended, checks, compared, scope, end, draft },
    select: (model: ModelName) => {
      selected = model;
    },
    async drafts(...models: ModelName[]) {
      for (const model of models) draft(model).resolve(answerOf(model));
      await runtime.settle();
    },
  };
}

const raceEntry = (one: ReturnType<typeof makeRace>) => one.journal.ofKind('race')[0];
const warnings = (one: ReturnType<typeof makeRace>) =>
  one.journal.ofKind('warning').map((event) => event.reason);

describe('the checks judge first', () => {
  test('the only draft that passes them wins', async () => {
    const one = makeRace();
    one.checks.deepseek = red;
    await one.drafts('deepseek', 'gemini');
    expect(await one.end).toMatchObject({ author: 'gemini', checks: green });
    expect(raceEntry(one)).toMatchObject({
      selected: 'gemini',
      judgedBy: 'checks',
      reason: because('only-passing'),
    });
    expect(one.compared).toEqual([]);
  });

  test('where none passes, the one that breaks fewer goes on', async () => {
    const one = makeRace();
    one.checks.deepseek = [check(false), check(false, 'lint')];
    one.checks.gemini = red;
    await one.drafts('deepseek', 'gemini');
    expect(await one.end).toMatchObject({ author: 'gemini', checks: red });
  });

  test('where both pass, the reviewer compares them', async () => {
    const one = makeRace();
    one.select('deepseek');
    await one.drafts('deepseek', 'gemini');
    expect(await one.end).toMatchObject({ author: 'deepseek' });
    expect(one.compared).toEqual([['deepseek', 'gemini']]);
    expect(raceEntry(one)).toMatchObject({
      judgedBy: 'supervisor',
      reason: because('judged-better', { text: 'It says more.' }),
    });
  });
});

describe('a model that waits for its quota', () => {
  test('is given up as soon as another draft passes, and its call is ended', async () => {
    const one = makeRace();
    one.draft('deepseek').onWait();
    await one.drafts('gemini');
    expect(await one.end).toMatchObject({ author: 'gemini' });
    expect(one.ended).toEqual(['deepseek']);
    expect(warnings(one)).toEqual([because('race-goes-on', { model: 'deepseek', task: 'T001' })]);
  });

  test('is given up when it begins to wait after that', async () => {
    const one = makeRace();
    await one.drafts('gemini');
    one.draft('deepseek').onWait();
    await one.runtime.settle();
    expect(await one.end).toMatchObject({ author: 'gemini' });
    expect(one.ended).toEqual(['deepseek']);
  });

  test('is waited for where no other draft passes', async () => {
    const one = makeRace();
    one.checks.gemini = red;
    const over = one.draft('deepseek').onWait();
    await one.drafts('gemini');
    expect(one.ended).toEqual([]);
    over();
    await one.drafts('deepseek');
    expect(await one.end).toMatchObject({ author: 'deepseek' });
  });
});

describe('a draft that fails', () => {
  test('leaves the other one, with a warning', async () => {
    const one = makeRace();
    one.draft('deepseek').reject(new Error('It crashed.'));
    await one.drafts('gemini');
    expect(await one.end).toMatchObject({ author: 'gemini' });
    expect(raceEntry(one)?.reason).toEqual(because('only-draft'));
    expect(warnings(one)).toEqual([because('unforeseen', { text: 'It crashed.' })]);
  });

  test('is the race’s failure where no other is left', async () => {
    const one = makeRace();
    one.draft('deepseek').reject(new Error('It crashed.'));
    one.draft('gemini').reject(new Error('It crashed too.'));
    await one.runtime.settle();
    await expect(one.end).rejects.toThrow('It crashed.');
  });

  test('for want of budget ends the race: both are made when it is raised', async () => {
    const one = makeRace();
    one.draft('deepseek').reject(ApplicationFailure.nonRetryable('Used up.', budgetFailureType));
    await one.drafts('gemini');
    await expect(one.end).rejects.toThrow('Used up.');
  });
});

test('a stop ends both, and is no failure of either', async () => {
  const one = makeRace();
  one.scope.cancel();
  await one.runtime.settle();
  await expect(one.end).rejects.toThrow('cancelled');
  expect(warnings(one)).toEqual([]);
});
