import { describe, expect, test } from '@jest/globals';
import { configSchema } from '../../../src/domain/config/schema.js';
import { type FoundModels, ownReviews, roleChoices } from '../../../src/domain/models/choices.js';
import { type ModelName, modelNames, roles } from '../../../src/domain/vocabulary.js';

const defaults = configSchema.parse({});
const found = (...available: ModelName[]): FoundModels => ({
  available,
  notThere: {},
  modes: { claude: ['text', 'edit'], codex: ['text', 'edit'], gemini: ['text', 'edit'], deepseek: ['text'] },
});

test('by default, each role has its model, and the larger content the next one', () => {
  const choices = roleChoices(defaults, found('claude', 'codex', 'gemini', 'deepseek'));
  expect(choices.map(({ role, overChars, model }) => [role, overChars, model])).toEqual([
    ['architect', 0, 'claude'],
    ['parser', 0, 'deepseek'],
    ['parser', 60_000, 'gemini'],
    ['boilerplate', 0, 'gemini'],
    ['coder', 0, 'deepseek'],
    ['coder', 60_000, 'gemini'],
    ['reviewer', 0, 'codex'],
    ['corrector', 0, 'codex'],
  ]);
  expect(choices[1]?.reason).toMatchObject({ code: 'first-choice', params: { maxChars: 60_000 } });
  expect(choices[2]?.reason).toMatchObject({
    code: 'passed-over',
    params: { passed: [{ model: 'deepseek', why: { kind: 'too-long', chars: 60_001, most: 60_000 } }] },
  });
  expect(choices[0]?.next).toEqual(['codex', 'gemini', 'deepseek']);
});

test.each(modelNames.filter((model) => model !== 'scripted'))(
  'with %s alone, it does the whole job, up to its size',
  (model) => {
    const choices = roleChoices(defaults, found(model));
    const fromTheSmallest = choices.filter(({ overChars }) => overChars === 0);
    expect(fromTheSmallest.map((choice) => [choice.role, choice.model])).toEqual(
      roles.map((role) => [role, model]),
    );
    const as = ['architect', 'boilerplate', 'coder', 'corrector'];
    expect(ownReviews(defaults, found(model))).toEqual([{ model, as }]);
  },
);

test('two models review each other’s work', () => {
  expect(ownReviews(defaults, found('claude', 'deepseek'))).toEqual([]);
});

test('a role edits by itself only where the model can', () => {
  const config = configSchema.parse({ modes: { coder: 'edit', corrector: 'edit' } });
  const modeOf = (role: string, ...available: ModelName[]) =>
    roleChoices(config, found(...available)).find((choice) => choice.role === role)?.mode;
  expect(modeOf('coder', 'deepseek')).toBe('text');
  expect(modeOf('coder', 'gemini')).toBe('edit');
  expect(modeOf('corrector', 'codex')).toBe('edit');
  expect(modeOf('reviewer', 'codex')).toBe('text');
});

describe('the vendor’s name of the model', () => {
  test('is the role’s own, else the model’s, else the command’s default', () => {
    const config = configSchema.parse({
      models: { codex: { model: 'small', roles: { corrector: { model: 'large' } } } },
    });
    const named = Object.fromEntries(
      roleChoices(config, found('codex', 'claude')).map(({ role, vendorModel }) => [role, vendorModel]),
    );
    expect(named).toMatchObject({ reviewer: 'small', corrector: 'large' });
    expect(named.architect).toBeUndefined();
  });
});

test('without any model, every role says so', () => {
  const choices = roleChoices(defaults, found());
  expect(choices.map(({ model }) => model)).toEqual(roles.map(() => undefined));
  expect(choices[0]?.reason).toMatchObject({ code: 'none-fits', params: { role: 'architect' } });
});
