import { describe, expect, test } from '@jest/globals';
import { type Ending, endingAfter, endingOf } from '../../../src/domain/feature/ending.js';
import type { JournalEvent } from '../../../src/domain/journal/entries.js';
import { applyEntry, emptyView } from '../../../src/domain/journal/view.js';
import { numbered, troubled } from '../../cli/project.js';
import { saying } from '../journal-entries.js';

/** What following says after each event. */
function endings(events: readonly JournalEvent[]): (Ending | undefined)[] {
  const view = emptyView();
  return numbered(events).map((entry) => {
    applyEntry(view, entry);
    return endingAfter(entry, view);
  });
}

const last = (events: readonly JournalEvent[]) => endings(events).at(-1);
const plan = troubled.slice(0, 4);

describe('following a feature ends', () => {
  test('when it is done, and when it failed', () => {
    expect(last([{ kind: 'phase', phase: 'done' }])).toBe('done');
    expect(last([{ kind: 'phase', phase: 'failed', reason: saying('No model.') }])).toBe('failed');
  });

  test('when nothing can move without a person, and not before', () => {
    const all = endings(troubled);
    expect(all.at(-1)).toBe('waiting');
    expect(all.slice(0, -1).every((ending) => ending === undefined)).toBe(true);
  });

  test('not when a retried task has yet to begin', () => {
    expect(last([...troubled, { kind: 'task', task: 'T002', state: 'missing', round: 1 }])).toBeUndefined();
    expect(last([...troubled, { kind: 'task', task: 'T002', state: 'running', round: 2 }])).toBeUndefined();
  });

  test('when a stopped feature’s last task has ended', () => {
    const stopping: JournalEvent[] = [
      ...plan,
      { kind: 'task', task: 'T001', state: 'running', round: 1 },
      { kind: 'stopped' },
    ];
    expect(last(stopping)).toBeUndefined();
    expect(last([...stopping, { kind: 'task', task: 'T001', state: 'missing', round: 1 }])).toBe('stopped');
  });

  test('when a decision came too late for what still waits', () => {
    expect(last([...troubled, { kind: 'ignored', reason: saying('Too late.') }])).toBe('waiting');
    expect(last([...plan, { kind: 'ignored', reason: saying('Too late.') }])).toBeUndefined();
  });

  test('when a budget was raised that nothing waits for, and not when it lets what waits go on', () => {
    const raised: JournalEvent = { kind: 'budget', limits: { calls: 80 } };
    const gate = { gate: 'budget', number: 9, reason: saying('The budget is used up.') };
    const held: JournalEvent[] = [
      ...plan,
      { kind: 'gate-opened', gate },
      { kind: 'waiting', reason: gate.reason },
    ];
    expect(last(held)).toBe('waiting');
    expect(last([...held, raised])).toBeUndefined();
    expect(last([...troubled, raised])).toBe('waiting');
  });

  test('by what the journal says alone, where nothing new comes', () => {
    const view = emptyView();
    for (const entry of numbered(troubled)) applyEntry(view, entry);
    expect(endingOf(view)).toBe('waiting');
    expect(endingOf(emptyView())).toBeUndefined();
  });
});
