import { describe, expect, test } from '@jest/globals';
import {
  blocks,
  can,
  isBegun,
  isOver,
  needsPerson,
  satisfies,
  stateAfter,
  type TaskAction,
  type TaskEventName,
} from '../../../src/domain/tasks/states.js';
import { type TaskState, taskStates } from '../../../src/domain/vocabulary.js';

const statesThat = (is: (state: TaskState) => boolean) => taskStates.filter(is);

describe('a person may', () => {
  test.each<[TaskAction, TaskState[]]>([
    ['stop', ['missing', 'blocked', 'running', 'waiting', 'failed']],
    ['retry', ['waiting', 'failed', 'stopped', 'skipped']],
    ['skip', ['missing', 'blocked', 'waiting', 'failed', 'stopped']],
    ['approve', ['waiting', 'failed']],
    ['reject', ['waiting', 'failed']],
    ['edit', ['missing', 'blocked', 'failed', 'stopped', 'skipped']],
    ['remove', ['missing', 'blocked']],
  ])('%s a task that is in one of these states only', (action, states) => {
    expect(statesThat((state) => can(state, action))).toEqual(states);
  });
});

test('what depends on a task begins, waits, or is blocked', () => {
  expect(statesThat(satisfies)).toEqual(['done', 'skipped']);
  expect(statesThat(blocks)).toEqual(['failed', 'stopped']);
});

test('a task that has begun may be at work, wait for a person, or be over', () => {
  expect(statesThat((state) => !isBegun(state))).toEqual(['missing', 'blocked']);
  expect(statesThat(needsPerson)).toEqual(['waiting', 'failed', 'stopped']);
  expect(statesThat(isOver)).toEqual(['done', 'stopped', 'skipped']);
});

test('every state is reached from the first, and every one but `done` is left again', () => {
  const events: TaskEventName[] = [
    ...(['approve', 'reject', 'retry', 'skip', 'stop', 'begin', 'interrupt', 'block', 'unblock'] as const),
    ...(['hold', 'release', 'ask', 'leave', 'integrate', 'fail'] as const),
  ];
  const after = (state: TaskState) => events.flatMap((event) => stateAfter(state, event) ?? []);
  const reached = new Set<TaskState>(['missing']);
  for (const state of reached) for (const next of after(state)) reached.add(next);
  expect([...reached].sort()).toEqual([...taskStates].sort());
  expect(statesThat((state) => after(state).length === 0)).toEqual(['done']);
});
