import { describe, expect, test } from '@jest/globals';
import type { JournalEvent } from '../../../src/domain/journal/entries.js';
import { applyEntry, emptyView, featureView } from '../../../src/domain/journal/view.js';
import { because } from '../../../src/domain/reasons.js';
import { entriesOf, planned, reference, saying } from '../journal-entries.js';

const running = (task: string, round = 1): JournalEvent => ({ kind: 'task', task, state: 'running', round });

const viewOf = (...events: JournalEvent[]) => featureView(entriesOf(...events));

const gate = (name: string, number: number): JournalEvent => ({
  kind: 'gate-opened',
  gate: { gate: name, number, reason: saying(`Look at ${name}.`) },
});

test('a feature without a journal has no phase yet', () => {
  expect(featureView([])).toEqual(emptyView());
});

test('the phase, the mode, the spec, the plan and the time of the last entry are told', () => {
  const view = viewOf(
    { kind: 'mode', mode: 'static' },
    { kind: 'phase', phase: 'spec' },
    { kind: 'spec', file: reference('spec.md'), questions: ['Which colour?'] },
    { kind: 'phase', phase: 'plan' },
    planned,
  );
  expect(view).toMatchObject({
    mode: 'static',
    phase: 'plan',
    specFile: { path: 'spec.md' },
    openQuestions: ['Which colour?'],
    planFile: { path: 'tasks.json' },
    lastAt: 5_000,
  });
  expect(view.tasks.map(({ id, state, dependsOn }) => [id, state, dependsOn])).toEqual([
    ['T001', 'missing', []],
    ['T002', 'missing', ['T001']],
    ['T003', 'missing', ['T002']],
  ]);
});

describe('a task', () => {
  test('that runs shows its step, since when, its model and its corrections', () => {
    const view = viewOf(
      planned,
      running('T002'),
      { kind: 'step', task: 'T002', step: 'draft', iteration: 0 },
      { kind: 'draft', task: 'T002', attempt: 1, files: ['a.js'], model: 'deepseek' },
      { kind: 'step', task: 'T002', step: 'correct', iteration: 1, of: 3 },
      { kind: 'correction', task: 'T002', iteration: 1, of: 3, model: 'codex' },
      { kind: 'step', task: 'T002', step: 'checks', iteration: 1 },
    );
    expect(view.tasks[1]).toMatchObject({
      state: 'running',
      round: 1,
      iterations: 1,
      model: 'deepseek',
      step: 'checks',
      stepStartedAt: 7_000,
      files: ['a.js'],
    });
  });

  test('that is done shows its commit and no step, even when its last step was written later', () => {
    const view = viewOf(
      planned,
      running('T002'),
      { kind: 'integrated', task: 'T002', attempt: 1, commit: 'c1' },
      { kind: 'task', task: 'T002', state: 'done', round: 1 },
      { kind: 'step', task: 'T002', step: 'integrate', iteration: 0 },
    );
    expect(view.head).toBe('c1');
    expect(view.tasks[1]).toMatchObject({ state: 'done', commit: 'c1', step: undefined });
  });

  test('that is begun again counts its corrections anew, and its reason is gone', () => {
    const view = viewOf(
      planned,
      running('T002'),
      { kind: 'correction', task: 'T002', iteration: 3, of: 3, model: 'codex' },
      { kind: 'task', task: 'T002', state: 'failed', round: 1, reason: saying('Not approved.') },
      running('T002', 2),
    );
    expect(view.tasks[1]).toMatchObject({ state: 'running', round: 2, iterations: 0, reason: undefined });
  });

  test('keeps what is known of it when the plan is edited, and is gone when it was removed', () => {
    const view = viewOf(
      planned,
      running('T001'),
      { kind: 'task', task: 'T001', state: 'done', round: 1 },
      {
        kind: 'plan',
        file: reference('tasks.json'),
        refined: true,
        edited: true,
        tasks: [
          { id: 'T001', title: 'Decide the format', type: 'architecture', dependsOn: [] },
          { id: 'T004', title: 'Something else', type: 'code', dependsOn: [] },
        ],
      },
    );
    expect(view.tasks.map(({ id, state, round }) => [id, state, round])).toEqual([
      ['T001', 'done', 1],
      ['T004', 'missing', 0],
    ]);
  });

  test('that raced shows the model whose draft was selected', () => {
    const view = viewOf(planned, {
      kind: 'race',
      task: 'T002',
      selected: 'gemini',
      reason: because('only-passing'),
      judgedBy: 'checks',
    });
    expect(view.tasks[1]?.model).toBe('gemini');
  });
});

