import { describe, expect, test } from '@jest/globals';
import type { JournalEvent } from '../../src/domain/journal/entries.js';
import { featureView } from '../../src/domain/journal/view.js';
import { because, type Reason } from '../../src/domain/reasons.js';
import type { CheckResult } from '../../src/domain/tasks/checks.js';
import type { ModelName, Purpose, Role } from '../../src/domain/vocabulary.js';
import { eventHints } from '../../src/present/journal-hints.js';
import { eventLines } from '../../src/present/journal-lines.js';
import { entriesOf, planned, reference, saying } from '../domain/journal-entries.js';

const directory = '.blueprint/features/dark-mode';

function lastOf(events: readonly JournalEvent[]) {
  const entries = entriesOf(...events);
  const entry = entries.at(-1);
  if (entry === undefined) throw new Error('no event');
  return { entry, context: { feature: 'dark-mode', directory, view: featureView(entries) } };
}

/** What is said of the last of these events. */
function said(...events: JournalEvent[]): string[] {
  const { entry, context } = lastOf(events);
  return eventLines(entry, context);
}

/** What can be typed about the last of these events. */
function hinted(...events: JournalEvent[]): string[] {
  const { entry, context } = lastOf(events);
  return eventHints(entry, context);
}

const routed = (
  purpose: Purpose,
  role: Role,
  model: ModelName,
  scripted = false,
  task?: string,
): JournalEvent => ({
  kind: 'route',
  purpose,
  role,
  model,
  scripted,
  task,
  contentChars: 1234,
  reason: because('first-choice', { role, contentChars: 1234 }),
});

const reviewed = (task: string, approved: boolean, corrections: string[], feedback = ''): JournalEvent => ({
  kind: 'review',
  task,
  attempt: 1,
  approved,
  feedback,
  corrections,
  model: 'codex',
  sameAsAuthor: false,
  files: ['src/list.js'],
});

const state = (
  task: string,
  name: 'running' | 'done' | 'failed' | 'stopped',
  reason?: Reason,
): JournalEvent => ({
  kind: 'task',
  task,
  state: name,
  round: 1,
  reason,
});

describe('the pipeline', () => {
  test('says its two steps', () => {
    expect(said({ kind: 'phase', phase: 'spec' })).toEqual(['[1/2] Generating specification...']);
    expect(said({ kind: 'phase', phase: 'plan' })[0]).toMatch(/^\[2\/2\] /);
  });

  test('names the model that writes the specification, and whether a script plays it', () => {
    expect(said(routed('spec', 'architect', 'claude'))).toEqual(['Generating specification using Claude...']);
    expect(said(routed('spec', 'architect', 'claude', true))).toEqual([
      'Generating specification using Claude (scripted)...',
    ]);
  });

  test('says where the specification is, what it leaves open, how long it is, and who makes the tasks', () => {
    expect(said({ kind: 'spec', file: reference('spec.md'), questions: ['Which colour?'] })).toEqual([
      `Specification saved to ${directory}/spec.md`,
      'Open questions:',
      '  - Which colour?',
    ]);
    expect(said(routed('plan', 'parser', 'deepseek'))).toEqual([
      'Specification size: 1234 chars',
      'Using DeepSeek for task generation... (first choice for parser)',
    ]);
  });

  test('says that the tasks cannot be read, and shows the raw output', () => {
    const error: JournalEvent = {
      kind: 'error',
      reason: because('bad-answer', { purpose: 'plan', model: 'deepseek', text: 'The plan has no tasks.' }),
      rawOutput: 'calls/plan.1-aa/1/answer.md',
    };
    expect(said(error)).toEqual([
      'ERROR: Failed to parse tasks JSON: The plan has no tasks.',
      `Raw output: ${directory}/calls/plan.1-aa/1/answer.md`,
    ]);
    const [entry] = entriesOf(error);
    if (entry === undefined) throw new Error('no entry');
    const rawText = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n');
    const lines = eventLines(entry, { feature: 'dark-mode', directory, view: featureView([entry]), rawText });
    expect(lines.slice(1, 3)).toEqual(['Raw output:', 'line 0']);
    expect(lines.at(-1)).toBe(`… 10 more lines in ${directory}/calls/plan.1-aa/1/answer.md`);
  });

  test('says that the supervisor reviews the tasks, and when that failed', () => {
    expect(said(routed('refine', 'reviewer', 'codex'))).toEqual(['Reviewing tasks with Codex supervisor...']);
    const failed = because('refinement-failed', {
      why: because('plan-invalid', { text: 'It has no tasks.' }),
    });
    expect(said({ kind: 'warning', reason: failed })).toEqual([
      'WARNING: Supervisor refinement failed, using original tasks: It has no tasks.',
    ]);
  });

  test('ends with the number of tasks and how to go on', () => {
    expect(said({ kind: 'spec', file: reference('spec.md'), questions: [] }, planned)).toEqual([
      '3 tasks created',
      'PIPELINE COMPLETE',
      '  Feature: dark-mode',
      `  Specification: ${directory}/spec.md`,
      '  Tasks: 3',
    ]);
    expect(hinted(planned)).toEqual([
      '  Go on with `blueprint run dark-mode`, or with `blueprint` to decide by hand.',
    ]);
    expect(said({ ...planned, edited: true } as JournalEvent)).toEqual(['Plan changed: 3 tasks']);
  });
});

