import { describe, expect, test } from '@jest/globals';
import { type RoutingRules, route } from '../../src/domain/routing.js';
import { configSchema } from '../../src/domain/schemas/config.js';
import { modelNames, roles } from '../../src/domain/vocabulary.js';

const { roles: preferences, maxContentChars } = configSchema.parse({});
const rules: RoutingRules = { roles: preferences, maxContentChars };

describe('by default', () => {
  test.each([
    ['architect', 'claude'],
    ['parser', 'deepseek'],
    ['boilerplate', 'gemini'],
    ['coder', 'deepseek'],
    ['reviewer', 'codex'],
    ['corrector', 'codex'],
  ] as const)('the %s is %s', (role, model) => {
    const { models } = route({ role, contentChars: 100 }, rules, modelNames);
    expect(models[0]).toBe(model);
  });

  test('a specification over the limit goes to gemini, and the reason says so', () => {
    const small = route({ role: 'parser', contentChars: 60_000 }, rules, modelNames);
    const large = route({ role: 'parser', contentChars: 60_001 }, rules, modelNames);
    expect(small).toMatchObject({ reason: 'first choice for parser, 60000 characters fit its 60000' });
    expect(small.models[0]).toBe('deepseek');
    expect(large.models[0]).toBe('gemini');
    expect(large.models).not.toContain('deepseek');
    expect(large.reason).toBe('60001 characters are over the 60000 for DeepSeek');
  });
});

test('any one model can fill every role', () => {
  for (const model of modelNames)
    for (const role of roles)
      expect(route({ role, contentChars: 10 }, rules, [model]).models).toEqual([model]);
});

test('a missing first choice is named in the reason', () => {
  expect(route({ role: 'architect', contentChars: 1 }, rules, ['codex'])).toEqual({
    models: ['codex'],
    reason: 'Claude is not available',
  });
});

test('with no model that fits, the list is empty and the reason says what was looked for', () => {
  expect(route({ role: 'coder', contentChars: 70_000 }, rules, ['deepseek'])).toEqual({
    models: [],
    reason: 'no available model can be coder for 70000 characters',
  });
});

describe('a draft is reviewed', () => {
  test('by another model than its author, even one that the role does not prefer', () => {
    const review = route({ role: 'reviewer', contentChars: 1, author: 'codex' }, rules, ['codex', 'gemini']);
    expect(review).toEqual({ models: ['gemini', 'codex'], reason: 'Codex is the author' });
  });

  test('by its author where no other model is available, and the reason says so', () => {
    const review = route({ role: 'reviewer', contentChars: 1, author: 'codex' }, rules, ['codex']);
    expect(review).toEqual({ models: ['codex'], reason: 'no other model is available than the author' });
  });
});
