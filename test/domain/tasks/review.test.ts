import { describe, expect, test } from '@jest/globals';
import { brokenChecks, type CheckResult, protectedFilesFinding } from '../../../src/domain/tasks/checks.js';
import { attemptNumber, judgeRace, verdict } from '../../../src/domain/tasks/review.js';

const check = (name: string, passed: boolean, redBefore = false): CheckResult => ({
  name,
  passed,
  redBefore,
  output: `calls/${name}/output`,
  ended: { kind: 'exit', status: passed ? 0 : 1 },
  durationMs: 1,
});

describe('edits of protected files', () => {
  const finding = protectedFilesFinding(['ci.yml', 'test/a.js']);

  test('count as broken: an approved draft is corrected all the same, and in the end a person decides', () => {
    expect(verdict({ approved: true }, [check('test', true), ...finding], 0, 1)).toEqual({
      kind: 'correct',
      iteration: 1,
    });
    expect(verdict({ approved: true }, finding, 1, 1)).toEqual({ kind: 'manual' });
  });

  test('are named, a bounded number of them; without any there is nothing to say', () => {
    expect(finding[0]?.ended).toEqual({ kind: 'protected-files', paths: ['ci.yml', 'test/a.js'], more: 0 });
    const many = protectedFilesFinding(Array.from({ length: 30 }, (_, index) => `t${index}.js`));
    expect(many[0]?.ended).toMatchObject({ paths: { length: 10 }, more: 20 });
    expect(protectedFilesFinding([])).toEqual([]);
  });

  test('lose a race against a draft without them', () => {
    const racers = [
      { label: 'gemini', broke: brokenChecks(finding).length },
      { label: 'deepseek', broke: 0 },
    ] as const;
    expect(judgeRace(racers)).toMatchObject({ kind: 'decided', selected: 'deepseek' });
  });
});

describe('a review', () => {
  test('that approves ends the loop only when no check is broken', () => {
    expect(verdict({ approved: true }, [check('test', true)], 0, 3)).toEqual({ kind: 'approved' });
    expect(verdict({ approved: true }, [check('test', false)], 0, 3)).toEqual({
      kind: 'correct',
      iteration: 1,
    });
    expect(verdict({ approved: true }, [check('test', false, true)], 0, 3)).toEqual({ kind: 'approved' });
  });

  test('that rejects is followed by at most three corrections, the last one reviewed too; then by a person', () => {
    const kinds = [0, 1, 2, 3].map((corrections) => verdict({ approved: false }, [], corrections, 3));
    expect(kinds).toEqual([
      { kind: 'correct', iteration: 1 },
      { kind: 'correct', iteration: 2 },
      { kind: 'correct', iteration: 3 },
      { kind: 'manual' },
    ]);
    expect(verdict({ approved: true }, [], 3, 3)).toEqual({ kind: 'approved' });
  });

  test('with no corrections allowed goes to a person at once', () => {
    expect(verdict({ approved: false }, [], 0, 0)).toEqual({ kind: 'manual' });
  });
});

test('a check that was red before does not count against a draft', () => {
  const checks = [check('lint', false, true), check('test', false), check('types', true)];
  expect(brokenChecks(checks).map((broken) => broken.name)).toEqual(['test']);
});

test('no two attempts of a task have the same number, over rounds and corrections', () => {
  const numbers = [1, 2, 3].flatMap((round) =>
    [0, 1, 2, 3].map((iteration) => attemptNumber(round, iteration, 3)),
  );
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

describe('a race', () => {
  test('is won by the only draft that breaks no check', () => {
    expect(
      judgeRace([
        { label: 'deepseek', broke: 1 },
        { label: 'gemini', broke: 0 },
      ]),
    ).toEqual({
      kind: 'decided',
      selected: 'gemini',
      reason: { code: 'only-passing', params: {} },
    });
  });

  test('with one draft left is over', () => {
    expect(judgeRace([{ label: 'gemini', broke: 2 }])).toMatchObject({ kind: 'decided', selected: 'gemini' });
  });

  test('whose drafts all pass is compared', () => {
    expect(
      judgeRace([
        { label: 'deepseek', broke: 0 },
        { label: 'gemini', broke: 0 },
      ]),
    ).toEqual({ kind: 'compare', labels: ['deepseek', 'gemini'] });
  });

  test.each([
    [2, 1, 'gemini'],
    [1, 2, 'deepseek'],
    [1, 1, 'deepseek'],
  ])(
    'that no draft passes (%i and %i broken) goes on with the better one, the first of equals',
    (a, b, selected) => {
      const racers = [
        { label: 'deepseek', broke: a },
        { label: 'gemini', broke: b },
      ] as const;
      expect(judgeRace(racers)).toMatchObject({ kind: 'decided', selected });
    },
  );

  test('compares only the drafts whose checks pass, where some do', () => {
    const racers = [
      { label: 'a', broke: 0 },
      { label: 'b', broke: 1 },
      { label: 'c', broke: 0 },
    ] as const;
    expect(judgeRace(racers)).toEqual({ kind: 'compare', labels: ['a', 'c'] });
  });
});
