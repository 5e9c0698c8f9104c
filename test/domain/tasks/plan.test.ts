import { describe, expect, test } from '@jest/globals';
import { because } from '../../../src/domain/reasons.js';
import {
  ancestors,
  nextTaskId,
  type Plan,
  planEditProblem,
  planIsDone,
  planProblem,
  startableTasks,
  type TaskStates,
  waitingStates,
} from '../../../src/domain/tasks/plan.js';

/** `T1`, `T2<T1` (depends on T1), `T3<T1,T2` … */
function planOf(...tasks: string[]): Plan {
  return {
    tasks: tasks.map((text) => {
      const [id = '', dependencies = ''] = text.split('<');
      return {
        id,
        title: `Title of ${id}`,
        description: '',
        type: 'code' as const,
        dependsOn: dependencies.split(',').filter((name) => name !== ''),
      };
    }),
  };
}

const ids = (tasks: { id: string }[]) => tasks.map((task) => task.id);

describe('a plan', () => {
  test('with a graph is fine', () => {
    expect(planProblem(planOf('T1', 'T2<T1', 'T3<T1', 'T4<T2,T3'))).toBeUndefined();
  });

  test.each([
    [planOf('T1', 'T1'), 'The id T1 is used by more than one task.'],
    [planOf('T1', 't1'), 'The id t1 is used by more than one task.'],
    [planOf('T1<T9'), 'Task T1 depends on T9, which does not exist.'],
    [planOf('T1<T1'), 'The tasks depend on each other in a circle: T1 → T1.'],
    [
      planOf('T0<T1', 'T1<T3', 'T2<T1', 'T3<T2'),
      'The tasks depend on each other in a circle: T1 → T3 → T2 → T1.',
    ],
    [planOf('head'), 'The task id head is reserved; use one such as T001.'],
    [planOf('Result'), 'The task id Result is reserved; use one such as T001.'],
    [planOf('constructor'), 'The task id constructor is reserved; use one such as T001.'],
  ])('with a mistake is refused: %#', (plan, problem) => {
    expect(planProblem(plan)).toBe(problem);
  });

  test.each(['../x', 'a b', '1', '', 'T.1', `T${'0'.repeat(40)}`])('has no task called %j', (id) => {
    expect(planProblem(planOf(id))).toContain('is not usable');
  });

  test('of 200 tasks in a row, and of 200 side by side, is checked at once', () => {
    const row = Array.from({ length: 200 }, (_, index) => (index === 0 ? 'T0' : `T${index}<T${index - 1}`));
    expect(planProblem(planOf(...row))).toBeUndefined();
    expect(ancestors(planOf(...row), 'T199')).toHaveLength(199);
  });
});

describe('tasks start', () => {
  const plan = planOf('T1', 'T2<T1', 'T3<T1', 'T4<T2,T3');

  test('when all that they depend on is done, in the order of the plan', () => {
    expect(ids(startableTasks(plan, {}, 4))).toEqual(['T1']);
    expect(ids(startableTasks(plan, { T1: 'done' }, 4))).toEqual(['T2', 'T3']);
    expect(ids(startableTasks(plan, { T1: 'done', T2: 'done' }, 4))).toEqual(['T3']);
  });

  test('when a dependency was skipped', () => {
    expect(ids(startableTasks(plan, { T1: 'skipped' }, 4))).toEqual(['T2', 'T3']);
  });

  test('while slots are free, and a task that waits for a person holds none', () => {
    expect(ids(startableTasks(plan, { T1: 'done' }, 1))).toEqual(['T2']);
    expect(ids(startableTasks(plan, { T1: 'done', T2: 'running' }, 1))).toEqual([]);
    expect(ids(startableTasks(plan, { T1: 'done', T2: 'waiting' }, 1))).toEqual(['T3']);
  });

  test('again when what blocked them is done after all', () => {
    expect(ids(startableTasks(plan, { T1: 'done', T2: 'blocked' }, 4))).toEqual(['T2', 'T3']);
  });
});

describe('a failed or stopped task', () => {
  const plan = planOf('T1', 'T2<T1', 'T3<T2', 'T4', 'T5<T4');

  test.each(['failed', 'stopped'] as const)('that is %s blocks its dependents and nothing else', (state) => {
    expect(waitingStates(plan, { T1: state })).toEqual({
      T2: 'blocked',
      T3: 'blocked',
      T4: 'missing',
      T5: 'missing',
    });
  });

  test('that waits for a person blocks nobody, and one begun again frees its dependents', () => {
    const states: TaskStates = { T1: 'waiting', T2: 'blocked', T3: 'blocked' };
    expect(waitingStates(plan, states)).toMatchObject({ T2: 'missing', T3: 'missing' });
  });
});

test('a plan is done when every task is done or skipped', () => {
  const plan = planOf('T1', 'T2');
  expect(planIsDone(plan, { T1: 'done', T2: 'skipped' })).toBe(true);
  expect(planIsDone(plan, { T1: 'done' })).toBe(false);
  expect(planIsDone(plan, { T1: 'done', T2: 'failed' })).toBe(false);
});

describe('an edited plan', () => {
  const before = planOf('T1', 'T2<T1', 'T3<T2,T1');

  test('may change what has not begun', () => {
    expect(planEditProblem(before, planOf('T1', 'T4<T1'), { T1: 'done' })).toBeUndefined();
  });

  test('may not change or drop what has begun', () => {
    expect(planEditProblem(before, planOf('T2'), { T1: 'done' })).toEqual(
      because('task-settled', { task: 'T1', state: 'done', change: 'remove' }),
    );
    expect(planEditProblem(before, planOf('T1', 'T2', 'T3'), { T2: 'running' })).toEqual(
      because('task-settled', { task: 'T2', state: 'running', change: 'change' }),
    );
  });

  test('may name the same dependencies in another order', () => {
    expect(planEditProblem(before, planOf('T1', 'T2<T1', 'T3<T1,T2'), { T3: 'done' })).toBeUndefined();
  });

  test('must be a plan', () => {
    expect(planEditProblem(before, planOf('T1<T2', 'T2<T1'), {})).toEqual({
      code: 'plan-invalid',
      params: { text: expect.stringContaining('circle') },
    });
  });
});

test('a task that is added gets an id that is free, whatever the others are called', () => {
  expect(nextTaskId(planOf('T001', 'T002'))).toBe('T003');
  expect(nextTaskId(planOf('t002'))).toBe('T003');
});
