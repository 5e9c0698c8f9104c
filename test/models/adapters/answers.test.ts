/** What the vendors' commands answer, from recordings of them. */
import { expect, test } from '@jest/globals';
import { replayRecording } from './replay.js';

const hello = 'Hello from mock.';
const used = { inputTokens: 12, cachedInputTokens: 0, outputTokens: 7 };
const twice = { inputTokens: 24, cachedInputTokens: 0, outputTokens: 14 };

test.each([
  ['claude-ok', hello, { ...used, costUsd: 0.000141 }],
  ['claude-tool', hello, { ...twice, costUsd: 0.000282 }],
  ['claude-tool-denied', hello, { ...twice, costUsd: 0.000282 }],
  ['claude-schema', '{"answer":"42"}', { ...used, costUsd: 0.000141 }],
  ['claude-err-midfail', hello, { ...used, costUsd: 0.000141 }],
  // The stream that broke was paid for as well.
  [
    'claude-err-truncated',
    hello,
    { inputTokens: 36, cachedInputTokens: 0, outputTokens: 11, costUsd: 0.000273 },
  ],
  // The output limit cut the first message; the second goes on with it.
  ['claude-cut-and-continued', `${hello}${hello}`, { ...twice, costUsd: 0.000376 }],
  ['codex-ok', hello, used],
  ['codex-min', hello, used],
  ['codex-tool', hello, twice],
  ['codex-schema', '{"answer":"42"}', used],
  ['codex-r2', hello, twice],
  ['gemini-ok-p', hello, used],
  ['gemini-notools', hello, used],
  ['gemini-err-tool', hello, twice],
])('%s', (recording, answer, usage) => {
  const replayed = replayRecording(recording);
  expect(replayed.error).toBeUndefined();
  expect(replayed.answer).toBe(answer);
  expect(replayed.usage).toEqual(usage);
  expect(replayed.events[0]).toEqual({ kind: 'session', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test('tools are seen as they are used, and what is said before them is no part of the answer', () => {
  const toolsOf = (recording: string) =>
    replayRecording(recording).events.filter(({ kind }) => kind === 'tool');
  expect(toolsOf('claude-tool')).toEqual([{ kind: 'tool', name: 'Bash' }]);
  expect(toolsOf('codex-tool')).toEqual([
    { kind: 'tool', name: 'command_execution', detail: "/bin/bash -lc 'echo hi'" },
  ]);
  expect(toolsOf('gemini-err-tool')).toEqual([{ kind: 'tool', name: 'list_directory', detail: '.' }]);
});

test("the command's own retries are seen", () => {
  const retries = (recording: string) =>
    replayRecording(recording).events.filter(({ kind }) => kind === 'retry');
  expect(retries('claude-err-429ra')).toEqual([{ kind: 'retry', reason: 'rate_limit', delayMs: 1168 }]);
  expect(retries('codex-refused')[0]).toEqual({
    kind: 'retry',
    reason: 'Connection failed: error sending request',
  });
});
