/** What a configuration may hold; how its mistakes are told is in test/config. */
import { describe, expect, test } from '@jest/globals';
import { type ConfigInput, configSchema } from '../../../src/domain/config/schema.js';

test('an empty configuration is a whole one', () => {
  expect(configSchema.parse({})).toMatchObject({
    roles: { architect: ['claude'], coder: ['deepseek', 'gemini'], reviewer: ['codex'] },
    modes: { coder: 'text' },
    maxParallelTasks: 4,
    maxIterations: 3,
    gates: { spec: 'auto', plan: 'ask', task: 'ask', result: 'ask' },
    script: null,
    race: {},
    notify: null,
    limits: { tries: 8 },
  });
});

test('of a part that is given, the rest has its defaults', () => {
  expect(configSchema.parse({ gates: { plan: 'auto' }, limits: { tries: 1 } })).toMatchObject({
    gates: { spec: 'auto', plan: 'auto', task: 'ask', result: 'ask' },
    limits: { tries: 1, graceSeconds: 5 },
  });
});

test('checks are detected where none are named, and none are run where there are none', () => {
  expect(configSchema.parse({}).checks).toBeUndefined();
  expect(configSchema.parse({ checks: [] }).checks).toEqual([]);
  expect(configSchema.parse({}).setup).toBeUndefined();
  expect(configSchema.parse({ setup: null }).setup).toBeNull();
});

const check = (more: object) => ({ checks: [{ name: 'test', command: 'make test', ...more }] });
const claude = (settings: object) => ({ models: { claude: settings } });
const http = (settings: object) => ({ models: { 'openai-compatible': settings } });

describe('is refused, by its place', () => {
  test.each<[string, unknown, (string | number)[]]>([
    ['a race of a model with itself', { race: { code: ['gemini', 'gemini'] } }, ['race', 'code']],
    ['a race of three', { race: { code: ['gemini', 'claude', 'codex'] } }, ['race', 'code']],
    ['a race of reviews', { race: { review: ['gemini', 'claude'] } }, ['race']],
    ['a role without a model', { roles: { coder: [] } }, ['roles', 'coder']],
    [
      'two checks of one name, in any case',
      { checks: [...check({}).checks, ...check({ name: 'Test' }).checks] },
      ['checks'],
    ],
    ['a check with the name of a finding of ours', check({ name: 'protected-files' }), ['checks', 0, 'name']],
    ['a check whose name is no word', check({ name: 'run tests' }), ['checks', 0, 'name']],
    ['a check without a command', check({ command: '' }), ['checks', 0, 'command']],
    ['a check in a folder outside', check({ cwd: '../elsewhere' }), ['checks', 0, 'cwd']],
    ['a check in an absolute folder', check({ cwd: '/etc' }), ['checks', 0, 'cwd']],
    ['a check for no paths', check({ paths: [] }), ['checks', 0, 'paths']],
    ['an absolute glob', { protect: ['/etc/**'] }, ['protect', 0]],
    ['a shared folder that leads out', { share: ['a/../../b'] }, ['share', 0]],
    ['a secret', claude({ env: { MY_TOKEN: 'x'.repeat(20) } }), ['models', 'claude', 'env', 'MY_TOKEN']],
    [
      'a setting that the model does not use',
      claude({ baseUrl: 'https://a.example' }),
      ['models', 'claude', 'baseUrl'],
    ],
    [
      'an address with a password',
      http({ baseUrl: 'https://ada:pw@a.example' }),
      ['models', 'openai-compatible', 'baseUrl'],
    ],
    [
      'an address of another protocol',
      http({ baseUrl: 'file:///etc' }),
      ['models', 'openai-compatible', 'baseUrl'],
    ],
    [
      'a key in place of its variable',
      http({ apiKeyEnv: 'sk-made-up-1' }),
      ['models', 'openai-compatible', 'apiKeyEnv'],
    ],
    ['a budget of nothing', { budget: { usd: 0 } }, ['budget', 'usd']],
    ['a budget of half a call', { budget: { calls: 0.5 } }, ['budget', 'calls']],
    ['an unknown key', { gates: { review: 'ask' } }, ['gates']],
  ])('%s', (_, config, path) => {
    const parsed = configSchema.safeParse(config);
    expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});

test('a short value of a secret’s name is no secret, and a variable’s name no key', () => {
  const config: ConfigInput = {
    models: { 'openai-compatible': { env: { OLLAMA_KEY: 'none' }, apiKeyEnv: 'OLLAMA_KEY' } },
  };
  expect(configSchema.safeParse(config).success).toBe(true);
});
