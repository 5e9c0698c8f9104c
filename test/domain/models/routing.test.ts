import { describe, expect, test } from '@jest/globals';
import { configSchema } from '../../../src/domain/config/schema.js';
import {
  type Route,
  routedModels,
  route as routeFor,
  routingRules,
  standIns,
} from '../../../src/domain/models/routing.js';
import { type ModelName, modelNames, roles } from '../../../src/domain/vocabulary.js';
import { routeText } from '../../../src/present/model-reasons.js';
import { reasonText } from '../../../src/present/reasons.js';

const defaults = configSchema.parse({});
const rules = routingRules(defaults);

/** A route with its reason as a person reads it. */
function route(...request: Parameters<typeof routeFor>): { models: ModelName[]; reason: string } {
  const { models, reason }: Route = routeFor(...request);
  return { models, reason: routeText(reason) };
}

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
    reason:
      'no available model can be coder for 70000 characters (70000 characters are over the 60000 for DeepSeek, Gemini is not available)',
  });
});

test('the probe’s word is in the reason', () => {
  const notThere = { claude: { kind: 'not-available', problem: 'not logged in' } } as const;
  expect(route({ role: 'architect', contentChars: 1 }, rules, ['codex'], notThere)).toEqual({
    models: ['codex'],
    reason: 'Claude is not available (not logged in)',
  });
});

describe('a model that is there is passed over', () => {
  const all = modelNames.filter((model) => model !== 'scripted');

  test('with the reason that is given, and the role’s next one takes over', () => {
    const found = route({ role: 'coder', contentChars: 1 }, rules, all, { deepseek: { kind: 'auth' } });
    expect(found).toMatchObject({ reason: 'DeepSeek is not logged in' });
    expect(found.models).toEqual(['gemini', 'claude', 'codex', 'openai-compatible']);
  });

  test('also a fallback that was next, and both are named', () => {
    const passedOver = { claude: { kind: 'auth' }, codex: { kind: 'failed', error: 'overloaded' } } as const;
    expect(route({ role: 'architect', contentChars: 1 }, rules, all, passedOver)).toEqual({
      models: ['gemini', 'deepseek', 'openai-compatible'],
      reason: 'Claude is not logged in, Codex failed (overloaded)',
    });
  });

  test('for a prompt that the configuration bounds, when the content alone is longer', () => {
    const bounded = routingRules(
      configSchema.parse({ models: { claude: { maxPromptBytes: 1_000 } }, maxContentChars: {} }),
    );
    expect(route({ role: 'architect', contentChars: 1_000 }, bounded, all).models[0]).toBe('claude');
    const long = route({ role: 'architect', contentChars: 1_001 }, bounded, all);
    expect(long).toMatchObject({
      reason: '1001 characters are over the 1000 bytes of a prompt for Claude',
    });
    expect(long.models).not.toContain('claude');
  });
});

test('the scripted model is nobody’s fallback where there is no script', () => {
  const all = modelNames.filter((model) => model !== 'scripted');
  for (const role of roles)
    expect(route({ role, contentChars: 1 }, rules, all).models).not.toContain('scripted');
});

test('the models that a configuration names are those of its roles and races', () => {
  expect(routedModels(defaults)).toEqual(['claude', 'codex', 'gemini', 'deepseek']);
  const racing = configSchema.parse({ race: { code: ['openai-compatible', 'gemini'] } });
  expect(routedModels(racing)).toContain('openai-compatible');
});

test('who stands in is said once for each missing first choice', () => {
  const notThere = { claude: { kind: 'not-available', problem: 'not on the PATH' } } as const;
  expect(standIns(rules, ['codex', 'gemini'], notThere).map(reasonText)).toEqual([
    'Claude is not available (not on the PATH): Codex stands in as architect.',
    'DeepSeek is not available: Gemini stands in as parser, coder.',
  ]);
  expect(standIns(rules, ['claude', 'codex', 'gemini', 'deepseek'], {})).toEqual([]);
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
