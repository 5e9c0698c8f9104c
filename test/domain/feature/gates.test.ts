import { describe, expect, test } from '@jest/globals';
import { configSchema } from '../../../src/domain/config/schema.js';
import { gateAsks, messageProblem } from '../../../src/domain/feature/gates.js';

const { gates } = configSchema.parse({});

describe('by default', () => {
  test('the plan and the result ask, the spec only while questions are open', () => {
    expect(gateAsks('plan', gates, 'interactive')).toBe(true);
    expect(gateAsks('result', gates, 'interactive')).toBe(true);
    expect(gateAsks('spec', gates, 'interactive')).toBe(false);
    expect(gateAsks('spec', gates, 'interactive', 2)).toBe(true);
  });

  test('nobody is asked in static mode', () => {
    for (const kind of ['spec', 'plan', 'task', 'result'] as const)
      expect(gateAsks(kind, { ...gates, [kind]: 'ask' }, 'static', 3)).toBe(false);
  });
});

test('a message says something, and is no document', () => {
  expect(messageProblem('Use tabs.')).toBeUndefined();
  expect(messageProblem(' \n')).toBe('The message is empty; say why.');
  expect(messageProblem('x'.repeat(10_001))).toContain('10001 characters long; at most 10000');
});
