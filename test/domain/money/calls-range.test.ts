import { describe, expect, test } from '@jest/globals';
import { callsRange, planCallsRange } from '../../../src/domain/money/calls-range.js';
import type { Plan } from '../../../src/domain/tasks/plan.js';
import type { TaskType } from '../../../src/domain/vocabulary.js';

const planOf = (...types: TaskType[]): Plan => ({
  tasks: types.map((type, index) => ({
    id: `T00${index + 1}`,
    title: 'A task',
    description: '',
    type,
    dependsOn: [],
  })),
});
const rules = { maxIterations: 3, race: {} };

describe('the calls that a feature takes', () => {
  test('before there is a plan: the specification, the plan and its refinement', () => {
    expect(callsRange(undefined, rules)).toEqual({ least: 3, most: 5 });
  });

  test('without the specification where the brief is one', () => {
    expect(callsRange(undefined, rules, true)).toEqual({ least: 2, most: 4 });
  });

  test('a task takes a draft and a review at the least; at the most each correction is reviewed too, and each answer asked for thrice', () => {
    expect(planCallsRange(planOf('code'), rules)).toEqual({ least: 2, most: (1 + 4 + 3) * 3 });
    expect(planCallsRange(planOf('code'), { ...rules, maxIterations: 0 })).toEqual({ least: 2, most: 6 });
  });

  test('a review task has no draft', () => {
    expect(planCallsRange(planOf('review'), rules)).toEqual({ least: 1, most: (4 + 3) * 3 });
  });

  test('a race has two drafts, and a comparison where the checks do not decide', () => {
    const race = { boilerplate: ['gemini', 'deepseek'] as ['gemini', 'deepseek'] };
    expect(planCallsRange(planOf('boilerplate', 'code'), { ...rules, race })).toEqual({
      least: 3 + 2,
      most: (2 + 1 + 7) * 3 + 8 * 3,
    });
  });

  test('a whole feature is its planning and its tasks', () => {
    expect(callsRange(planOf('architecture', 'code', 'review'), rules)).toEqual({
      least: 3 + 2 + 2 + 1,
      most: 5 + 24 + 24 + 21,
    });
  });
});
