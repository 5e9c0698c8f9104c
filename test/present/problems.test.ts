import { expect, test } from '@jest/globals';
import { Problem } from '../../src/domain/problem.js';
import { because } from '../../src/domain/reasons.js';
import { problemHints, problemText } from '../../src/present/problems.js';

const feature = 'dark-mode';

test.each<[Problem, ...hints: string[]]>([
  [
    new Problem('not-running', 'It is not running.', { feature }),
    'Go on with it with `blueprint resume dark-mode`.',
  ],
  [new Problem('not-stopped', 'It runs.', { feature }), '`blueprint stop dark-mode` stops it.'],
  [
    new Problem('feature-missing', 'There is none.', { startable: 'x' }),
    'Start one with `blueprint start x --brief FILE`.',
  ],
  [new Problem('feature-missing', 'There are others.', {})],
  [new Problem('server-silent', 'No answer.', { embedded: false })],
  [
    new Problem('server-silent', 'No answer.', { embedded: true }),
    '`blueprint server stop` stops it, and `blueprint server start` starts it again.',
  ],
  [new Problem('git-lock', 'A lock is in the way.')],
  [
    new Problem('budget-gate', 'By a higher budget.', { feature, reason: because('budget-gate') }),
    'Raise it: blueprint raise-budget dark-mode --calls N, --tokens N or --usd N. To end it instead: blueprint stop dark-mode.',
  ],
  [
    new Problem('refused', 'refused', { feature, reason: because('budget-unnamed') }),
    'Raise it with --calls N, --tokens N or --usd N.',
  ],
])('a problem has its sentence, and apart from it what can be typed', (problem, ...hints) => {
  expect(problemHints(problem)).toEqual(hints);
  expect(problemText(problem)).not.toContain('blueprint');
});

test('where a problem is more than a sentence, its reason is said', () => {
  const refused = new Problem('refused', 'task settled: task T1', {
    feature,
    reason: because('task-settled', { task: 'T1', state: 'done', change: 'change' }),
  });
  expect(problemText(refused)).toBe('Task T1 is done and cannot be changed.');
  expect(problemText(new Problem('usage', 'Give one brief.'))).toBe('Give one brief.');
});
