import { expect, test } from '@jest/globals';
import { featurePage, roundPage } from '../../src/domain/pages.js';
import { because } from '../../src/domain/reasons.js';

test('a feature’s page in Temporal has its phase, what waits and its tasks, and no command', () => {
  const page = featurePage({
    name: 'dark-mode',
    phase: 'plan',
    stopped: true,
    gates: [{ gate: 'plan', number: 1, reason: because('plan-ready', { tasks: 1 }) }],
    tasks: [{ id: 'T001', title: 'Add the switch', state: 'missing' }],
  });
  expect(page.split('\n')).toEqual([
    '**dark-mode**: plan (stopped)',
    '',
    '- waits at **plan**: plan ready: tasks 1',
    '- T001 Add the switch: missing',
  ]);
});

test('a round’s page says what it does, and which correction it is', () => {
  const round = { task: { id: 'T001', title: 'Add the switch' }, round: 2, step: 'review', of: 3 };
  expect(roundPage({ ...round, iteration: 0 })).toBe('**T001** Add the switch\n\nRound 2: review');
  expect(roundPage({ ...round, iteration: 1 })).toContain('Round 2: review, iteration 1/3');
});
