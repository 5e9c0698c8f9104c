/** What a task's record carries from state to state. */
import { describe, expect, test } from '@jest/globals';
import { because } from '../../../src/domain/reasons.js';
import {
  freshRecord,
  isHeld,
  type OpenDraft,
  openDraft,
  type TaskEvent,
  type TaskRecord,
  takenOver,
  transition,
} from '../../../src/domain/tasks/record.js';
import { stateAfter } from '../../../src/domain/tasks/states.js';
import { taskStates } from '../../../src/domain/vocabulary.js';
import { saying } from '../journal-entries.js';

const draft: OpenDraft = { attempt: 2, commit: 'c', base: 'b', files: [], outputs: [] };
const output = { path: 'partial/T001.md', sha256: '', bytes: 1 };
const held = { base: 'b', notes: [], answers: [{ model: 'claude' as const, ask: 1 }] };
const reason = saying('It broke.');
const conflict = because('conflict', { text: 'Both change a.ts.' });

/** One of each event. */
const events: TaskEvent[] = [
  ...(['begin', 'approve', 'interrupt', 'block', 'unblock', 'release', 'retry', 'skip', 'stop'] as const).map(
    (kind) => ({ kind }),
  ),
  { kind: 'reject', message: 'Begin with a capital.' },
  { kind: 'draft', outputs: [output] },
  { kind: 'send-back', draft, reason: conflict },
  { kind: 'hold', held, reason },
  { kind: 'ask', draft, reason },
  { kind: 'leave', draft, reason },
  { kind: 'integrate', commit: 'd' },
  { kind: 'fail', reason },
];
const after = (...happened: TaskEvent[]): TaskRecord => happened.reduce(transition, freshRecord(3));
const begin = { kind: 'begin' } as const;
const ask = { kind: 'ask', draft, reason } as const;

/** A record in each state, with a draft to decide about where there may be one. */
const records: TaskRecord[] = [
  after(),
  after({ kind: 'block' }),
  after(begin),
  after(begin, ask),
  after(begin, { kind: 'integrate', commit: 'd' }),
  after(begin, { kind: 'leave', draft, reason }),
  after({ kind: 'stop' }),
  after({ kind: 'skip' }),
];

test('every event leads where the table says, and to an error where it cannot happen', () => {
  expect(records.map((record) => record.state)).toEqual([...taskStates]);
  for (const record of records)
    for (const event of events) {
      const next = stateAfter(record.state, event.kind);
      if (next === undefined) expect(() => transition(record, event)).toThrow(`cannot take`);
      else expect(transition(record, event).state).toBe(next);
    }
});

test('no record is changed in place', () => {
  for (const record of records) {
    const before = structuredClone(record);
    for (const event of events)
      if (stateAfter(record.state, event.kind) !== undefined) transition(record, event);
    expect(record).toEqual(before);
  }
});

describe('a round', () => {
  test('has the number after the last one, and begins with what the one before left', () => {
    expect(after(begin)).toEqual({ state: 'running', round: 4, outputs: [], sentBack: 0 });
    expect(after(begin, ask, { kind: 'reject', message: 'No.' })).toMatchObject({
      round: 5,
      next: { from: draft, reason: because('person', { text: 'No.' }) },
    });
    expect(after(begin, { kind: 'send-back', draft, reason: conflict })).toMatchObject({
      state: 'running',
      round: 5,
      sentBack: 1,
      next: { from: draft, reason: conflict },
    });
  });

  test('that the budget held back is begun again under its number, with what it was to correct', () => {
    const rejected = [begin, ask, { kind: 'reject', message: 'No.' }] as const;
    const waiting = after(...rejected, { kind: 'hold', held, reason });
    expect(isHeld(waiting)).toBe(true);
    expect(openDraft(waiting)).toBeUndefined();
    expect(transition(transition(waiting, { kind: 'release' }), begin)).toMatchObject({
      round: 5,
      held,
      next: { from: draft },
    });
  });

  test('that a stop of the feature broke off is another one when it goes on', () => {
    const rejected = [begin, ask, { kind: 'reject', message: 'No.' }] as const;
    const interrupted = after(...rejected, { kind: 'hold', held, reason }, { kind: 'release' }, begin);
    expect(transition(transition(interrupted, { kind: 'interrupt' }), begin)).toMatchObject({
      round: 6,
      next: { from: draft },
      held: undefined,
    });
  });

  test('that has ended with a draft has nothing left to correct', () => {
    const sentBack = after(begin, { kind: 'send-back', draft, reason: conflict });
    const drafted = transition(sentBack, { kind: 'draft', outputs: [output] });
    expect(drafted).toEqual({ state: 'running', round: 5, sentBack: 1, outputs: [output] });
  });
});

describe('a draft', () => {
  test('is open to a decision while a person is asked, and where static mode left it', () => {
    expect(openDraft(after(begin, ask))).toBe(draft);
    expect(openDraft(after(begin, { kind: 'leave', draft, reason }))).toBe(draft);
    expect(openDraft(after(begin, { kind: 'fail', reason }))).toBeUndefined();
    expect(openDraft(after(begin))).toBeUndefined();
  });

  test('that was approved is open again when taking it fails', () => {
    expect(openDraft(after(begin, ask, { kind: 'approve' }, { kind: 'fail', reason }))).toBe(draft);
  });

  test('can be approved and rejected only where there is one', () => {
    const failed = after(begin, { kind: 'fail', reason });
    expect(() => transition(failed, { kind: 'approve' })).toThrow('no draft to decide about');
    expect(() => transition(failed, { kind: 'reject', message: 'No.' })).toThrow('no draft to decide about');
  });
});

test('a retry forgets what was tried, and counts anew how often the integration sends it back', () => {
  const record = after(begin, { kind: 'send-back', draft, reason: conflict }, ask, { kind: 'retry' });
  expect(record).toEqual(freshRecord(5));
});

test('of an earlier run, what is over is taken over, and everything else begins again', () => {
  expect(takenOver(2, { state: 'done', commit: 'c' }, [output])).toEqual({
    ...{ state: 'done', commit: 'c', round: 2, outputs: [output], sentBack: 0 },
  });
  expect(takenOver(2, { state: 'stopped' })).toMatchObject({ state: 'stopped', round: 2 });
  expect(takenOver(2, { state: 'waiting' }, [output])).toEqual(freshRecord(2));
});
