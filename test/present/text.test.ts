import { describe, expect, test } from '@jest/globals';
import type { FeatureStatus, FeatureSummary, TaskStatus } from '../../src/domain/feature/status.js';
import { emptyView } from '../../src/domain/journal/view.js';
import { can } from '../../src/domain/tasks/states.js';
import { taskStates } from '../../src/domain/vocabulary.js';
import { type EndingContext, endingLines } from '../../src/present/ending-text.js';
import { entryLines, notInBaseLine } from '../../src/present/entry-text.js';
import { choicesFor } from '../../src/present/menu-text.js';
import {
  isMoving,
  listLines,
  nextSteps,
  othersLine,
  standing,
  statusLines,
} from '../../src/present/status-text.js';
import { table } from '../../src/present/table.js';
import { cut } from '../../src/present/width.js';
import { duration, some } from '../../src/present/words.js';
import { saying } from '../domain/journal-entries.js';

const task = (over: Partial<TaskStatus>): TaskStatus => ({
  id: 'T001',
  title: 'Add the switch',
  type: 'code',
  state: 'done',
  dependsOn: [],
  iterations: 0,
  ...over,
});

const status = (over: Partial<FeatureStatus> = {}): FeatureStatus => ({
  name: 'dark-mode',
  phase: 'execution',
  stopped: false,
  gates: [],
  branch: 'blueprint/dark-mode',
  verified: false,
  tasks: [],
  calls: { made: 4, adopted: 1, reused: 0, repeated: 0 },
  usage: {},
  unknown: { tokens: 0, cost: 0 },
  budget: { limits: { calls: 80 }, spent: { calls: 4, tokens: 0, usd: 0 } },
  ...over,
});

const summary = (over: Partial<FeatureSummary> = {}): FeatureSummary => ({
  name: 'dark-mode',
  phase: 'execution',
  stopped: false,
  gates: [],
  done: 1,
  tasks: 3,
  ...over,
});

const context: EndingContext = { base: 'b'.repeat(40), partial: '.blueprint/features/dark-mode/partial' };

test('times are as short as a person needs them', () => {
  expect([0, 420, 9_949, 12_400, 59_600, 185_000, 3_723_000].map(duration)).toEqual([
    '0.0 s',
    '0.4 s',
    '9.9 s',
    '12 s',
    '1:00',
    '3:05',
    '1:02:03',
  ]);
});

