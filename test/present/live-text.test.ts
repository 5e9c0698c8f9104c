import { describe, expect, test } from '@jest/globals';
import type { RunningCall } from '../../src/domain/calls/stored-call.js';
import type { JournalEvent } from '../../src/domain/journal/entries.js';
import { applyEntry, emptyView } from '../../src/domain/journal/view.js';
import { applyToClocks, type Live, liveLines, newClocks } from '../../src/present/live-text.js';
import { numbered, troubled } from '../cli/project.js';

function liveAfter(events: readonly JournalEvent[], over: Partial<Live> = {}): Live {
  const view = emptyView();
  const clocks = newClocks();
  const entries = numbered(events);
  for (const entry of entries) {
    applyEntry(view, entry);
    applyToClocks(clocks, entry);
  }
  const now = (entries.at(-1)?.at ?? 0) + 2_000;
  return { view, clocks, running: [], now, columns: 100, rows: 40, ...over };
}

const running = (over: Partial<RunningCall>): RunningCall => ({
  call: 'T002-draft.1-0a1b2c3d',
  about: { purpose: 'draft', task: 'T002' },
  lastLine: '',
  ...over,
});

describe('the live screen', () => {
  test('shows the phase with its time and what is streamed, in one line', () => {
    const call = running({
      call: 'spec.1-0a1b2c3d',
      about: { purpose: 'spec' },
      lastLine: '## Files\u001b[2J',
    });
    const lines = liveLines(liveAfter([{ kind: 'phase', phase: 'spec' }], { running: [call] }));
    expect(lines).toEqual(['[1/2] Generating specification...  2.0 s', '  └ spec: ## Files']);
  });

  test('shows each task with its state, its time and what its call says', () => {
    const begun: JournalEvent[] = [
      { kind: 'task', task: 'T002', state: 'running', round: 2 },
      { kind: 'step', task: 'T002', step: 'correct', iteration: 1, of: 3 },
      { kind: 'correction', task: 'T002', iteration: 1, of: 3, model: 'codex' },
    ];
    const live = liveAfter([...troubled, ...begun], { running: [running({ lastLine: 'const a = 1;' })] });
    const text = liveLines(live).join('\n');
    expect(text).toMatch(/✓ T001 +done +2\.0 s +Add the switch/);
    expect(text).toMatch(
      /▸ T002 +running, correct, Iteration 1\/3 +4\.0 s +Store the choice\n +└ draft: const a = 1;/,
    );
    expect(text).toMatch(/· T003 +blocked/);
  });

  test('knows a check’s task by its name', () => {
    const check = running({ call: 'T002-checks.1-0a1b2c3d', about: { kind: 'check' }, lastLine: 'ok 3' });
    const live = liveAfter([...troubled, { kind: 'task', task: 'T002', state: 'running', round: 2 }], {
      running: [check],
    });
    expect(liveLines(live).join('\n')).toMatch(/T002.*\n +└ check: ok 3/);
  });

  test('is never higher or wider than the screen', () => {
    const tasks = Array.from({ length: 50 }, (_, index) => ({
      id: `T${index}`,
      title: 'x'.repeat(150),
      type: 'code' as const,
      dependsOn: [],
    }));
    const plan: JournalEvent = {
      kind: 'plan',
      file: { path: 'tasks.json', sha256: '', bytes: 0 },
      tasks,
      refined: true,
    };
    const moving = tasks
      .slice(0, 4)
      .map(({ id }): JournalEvent => ({ kind: 'task', task: id, state: 'running', round: 1 }));
    const lines = liveLines(
      liveAfter([{ kind: 'phase', phase: 'execution' }, plan, ...moving], { columns: 60, rows: 12 }),
    );
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThan(60);
    expect(lines.at(-1)).toBe('  0 of 50 tasks done');
  });

  test('is empty before and after', () => {
    expect(liveLines(liveAfter([]))).toEqual([]);
    expect(liveLines(liveAfter([{ kind: 'phase', phase: 'done' }]))).toEqual([]);
  });
});
