/** What the vendors' commands answer, from recordings of them. */
import { expect, test } from '@jest/globals';
import { replayRecording } from './replay.js';

const hello = 'Hello from mock.';
const used = { inputTokens: 12, cachedInputTokens: 0, outputTokens: 7 };
const twice = { inputTokens: 24, cachedInputTokens: 0, outputTokens: 14 };
const review = '{"approved":true,"feedback":"Good.","corrections":[]}';

/** At the price of the model that the recordings were made with, in US dollars by a million tokens. */
const priced = (usage: typeof used) => ({
  ...usage,
  costUsd: expect.closeTo((usage.inputTokens * 3 + usage.outputTokens * 15) / 1_000_000, 9),
});

test.each([
  ['claude-ok', hello, priced(used)],
  ['claude-tool', hello, priced(twice)],
  ['claude-tool-denied', hello, priced(twice)],
  ['claude-schema', review, priced(used)],
  ['claude-err-midfail', hello, priced(used)],
  // The stream that broke was paid for as well.
  ['claude-err-truncated', hello, priced({ ...twice, outputTokens: 9 })],
  // The output limit cut the first message; the second goes on with it.
  ['claude-cut-and-continued', `${hello}${hello}`, priced(twice)],
  ['codex-ok', hello, used],
  ['codex-reconnected', hello, used],
  ['codex-tool', hello, twice],
  ['codex-schema', review, used],
  ['gemini-ok', hello, used],
  ['gemini-tool', hello, twice],
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
  expect(toolsOf('claude-tool')).toEqual([{ kind: 'tool', name: 'Write', detail: 'notes.txt' }]);
  expect(toolsOf('codex-tool')).toEqual([
    { kind: 'tool', name: 'file_change', detail: '/home/user/project/notes.txt' },
  ]);
  expect(toolsOf('gemini-tool')).toEqual([{ kind: 'tool', name: 'write_file', detail: 'notes.txt' }]);
});

test("the command's own retries are seen", () => {
  const retries = (recording: string) =>
    replayRecording(recording).events.filter(({ kind }) => kind === 'retry');
  expect(retries('claude-err-429ra')).toEqual([
    { kind: 'retry', reason: 'rate_limit', delayMs: expect.any(Number) },
  ]);
  // The command goes on, and the answer comes.
  expect(retries('codex-reconnected')).toEqual([
    { kind: 'retry', reason: expect.stringContaining('stream disconnected') },
  ]);
  expect(retries('codex-refused')[0]).toEqual({
    kind: 'retry',
    reason: 'Connection failed: error sending request',
  });
});
