import { expect, test } from '@jest/globals';
import { configSchema } from '../../../src/domain/config/schema.js';

test('an empty configuration is a whole one', () => {
  expect(configSchema.parse({})).toMatchObject({
    maxParallelTasks: 4,
    maxIterations: 3,
    gates: { spec: 'auto', plan: 'ask', task: 'ask', result: 'ask' },
    script: null,
    race: {},
  });
});

test('two drafts of a race are by two models, and two checks have two names', () => {
  expect(configSchema.safeParse({ race: { code: ['gemini', 'gemini'] } }).success).toBe(false);
  const checks = [
    { name: 'test', command: 'a' },
    { name: 'Test', command: 'b' },
  ];
  expect(configSchema.safeParse({ checks }).success).toBe(false);
});
