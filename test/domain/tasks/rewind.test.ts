/** Where a feature can be put back to, by its journal. */
import { describe, expect, test } from '@jest/globals';
import type { JournalEvent } from '../../../src/domain/journal/entries.js';
import { freshRecord, type TaskRecord } from '../../../src/domain/tasks/record.js';
import {
  keptNumber,
  recordsAgain,
  recordsAt,
  rewindProblem,
  rewindTargets,
} from '../../../src/domain/tasks/rewind.js';
import type { TaskState } from '../../../src/domain/vocabulary.js';
import { entriesOf, planned } from '../journal-entries.js';

const begin: JournalEvent[] = [planned, { kind: 'phase', phase: 'execution' }];
const state = (task: string, next: TaskState): JournalEvent => ({
  kind: 'task',
  task,
  state: next,
  round: 1,
});
const integrated = (task: string, commit: string): JournalEvent[] => [
  { kind: 'integrated', task, attempt: 1, commit },
  state(task, 'done'),
];
const targets = (...events: JournalEvent[]) => rewindTargets(entriesOf(...begin, ...events));
const all: JournalEvent[] = [
  state('T001', 'done'),
  ...integrated('T002', 'c2'),
  state('T003', 'running'),
  ...integrated('T003', 'c3'),
];

describe('just before a task', () => {
  test('stands what was integrated before it', () => {
    const { tasks } = targets(...all);
    expect([...tasks.keys()]).toEqual(['T001', 'T002', 'T003']);
    expect(tasks.get('T003')).toMatchObject({ head: 'c2', tasks: { T002: { state: 'done', commit: 'c2' } } });
    expect(tasks.get('T002')?.head).toBeUndefined();
    expect(tasks.get('T002')).toMatchObject({
      tasks: { T001: { state: 'done' }, T002: { state: 'missing' } },
    });
  });

  test('of a task that changes no files stands as well', () => {
    expect(targets(...all).tasks.get('T001')?.tasks.T001?.state).toBe('missing');
  });

  test('cannot be gone to where the task is not done', () => {
    const found = targets(state('T001', 'done'), state('T002', 'failed'));
    expect(rewindProblem(found, 'T002')).toBe(
      'There is no way back to "T002". What can be named: start, T001.',
    );
    expect(rewindProblem(found, 'T001')).toBeUndefined();
    expect(rewindProblem(rewindTargets([]), 'start')).toContain('Nothing was begun yet');
  });

  test('stands the plan of that moment', () => {
    const file = { path: 'tasks.json', sha256: 'b'.repeat(64), bytes: 3 };
    const found = targets(
      ...integrated('T002', 'c2'),
      { ...planned, file } as JournalEvent,
      ...integrated('T003', 'c3'),
    );
    expect(found.tasks.get('T003')?.planFile).toEqual(file);
    expect(found.tasks.get('T002')?.planFile).not.toEqual(file);
    expect(found.start?.planFile).not.toEqual(file);
  });
});

describe('after a rewind', () => {
  const back: JournalEvent = {
    kind: 'rewound',
    number: 1,
    to: 'T002',
    ref: 'refs/blueprint/dark-mode/rewound/1',
    from: 'c3',
    head: 'base',
    tasks: [
      { id: 'T001', state: 'done' },
      { id: 'T002', state: 'missing' },
      { id: 'T003', state: 'missing' },
    ],
  };
  const forward: JournalEvent = {
    ...back,
    number: 2,
    to: 'rewound/1',
    head: 'c3',
    tasks: [
      { id: 'T001', state: 'done' },
      { id: 'T002', state: 'done', commit: 'c2' },
      { id: 'T003', state: 'done', commit: 'c3' },
    ],
  };

  test('what was undone can be named by its number, and no more by its tasks', () => {
    const found = targets(...all, back);
    expect([...found.tasks.keys()]).toEqual(['T001']);
    expect(found.kept).toEqual([1]);
    expect(rewindProblem(found, 'rewound/1')).toBeUndefined();
    expect(rewindProblem(found, 'rewound/2')).toContain('start, T001, rewound/1');
  });

  test('forward again, each moment can be named as before', () => {
    const found = targets(...all, back, forward);
    expect([...found.tasks.keys()]).toEqual(['T001', 'T002', 'T003']);
    expect(found.tasks.get('T003')?.head).toBe('c2');
    expect(found.kept).toEqual([1, 2]);
  });

  test('tasks that are done anew stand on what is there then', () => {
    const found = targets(...all, back, ...integrated('T003', 'n3'), ...integrated('T002', 'n2'));
    expect([...found.tasks.keys()]).toEqual(['T001', 'T003', 'T002']);
    expect(found.tasks.get('T002')?.head).toBe('n3');
  });
});

test('a kept moment is named in short or by its ref', () => {
  expect(keptNumber('rewound/12')).toBe(12);
  expect(keptNumber('refs/blueprint/dark-mode/rewound/3')).toBe(3);
  for (const other of ['rewound/0', 'rewound', 'T001', 'refs/heads/rewound/1'])
    expect(keptNumber(other)).toBeUndefined();
});

describe('the records', () => {
  const output = { path: 'a.md', sha256: '', bytes: 1 };
  const now: Record<string, TaskRecord> = {
    T001: { state: 'done', round: 2, sentBack: 0, commit: 'c1', outputs: [output] },
    T002: { state: 'done', round: 3, sentBack: 2, commit: 'c2', outputs: [] },
    T003: { ...freshRecord(1), state: 'stopped' },
  };

  test('of what stays keep what it made; all else begins again, in a round of its own', () => {
    const snapshot = {
      tasks: {
        T001: { state: 'done', commit: 'c1' },
        T002: { state: 'missing' },
        T003: { state: 'stopped' },
      },
    } as const;
    const ids = ['T001', 'T002', 'T003', 'T004'];
    expect(recordsAt(snapshot, ids, now, (id) => now[id]?.round ?? 7)).toEqual({
      T001: now.T001,
      T002: freshRecord(3),
      T003: now.T003,
      T004: freshRecord(7),
    });
  });

  test('that are taken again count the rounds that were begun meanwhile', () => {
    const { T001, T003 } = now;
    expect(recordsAgain({ T001, T003 } as typeof now, (id) => (id === 'T001' ? 5 : 0))).toEqual({
      T001: { ...T001, round: 5 },
      T003,
    });
  });
});
