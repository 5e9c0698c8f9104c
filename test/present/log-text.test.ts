import { expect, test } from '@jest/globals';
import { emptyView } from '../../src/domain/journal/view.js';
import { logLines, openCallLines } from '../../src/present/log-text.js';
import { numbered } from '../cli/project.js';
import { saying } from '../domain/journal-entries.js';

const context = { feature: 'dark-mode', directory: '.blueprint/features/dark-mode', view: emptyView() };

test('each line of the log has its time and its task', () => {
  const [entry] = numbered([
    { kind: 'task', task: 'T001', state: 'failed', round: 1, reason: saying('No.') },
  ]);
  if (entry === undefined) throw new Error('unreachable');
  const lines = logLines(entry, context);
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\[T001\] /);
});

test('a call is told of with its model, its time and what it used', () => {
  const [entry] = numbered([
    {
      kind: 'call',
      call: 'T001-draft.1-0a1b2c3d',
      purpose: 'draft',
      task: 'T001',
      model: 'deepseek',
      source: 'adopted',
      usage: { inputTokens: 10 },
      durationMs: 1_500,
    },
  ]);
  if (entry === undefined) throw new Error('unreachable');
  expect(logLines(entry, context)[0]).toContain(
    '[T001] draft by DeepSeek: 1.5 s, adopted, 10 → ? tokens (T001-draft.1-0a1b2c3d)',
  );
});

test('a call that failed says how each try ended', () => {
  const lines = openCallLines({
    call: 'T001-draft.1-0a1b2c3d',
    name: 'T001-draft',
    round: 1,
    about: {},
    madeAt: 0,
    damage: [],
    finished: false,
    stopped: false,
    tries: [
      {
        number: 1,
        state: 'failed',
        lost: false,
        startedAt: 0,
        endedAt: 2_000,
        error: { kind: 'overloaded', message: 'Busy.' },
      },
    ],
    sources: { made: 1, adopted: 0, reused: 0 },
  });
  expect(lines).toEqual(['T001-draft.1-0a1b2c3d: failed', '  try 1 failed after 2.0 s: Busy. (overloaded)']);
});
