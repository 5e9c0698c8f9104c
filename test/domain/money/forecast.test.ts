import { describe, expect, test } from '@jest/globals';
import { type ConfigInput, configSchema } from '../../../src/domain/config/schema.js';
import { planCallsRange } from '../../../src/domain/money/calls-range.js';
import { forecast } from '../../../src/domain/money/forecast.js';
import type { Plan, Task } from '../../../src/domain/tasks/plan.js';
import { type ModelName, modelNames } from '../../../src/domain/vocabulary.js';

const task = (id: string, type: Task['type']): Task => ({
  id,
  title: 'A task',
  description: 'Do it.',
  type,
  dependsOn: [],
});
const plan: Plan = {
  tasks: [
    task('T001', 'architecture'),
    task('T002', 'boilerplate'),
    task('T003', 'code'),
    task('T004', 'review'),
  ],
};
const measured = { spec: 4_000, repository: 8_000, files: 20_000 };
const all = modelNames.filter((model) => model !== 'scripted');
const price = { input: 1, output: 10 };
const priced = Object.fromEntries(all.map((model) => [model, { price }]));
const of = (input: ConfigInput, available: readonly ModelName[] = all) =>
  forecast(plan, configSchema.parse(input), available, measured);

test('the calls are those that the budget counts', () => {
  for (const input of [{}, { maxIterations: 0 }, { race: { code: ['deepseek', 'gemini'] } }] as const) {
    const config = configSchema.parse(input);
    expect(forecast(plan, config, all, measured).calls).toEqual(planCallsRange(plan, config));
  }
});

test('every call that is counted has its tokens: at one price for all, dollars follow them', () => {
  const flat = Object.fromEntries(all.map((model) => [model, { price: { input: 2, output: 2 } }]));
  for (const race of [{}, { code: ['deepseek', 'gemini'] }] as ConfigInput['race'][]) {
    const { tokens, usd } = of({ models: flat, race });
    expect(usd.least).toBeCloseTo((tokens.least * 2) / 1_000_000, 9);
    expect(usd.most).toBeCloseTo((tokens.most * 2) / 1_000_000, 9);
  }
});

test('the range is in order, and grows with what is sent', () => {
  const { tokens, usd } = of({ models: priced });
  expect(tokens.least).toBeGreaterThan(0);
  expect(tokens.most).toBeGreaterThan(tokens.least);
  expect(usd.most).toBeGreaterThan(usd.least);
  const larger = forecast(plan, configSchema.parse({}), all, { ...measured, spec: 40_000 });
  expect(larger.tokens.least).toBeGreaterThan(tokens.least);
  expect(larger.tokens.most).toBeGreaterThan(tokens.most);
});

test('editing by tools costs more than an answer in text', () => {
  const text = of({ models: priced });
  const edit = of({ models: priced, modes: { coder: 'edit', corrector: 'edit' } });
  expect(edit.tokens.most).toBeGreaterThan(text.tokens.most);
});

describe('what has no price', () => {
  test('is named, and counts as unknown and not as nothing', () => {
    const { unpriced, usd } = of({ models: { deepseek: { price } } });
    expect(unpriced).toEqual(['claude', 'codex', 'gemini']);
    expect(usd.least).toBeGreaterThan(0);
  });

  test('is no concern where no call goes to it', () => {
    expect(of({ models: { deepseek: { price } } }, ['deepseek']).unpriced).toEqual([]);
  });
});
