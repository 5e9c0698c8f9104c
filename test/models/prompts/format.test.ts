import { describe, expect, test } from '@jest/globals';
import { type CheckResult, protectedFilesFinding } from '../../../src/domain/tasks/checks.js';
import {
  formatChecks,
  formatCorrections,
  formatFiles,
  formatTask,
} from '../../../src/models/prompts/format.js';

test('a task is told with its id, title, type and description', () => {
  const task = { id: 'T1', title: 'Add', description: 'In a.js.', type: 'code' as const, dependsOn: [] };
  expect(formatTask(task)).toBe('T1: Add\nType: code\n\nIn a.js.');
});

test('files are told in the form in which they are asked for', () => {
  expect(
    formatFiles([
      { path: 'a b.md', content: '```\nx\n```' },
      { path: 'c', content: '' },
    ]),
  ).toBe('```` path="a b.md"\n```\nx\n```\n````\n\n``` path=c\n```');
});

describe('corrections', () => {
  test('are numbered, the first marked as first', () => {
    const review = { approved: false, feedback: 'Not yet.', corrections: ['A.', 'B.'] };
    expect(formatCorrections(review)).toBe('1. (first) A.\n2. B.\n\nNot yet.');
  });

  test('are the feedback where there are none', () => {
    expect(formatCorrections({ approved: false, feedback: 'All wrong.', corrections: [] })).toBe(
      'All wrong.',
    );
  });
});

test('a flaky check is told with both of its ends, and an edit of protected files with what it is to put back', () => {
  const result = { passed: true, redBefore: false, output: '', durationMs: 1 };
  const checks: CheckResult[] = [
    {
      ...{ ...result, name: 'test', ended: { kind: 'exit', status: 0 } },
      flaky: { ended: { kind: 'timeout', seconds: 5 }, output: '' },
    },
    { ...result, name: 'gone', passed: false, ended: { kind: 'not-runnable', status: 127 } },
    ...protectedFilesFinding(['ci.yml']),
  ];
  expect(formatChecks(checks, {})).toBe(
    [
      'test: passes, flaky: exit status 0 when run again, timed out after 5 s before',
      'gone: fails (cannot be run, exit status 127)',
      'protected-files: fails (changes ci.yml, protected by the configuration and not named by the task: to be put back as it was)',
    ].join('\n\n'),
  );
});

test('checks are told with the output of those that fail, and which were red before', () => {
  const check = (name: string, passed: boolean, redBefore = false): CheckResult => ({
    name,
    passed,
    redBefore,
    output: '',
    ended: { kind: 'exit', status: 1 },
    durationMs: 1,
  });
  const checks = [check('types', true), check('test', false), check('lint', false, true)];
  expect(formatChecks(checks, { test: 'expected 1\n', types: 'fine' })).toBe(
    'types: passes\n\ntest: fails (exit status 1)\nexpected 1\n\nlint: fails (exit status 1), as it did before any change: it does not count',
  );
});
