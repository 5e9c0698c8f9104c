/** What the schema fills in, and what it refuses as a whole; single keys are in `test/config/load.test.ts`. */
import { expect, test } from '@jest/globals';
import { type ConfigInput, configSchema } from '../../../src/domain/config/schema.js';
import { modelNames } from '../../../src/domain/vocabulary.js';

const whole: ConfigInput = {
  $schema: './schema.json',
  roles: { coder: ['claude'] },
  models: { claude: { model: 'opus', env: { LEVEL: 'high' }, roles: { reviewer: { args: ['--x'] } } } },
  budget: { usd: 5 },
  race: { code: ['claude', 'gemini'] },
  gates: { task: 'auto' },
  setup: null,
  checks: [{ name: 'test', command: 'npm test', paths: ['src/**'], parallel: true }],
  env: { pass: ['TERM'] },
};

test.each([[{}], [whole]])('what was filled in is a configuration again, and the same: %j', (input) => {
  // A feature's configuration is frozen as it was filled in, and read by the same schema.
  const filled = configSchema.parse(input);
  expect(configSchema.parse(JSON.parse(JSON.stringify(filled)))).toEqual(filled);
});

test('what is written replaces a default and leaves its neighbours', () => {
  const { roles, gates, limits } = configSchema.parse({ ...whole, limits: { tries: 1 } });
  expect(roles).toMatchObject({ coder: ['claude'], reviewer: ['codex'] });
  expect(gates).toEqual({ spec: 'auto', plan: 'ask', task: 'auto', result: 'ask' });
  expect(limits).toMatchObject({ tries: 1, graceSeconds: 5 });
});

test('no setting of a model is taken that its command has no use for', () => {
  const refused = modelNames.filter(
    (model) => !configSchema.safeParse({ models: { [model]: { apiKeyEnv: 'A_KEY' } } }).success,
  );
  // The scripted model is not configured at all.
  expect(refused).toEqual(['claude', 'codex', 'gemini', 'scripted']);
});

test('two checks have two names, whatever their case', () => {
  const checks = (...names: string[]) => ({ checks: names.map((name) => ({ name, command: 'true' })) });
  expect(configSchema.safeParse(checks('test', 'lint')).success).toBe(true);
  expect(configSchema.safeParse(checks('test', 'Test')).success).toBe(false);
});