test('long texts and lists are cut and say so', () => {
  expect(cut('abcdef', 4)).toBe('abc…');
  expect(cut('abcd', 4)).toBe('abcd');
  // Two columns each; a family is one character of several.
  expect(cut('日本語', 6)).toBe('日本語');
  expect(cut('日本語', 5)).toBe('日本…');
  expect(cut('日本語', 4)).toBe('日…');
  expect(cut('👩‍👩‍👧👩‍👩‍👧', 3)).toBe('👩‍👩‍👧…');
  expect(some(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(notInBaseLine([])).toBeUndefined();
  expect(notInBaseLine(['x.txt'])).toContain('does not see it: x.txt');
});

test('a table has its columns under each other, and none without rows', () => {
  expect(table(['A', 'LONG'], [['one', 'x']])).toEqual(['A    LONG', 'one  x']);
  expect(table(['A'], [])).toEqual([]);
  // Each title takes six columns: CJK, emoji, and a letter with a combining mark.
  const titles = ['日本語', '👩‍👩‍👧🎉✅', 'cafe\u0301__'];
  expect(
    table(
      ['TITLE', 'X'],
      titles.map((title) => [title, 'x']),
    ),
  ).toEqual(['TITLE   X', ...titles.map((title) => `${title}  x`)]);
});

describe('where a feature stands', () => {
  test('says what failed, why, and what can be done', () => {
    const lines = statusLines(
      status({
        waiting: saying('T002 failed.'),
        head: 'a'.repeat(40),
        tasks: [
          task({ commit: 'a'.repeat(40), model: 'deepseek', iterations: 1 }),
          task({
            id: 'T002',
            state: 'failed',
            reason: saying('The model refused.\nTwice.'),
            dependsOn: ['T001'],
          }),
        ],
      }),
    );
    expect(lines[0]).toBe('dark-mode: waiting in phase execution');
    expect(lines[1]).toBe('Branch: blueprint/dark-mode at aaaaaaaaaa (unverified)');
    expect(lines).toContain('T002 failed: The model refused. Twice.');
    expect(lines).toContain('calls: 4 made, 1 adopted, 0 reused, 0 repeated');
    expect(lines.join('\n')).toMatch(/T001 +done +code +Add the switch +DeepSeek +1 +aaaaaaaaaa/);
    expect(lines.join('\n')).toContain('blueprint retry dark-mode T002');
    expect(lines.join('\n')).toContain('blueprint skip dark-mode T002');
  });

  test('names each open gate with the commands that decide it', () => {
    const gates = [{ gate: 'plan', number: 1, reason: saying('3 tasks planned.') }];
    const text = nextSteps(status({ phase: 'plan', waiting: saying('x'), gates })).join('\n');
    for (const command of [
      'approve dark-mode plan',
      'reject dark-mode plan',
      'edit dark-mode plan',
      'reject dark-mode spec',
    ])
      expect(text).toContain(`blueprint ${command}`);
  });

  test('has nothing to be done while it moves, and when it is done', () => {
    expect(nextSteps(status())).toEqual([]);
    expect(nextSteps(status({ phase: 'done' }))).toEqual([]);
  });

  test('a stopped and a failed one can be resumed', () => {
    expect(nextSteps(status({ stopped: true })).join()).toContain('blueprint resume dark-mode');
    expect(nextSteps(status({ phase: 'failed' })).join()).toContain('blueprint resume dark-mode');
  });

  test('is one word for what moves and what does not', () => {
    expect(standing(summary())).toBe('execution');
    expect(standing(summary({ stopped: true }))).toBe('stopped in phase execution');
    expect(standing(summary({ phase: 'done', stopped: true }))).toBe('done');
    expect(
      [
        summary(),
        summary({ waiting: saying('x') }),
        summary({ stopped: true }),
        summary({ phase: 'failed' }),
      ].map(isMoving),
    ).toEqual([true, false, false, false]);
  });

  test('a list says who is waited for', () => {
    const lines = listLines([
      summary({ gates: ['plan'], waiting: saying('x') }),
      summary({ name: 'search' }),
    ]);
    expect(lines[1]).toMatch(/^dark-mode +waiting in phase execution +1 of 3 +you: plan$/);
    expect(lines[2]).toMatch(/^search +execution +1 of 3$/);
  });

  test('a worker says which other features go on with it', () => {
    expect(othersLine([summary()], 'dark-mode')).toBeUndefined();
    expect(
      othersLine([summary({ name: 'search' }), summary({ name: 'old', phase: 'done' })], 'dark-mode'),
    ).toContain('search');
  });
});

describe('the end of a run', () => {
  test('names branch, head and how to look at it', () => {
    const lines = endingLines(status({ phase: 'done', head: 'a'.repeat(40), verified: true }), context);
    expect(lines).toEqual([
      '',
      'Feature: dark-mode',
      'Branch: blueprint/dark-mode',
      `Head: ${'a'.repeat(40)}`,
      'Checks: verified',
      'Look at it: git log --stat bbbbbbbbbb..blueprint/dark-mode',
      '            git diff bbbbbbbbbb..blueprint/dark-mode',
      'Take it:    blueprint merge dark-mode',
      '            blueprint export dark-mode',
      'calls: 4 made, 1 adopted, 0 reused, 0 repeated',
    ]);
  });

  test('never says verified where no checks ran', () => {
    expect(endingLines(status({ phase: 'done', head: 'a'.repeat(40) }), context)).toContain(
      'Checks: unverified',
    );
  });

  test('in a folder that is no repository, says where the drafts are', () => {
    const text = endingLines(status({ phase: 'done' }), { ...context, base: undefined }).join('\n');
    expect(text).toContain('.blueprint/features/dark-mode/partial');
  });

  test('of a run that waits says for what, once', () => {
    const gates = [{ gate: 'plan', number: 1, reason: saying('3 tasks planned.') }];
    const lines = endingLines(status({ phase: 'plan', gates, waiting: saying('3 tasks planned.') }), context);
    expect(lines.filter((line) => line.includes('3 tasks planned.'))).toHaveLength(1);
  });
});

test('lines of a task begin with its id, also where its text has lines of its own', () => {
  const entry = {
    kind: 'error',
    reason: saying('One.\nTwo.\u001b[2J'),
    task: 'T001',
    at: 0,
    workflow: 'w',
    run: 'r',
    seq: 1,
  } as const;
  const lines = entryLines(entry, { feature: 'dark-mode', directory: '.', view: emptyView() });
  expect(lines).toEqual(['[T001] ERROR: One.', '[T001] Two.']);
});

describe('the choices of the prompt loop', () => {
  test('begin with what waits', () => {
    const gates = [{ gate: 'plan', number: 1, reason: saying('x') }];
    const titles = choicesFor(status({ phase: 'plan', waiting: saying('x'), gates })).map(
      (choice) => choice.title,
    );
    expect(titles.slice(0, 4)).toEqual([
      'Approve plan',
      'Reject plan with a reason',
      'Edit plan',
      'Reject spec with a reason: both are made again',
    ]);
  });

  test('offer only what a task’s state allows', () => {
    const titles = choicesFor(
      status({
        tasks: [task({ state: 'running' }), task({ id: 'T002', state: 'failed' }), task({ id: 'T003' })],
      }),
    ).map((choice) => choice.title);
    expect(titles).toContain('Follow');
    expect(titles).toContain('Stop T001 Add the switch (running)');
    expect(titles).toContain('Retry T002 Add the switch (failed)');
    expect(titles.some((title) => title.includes('T003'))).toBe(false);
  });

  test.each(taskStates)('for a task that is %s are those that its workflow takes', (state) => {
    const kinds = choicesFor(status({ tasks: [task({ state })] })).map((choice) => choice.kind);
    const actions = ['stop', 'retry', 'skip'] as const;
    expect(actions.filter((action) => kinds.includes(action))).toEqual(
      actions.filter((action) => can(state, action)),
    );
  });

  test('of a finished feature are only to read', () => {
    const kinds = choicesFor(status({ phase: 'done', head: 'a'.repeat(40), tasks: [task({})] })).map(
      (choice) => choice.kind,
    );
    expect(new Set(kinds)).toEqual(new Set(['read']));
  });
});