describe('a task', () => {
  test('is told by its title', () => {
    expect(said(planned, state('T002', 'running'))).toEqual(['Executing: Add the flag']);
    expect(said(planned, state('T002', 'done'))).toEqual(['✓ Task completed: Add the flag']);
    expect(said(planned, state('T002', 'failed', saying('No luck.')))).toEqual([
      '✗ Task failed: Add the flag',
      '  No luck.',
    ]);
    expect(said(planned, state('T002', 'stopped'))).toEqual(['Stopping task: Add the flag']);
  });

  test('says which files are reviewed', () => {
    const draft: JournalEvent = {
      kind: 'draft',
      task: 'T002',
      attempt: 1,
      files: ['a.js', 'b.js'],
      model: 'gemini',
    };
    expect(said(planned, draft, { kind: 'step', task: 'T002', step: 'review', iteration: 0 })).toEqual([
      'Reviewing a.js...',
      'Reviewing b.js...',
    ]);
    expect(said(planned, routed('draft', 'coder', 'gemini', true, 'T002'), draft)).toEqual([
      'Draft by Gemini (scripted): a.js, b.js',
    ]);
  });

  test('whose draft is reviewed says what came of it', () => {
    const draft: JournalEvent = { kind: 'draft', task: 'T002', attempt: 1, files: ['a.js'], model: 'gemini' };
    expect(said(planned, draft, reviewed('T002', true, []))).toEqual(['✓ Output approved']);
    expect(said(planned, draft, reviewed('T002', false, ['First.', 'Second.']))).toEqual([
      '✗ Corrections needed:',
      '  - First.',
      '  - Second.',
    ]);
    expect(said(planned, draft, reviewed('T002', false, [], 'All wrong.'))).toEqual([
      '✗ Corrections needed:',
      '  - All wrong.',
    ]);
  });

  test('that is a review says what it read and found', () => {
    expect(said(planned, reviewed('T003', true, []))).toEqual([
      'Reviewing src/list.js...',
      '✓ Code approved',
    ]);
    expect(said(planned, reviewed('T003', false, ['Mend it.']))).toEqual([
      'Reviewing src/list.js...',
      '✗ Code needs corrections:',
      '  - Mend it.',
    ]);
  });

  test('that is corrected counts its iterations, and says when they are used up', () => {
    expect(said(planned, { kind: 'step', task: 'T002', step: 'correct', iteration: 1, of: 3 })).toEqual([
      'Iteration 1/3',
      'Applying corrections...',
    ]);
    expect(said(planned, { kind: 'unapproved', task: 'T002', iterations: 3 })).toEqual([
      '⚠ Max iterations reached. Manual review required.',
    ]);
  });

  test('reviewed by its own author says so', () => {
    const own = { ...reviewed('T002', true, []), sameAsAuthor: true } as JournalEvent;
    expect(said(planned, own).at(-1)).toContain('Codex reviewed its own draft');
  });
});

test('a gate says why it waits and how to decide', () => {
  const opened: JournalEvent = {
    kind: 'gate-opened',
    gate: { gate: 'plan', number: 1, reason: saying('3 tasks planned.') },
  };
  expect(said(opened)).toEqual(['Waiting for you at the gate plan: 3 tasks planned.']);
  expect(hinted(opened)).toEqual([
    '  blueprint approve dark-mode plan   or   blueprint reject dark-mode plan -m TEXT',
  ]);
  const waiting: JournalEvent = { kind: 'waiting', reason: saying('3 tasks planned.') };
  expect(said(opened, waiting)).toEqual([]);
  expect(hinted(opened, waiting)).toEqual([]);
});

test('a result without checks is called unverified, never passed', () => {
  expect(said({ kind: 'result', verified: false, checks: [] })).toEqual([
    'Result: unverified, no check was run',
  ]);
});

test('every kind of entry can be told', () => {
  const check: CheckResult = {
    name: 'test',
    passed: false,
    redBefore: true,
    output: 'c',
    ended: { kind: 'exit', status: 1 },
    durationMs: 1,
  };
  const others: JournalEvent[] = [
    { kind: 'mode', mode: 'static' },
    { kind: 'prepared', setup: 'npm ci', checks: ['test'], baseline: [check], available: ['claude'] },
    { kind: 'checks', task: 'T002', attempt: 1, results: [check] },
    {
      kind: 'race',
      task: 'T002',
      selected: 'gemini',
      reason: saying('It is shorter.'),
      judgedBy: 'supervisor',
    },
    { kind: 'integrated', task: 'T002', attempt: 1, commit: '0123456789abcdef' },
    { kind: 'conflict', task: 'T002', reason: saying('a.js changed on both sides.') },
    { kind: 'gate-closed', gate: 'plan', number: 1, decision: 'approved', automatic: true },
    { kind: 'saved', path: 'partial/T001_architecture.md' },
    { kind: 'ignored', reason: saying('Too late.') },
    { kind: 'stopped' },
    { kind: 'resumed' },
    { kind: 'waiting', reason: saying('T002 failed.') },
  ];
  expect(others.map((event) => said(planned, event))).toEqual([
    [],
    [
      'Setup: npm ci',
      'Checks: test',
      'WARNING: test is red before any change (exit status 1); it will not count.',
    ],
    ['- Check red as before: test (exit status 1)'],
    ['Selected Gemini: It is shorter.'],
    ['Committed 0123456789: Add the flag'],
    ['✗ Conflict with the branch: a.js changed on both sides.'],
    ['Gate plan approved automatically'],
    [`Saved to ${directory}/partial/T001_architecture.md`],
    ['WARNING: Too late.'],
    ['Stopping feature: dark-mode'],
    ['Going on with feature: dark-mode'],
    ['Waiting for you: T002 failed.'],
  ]);
});