describe('gates', () => {
  test('are open until they are closed under their number', () => {
    const closed = (number: number): JournalEvent => ({
      kind: 'gate-closed',
      gate: 'plan',
      number,
      decision: 'approved',
      automatic: false,
    });
    expect(viewOf(gate('plan', 1), gate('T002', 2)).gates.map((open) => open.gate)).toEqual(['plan', 'T002']);
    expect(viewOf(gate('plan', 1), gate('T002', 2), closed(1)).gates.map((open) => open.gate)).toEqual([
      'T002',
    ]);
    expect(viewOf(gate('plan', 3), closed(1)).gates).toHaveLength(1);
  });

  test('say why nothing moves, until something does', () => {
    const waiting: JournalEvent = { kind: 'waiting', reason: saying('T002 failed.') };
    expect(viewOf(planned, waiting).waiting).toEqual(saying('T002 failed.'));
    expect(viewOf(planned, waiting, running('T002', 2)).waiting).toBeUndefined();
  });
});

test('the last choice of a model for each purpose and task is told', () => {
  const routed = (model: 'deepseek' | 'gemini', task?: string): JournalEvent => ({
    kind: 'route',
    role: 'coder',
    purpose: 'draft',
    task,
    model,
    scripted: true,
    contentChars: 7,
    reason: because('first-choice', { role: 'coder', contentChars: 7 }),
  });
  const view = viewOf(
    planned,
    routed('deepseek', 'T002'),
    routed('deepseek', 'T001'),
    routed('gemini', 'T002'),
  );
  expect(view.routes.map(({ task, model }) => [task, model])).toEqual([
    ['T001', 'deepseek'],
    ['T002', 'gemini'],
  ]);
  expect(view.tasks[1]?.model).toBe('gemini');
});

test('a result that was verified is so no more when another commit is added', () => {
  const result: JournalEvent = { kind: 'result', head: 'c1', verified: true, checks: [] };
  expect(viewOf(result)).toMatchObject({ verified: true, head: 'c1' });
  const added: JournalEvent = { kind: 'integrated', task: 'T009', attempt: 1, commit: 'c2' };
  expect(viewOf(result, added)).toMatchObject({ verified: false, head: 'c2' });
});

test('warnings and errors are kept with their time and task', () => {
  const view = viewOf(
    { kind: 'warning', reason: saying('Careful.') },
    { kind: 'ignored', reason: saying('Too late.') },
    { kind: 'error', reason: saying('Broken.'), task: 'T002' },
    { kind: 'phase', phase: 'failed', reason: saying('It cannot be set up.') },
  );
  expect(view.warnings).toEqual([
    { at: 1_000, reason: saying('Careful.') },
    { at: 2_000, reason: saying('Too late.') },
  ]);
  expect(view.errors).toEqual([
    { at: 3_000, reason: saying('Broken.'), task: 'T002' },
    { at: 4_000, reason: saying('It cannot be set up.') },
  ]);
});

test('a feature that was stopped is stopped until it goes on', () => {
  expect(viewOf({ kind: 'stopped' }).stopped).toBe(true);
  expect(viewOf({ kind: 'stopped' }, { kind: 'resumed' }).stopped).toBe(false);
});

test('a follower who takes in one entry after the other sees the same', () => {
  const entries = entriesOf(planned, running('T001'), gate('plan', 1));
  const view = emptyView();
  for (const entry of entries) applyEntry(view, entry);
  expect(view).toEqual(featureView(entries));
});
