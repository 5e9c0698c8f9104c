/** What is begun next, and why nothing moves. */
import { describe, expect, test } from '@jest/globals';
import { because } from '../../../src/domain/reasons.js';
import type { Plan } from '../../../src/domain/tasks/plan.js';
import { freshRecord, type TaskRecord } from '../../../src/domain/tasks/record.js';
import { type Circumstances, heldTasks, schedule, whyStuck } from '../../../src/domain/tasks/schedule.js';
import { saying } from '../journal-entries.js';

const task = (id: string, ...dependsOn: string[]) => ({
  ...{ id, title: id, description: '', type: 'code' as const, dependsOn },
});
const plan: Plan = { tasks: [task('T1'), task('T2', 'T1'), task('T3'), task('T4', 'T3')] };
const fresh = freshRecord(0);
const draft = { attempt: 1, files: [], outputs: [] };
const reason = saying('why');
const failed: TaskRecord = { ...fresh, state: 'failed', reason };
const done: TaskRecord = { ...fresh, state: 'done' };
const decision: TaskRecord = { ...fresh, state: 'waiting', for: 'decision', draft, reason };
const held: TaskRecord = {
  ...{ ...fresh, state: 'waiting', for: 'budget', held: { notes: [], answers: [] }, reason },
};
const next = (records: Record<string, TaskRecord>, more: Partial<Circumstances> = {}) => {
  const found = schedule(plan, records, {
    ...{ maxParallelTasks: 2, budgetIsUsedUp: false, draining: false, atWork: () => false },
    ...more,
  });
  return { ...found, begin: found.begin.map(({ id }) => id) };
};

describe('what is begun', () => {
  test('is what can, in the order of the plan', () => {
    expect(next({ T1: fresh, T2: fresh, T3: fresh, T4: fresh })).toEqual({
      changes: [],
      begin: ['T1', 'T3'],
    });
    expect(next({ T1: done, T2: fresh, T3: done, T4: fresh }, { maxParallelTasks: 1 }).begin).toEqual(['T2']);
  });

  test('is nothing while the budget is used up, or the run is to continue as new', () => {
    const records = { T1: fresh, T2: fresh, T3: fresh, T4: fresh };
    expect(next(records, { budgetIsUsedUp: true }).begin).toEqual([]);
    expect(next(records, { draining: true }).begin).toEqual([]);
  });

  test('is no task whose work has not quite ended', () => {
    const records = { T1: fresh, T2: fresh, T3: fresh, T4: fresh };
    expect(next(records, { atWork: (id) => id === 'T1' }).begin).toEqual(['T3']);
  });
});

test('a failed task blocks what depends on it; what is no longer in the way is so at once', () => {
  expect(next({ T1: failed, T2: fresh, T3: fresh, T4: fresh })).toEqual({
    changes: [{ task: 'T2', event: 'block' }],
    begin: ['T3'],
  });
  const blocked: TaskRecord = { ...fresh, state: 'blocked' };
  expect(next({ T1: done, T2: blocked, T3: done, T4: fresh })).toEqual({
    changes: [{ task: 'T2', event: 'unblock' }],
    begin: ['T2', 'T4'],
  });
});

test('what the budget holds back waits for it, and what waits for a person does not', () => {
  expect(heldTasks({ T1: decision, T2: held }).map(({ id }) => id)).toEqual(['T2']);
});

describe('nothing moves', () => {
  test('for the tasks that a person has to see to', () => {
    const blocked: TaskRecord = { ...fresh, state: 'blocked' };
    expect(whyStuck({ T1: failed, T2: blocked, T3: decision, T4: held }, undefined)).toEqual(
      because('stuck', {
        ...{ waiting: ['T3'], failed: ['T1'], stopped: [], blocked: ['T2'], budgetHeld: false },
      }),
    );
  });

  test('for the budget, alone or besides', () => {
    const used = because('budget-held', {});
    expect(whyStuck({ T1: done, T4: held }, used)).toBe(used);
    expect(whyStuck({ T1: failed, T4: held }, used)).toMatchObject({
      code: 'stuck',
      params: { failed: ['T1'], waiting: [], budgetHeld: true },
    });
  });
});
