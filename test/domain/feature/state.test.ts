/** What a feature goes on from when its workflow is gone. */
import { describe, expect, test } from '@jest/globals';
import { configSchema } from '../../../src/domain/config/schema.js';
import { initialState, restoredState, roundsBefore } from '../../../src/domain/feature/state.js';
import type { FeatureInput } from '../../../src/domain/feature/types.js';
import { emptyView, type FeatureView, type TaskView } from '../../../src/domain/journal/view.js';
import { freshRecord } from '../../../src/domain/tasks/record.js';

const file = (path: string) => ({ path, sha256: 'a'.repeat(64), bytes: 7 });
const input: FeatureInput = {
  ...{ feature: 'dark-mode', instance: 'i', root: '/p', mode: 'static', config: configSchema.parse({}) },
  ...{ base: 'b', brief: file('brief.md'), briefIsSpec: false, usedRounds: 6, embedded: true },
};
const task = (id: string, state: TaskView['state']): TaskView => ({
  ...{ id, title: id, type: 'code', state, dependsOn: [], round: 1, iterations: 0, files: [] },
  commit: state === 'done' ? `commit of ${id}` : undefined,
});
const plan = {
  tasks: ['T1', 'T2', 'T3', 'T4'].map((id) => ({
    ...{ id, title: id, description: '', type: 'code' as const, dependsOn: [] },
  })),
};
const view = (more: Partial<FeatureView>): FeatureView => ({
  ...{ ...emptyView(), specFile: file('spec.md'), planFile: file('tasks.json') },
  ...more,
});

test('a task’s rounds go on after those that an earlier run of the name may have used', () => {
  // Three corrections and a draft a round: six calls are at most two rounds.
  expect(roundsBefore(input)).toBe(2);
  expect(roundsBefore({ ...input, usedRounds: 0 })).toBe(0);
});

describe('a feature whose workflow is gone', () => {
  const tasks = [task('T1', 'done'), task('T2', 'skipped'), task('T3', 'running'), task('T4', 'stopped')];

  test('keeps what is on the branch and what was left out; all else begins again', () => {
    const state = restoredState(input, view({ tasks, rewinds: 1 }), plan);
    expect(state).toMatchObject({
      ...{ planApproved: true, plan: { plan, file: file('tasks.json') }, spec: file('spec.md'), rewinds: 1 },
      tasks: {
        T1: { state: 'done', commit: 'commit of T1', round: 2 },
        T2: { state: 'skipped', round: 2 },
        T3: freshRecord(2),
        T4: freshRecord(2),
      },
    });
  });

  test('goes on from the approved specification where no task was begun', () => {
    const state = restoredState(input, view({ tasks: [task('T1', 'missing')] }), plan);
    expect(state).toMatchObject({ planApproved: false, tasks: {}, spec: file('spec.md') });
    expect(state.plan).toBeUndefined();
  });

  test('begins anew where the specification leaves questions open', () => {
    const open = view({ tasks: [task('T1', 'missing')], openQuestions: ['Which blue?'] });
    expect(restoredState(input, open, plan)).toEqual(initialState(input));
  });
});
