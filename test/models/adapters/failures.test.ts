/** Every way in which the vendors' commands are known to fail, from recordings of them: what it is, and what next. */
import { describe, expect, test } from '@jest/globals';
import { type CallErrorKind, callErrorHandling } from '../../../src/domain/models/call-errors.js';
import { codexReader } from '../../../src/models/adapters/codex-events.js';
import type { CallEnd } from '../../../src/models/calls/store/types.js';
import { replay, replayRecording, vendors } from './replay.js';

type Row = [
  recording: string,
  kind: CallErrorKind,
  message: string,
  more?: { retryAfterMs?: unknown; resetAt?: number },
];

/** A delay that was read: the command's own, or what its vendor asked for, and a little more that differs each time. */
const about = (ms: number) => ({
  asymmetricMatch: (delay: unknown) => typeof delay === 'number' && delay >= ms && delay < ms + 1_000,
  toString: () => `a delay of ${ms} ms or a little more`,
});

const claude: Row[] = [
  ['claude-nokey', 'auth', 'Not logged in'],
  ['claude-err-401', 'auth', 'Invalid API key'],
  ['claude-err-403', 'auth', '403 forbidden'],
  ['claude-err-insufficient', 'quota', 'Credit balance is too low'],
  [
    'claude-usage-limit',
    'quota',
    "You've hit your 5-hour limit",
    { resetAt: Date.parse('2026-01-01T05:00:00Z') },
  ],
  ['claude-err-429', 'rate-limit', '429', { retryAfterMs: about(500) }],
  // The vendor asked for three seconds.
  ['claude-err-429ra', 'rate-limit', '429', { retryAfterMs: about(3_000) }],
  ['claude-err-500', 'overloaded', '500 Internal server error'],
  ['claude-err-529', 'overloaded', '529 Overloaded'],
  ['claude-err-toolong', 'context-too-long', 'Prompt is too long'],
  ['claude-stdin11mb', 'context-too-long', 'exceeds 10MB'],
  ['claude-err-drop', 'network', 'Connection dropped'],
  ['claude-refused', 'network', 'Connection refused'],
  ['claude-refusal', 'refused', "can't help with this"],
  ['claude-output-limit', 'bad-output', 'output token maximum'],
  ['claude-maxturns', 'bad-output', 'Reached maximum number of turns (2)'],
  ['claude-budget', 'bad-output', 'Reached maximum budget ($0.0002)'],
  ['claude-badarg', 'not-installed', "unknown option '--nosuchflag'"],
  ['claude-badschema', 'not-installed', '--json-schema is not valid JSON'],
  ['claude-noverbose', 'not-installed', '--output-format=stream-json requires --verbose'],
  ['claude-sess-dup', 'not-installed', 'is already in use'],
  ['claude-badresume', 'not-installed', 'No conversation found'],
  ['claude-SIGTERM', 'crashed', 'signal 15'],
  ['claude-SIGINT', 'crashed', 'was interrupted'],
  ['claude-SIGINT-no-result', 'crashed', 'was interrupted'],
];

const codex: Row[] = [
  ['codex-err-401', 'auth', '401 Unauthorized'],
  ['codex-err-403', 'auth', '403 Forbidden'],
  ['codex-envkey-missing', 'auth', 'Missing environment variable'],
  ['codex-err-429', 'rate-limit', '429 Too Many Requests'],
  ['codex-err-429ra', 'rate-limit', '429 Too Many Requests'],
  ['codex-429-retry', 'rate-limit', '429 Too Many Requests'],
  ['codex-err-ratefail', 'rate-limit', 'rate limit exceeded', { retryAfterMs: 1_000 }],
  ['codex-err-500', 'overloaded', 'high demand'],
  ['codex-500-retry', 'overloaded', 'high demand'],
  ['codex-err-503', 'overloaded', 'at capacity'],
  ['codex-err-midfail', 'overloaded', 'at capacity'],
  ['codex-err-insufficient', 'quota', 'Quota exceeded'],
  ['codex-err-ctxfail', 'context-too-long', 'ran out of room'],
  ['codex-err-toolong', 'context-too-long', 'ran out of room'],
  ['codex-input-too-long', 'context-too-long', 'exceeds the maximum length of 1048576 characters'],
  ['codex-err-drop', 'network', 'stream disconnected'],
  ['codex-err-truncated', 'network', 'stream disconnected'],
  ['codex-trunc-retry', 'network', 'stream disconnected'],
  ['codex-refused-bounded', 'network', 'Connection failed'],
  ['codex-content-filter', 'refused', 'content_filter'],
  ['codex-badarg', 'not-installed', "unexpected argument '--nosuch' found"],
  ['codex-nogit', 'not-installed', 'Not inside a trusted directory'],
  ['codex-badresume', 'not-installed', 'no rollout found'],
  ['codex-badschema', 'not-installed', 'Failed to read output schema'],
  ['codex-SIGINT', 'crashed', 'exit status 1'],
  ['codex-SIGTERM', 'crashed', 'signal 15'],
];

const gemini: Row[] = [
  ['gemini-nokey', 'auth', 'Invalid auth method'],
  ['gemini-nokey2', 'auth', 'you must specify the GEMINI_API_KEY'],
  ['gemini-err-401', 'auth', 'invalid authentication credentials'],
  ['gemini-err-403', 'auth', 'does not have the required permissions'],
  ['gemini-err-429', 'rate-limit', 'Resource has been exhausted'],
  ['gemini-retry-in', 'rate-limit', 'Please retry in 34', { retryAfterMs: 34_075 }],
  ['gemini-err-insufficient', 'quota', 'exceeded your current quota'],
  ['gemini-daily-quota', 'quota', 'exhausted your daily quota'],
  ['gemini-err-500', 'overloaded', 'Internal error'],
  ['gemini-err-503', 'overloaded', 'overloaded'],
  ['gemini-err-toolong', 'context-too-long', 'exceeds the maximum number of tokens'],
  ['gemini-err-drop', 'network', 'fetch failed'],
  ['gemini-err-midfail', 'overloaded', 'model is overloaded'],
  ['gemini-err-truncated', 'network', 'terminated'],
  ['gemini-maxturns', 'bad-output', 'max session turns'],
  ['gemini-badarg', 'not-installed', 'Usage: gemini'],
  ['gemini-untrusted', 'not-installed', 'not running in a trusted directory'],
  ['gemini-noprompt', 'not-installed', 'No input provided'],
  ['gemini-badresume', 'not-installed', 'Error resuming session'],
  ['gemini-SIGINT', 'crashed', 'was interrupted'],
  ['gemini-SIGTERM', 'crashed', 'was interrupted'],
];

describe.each(Object.entries({ claude, codex, gemini }))('%s', (_model, rows) => {
  test.each(rows)('%s is %s', (recording, kind, message, more = {}) => {
    const { error } = replayRecording(recording);
    expect(error).toMatchObject({ kind, ...more });
    expect(error?.message).toContain(message);
    // A recording has no more tries to come: what is final is so by its kind.
    expect(error?.final).toBe(!callErrorHandling[kind].retryable);
  });
});

test('what is exhausted comes back at a local time, of today, tomorrow or a date', () => {
  const reset = (said: string) => {
    const [event] = codexReader(() => new Date(2026, 10, 23, 15, 53).getTime())(
      JSON.stringify({ type: 'turn.failed', error: { message: `You’ve hit your usage limit. ${said}` } }),
    );
    return event?.kind === 'error' ? event.error : undefined;
  };
  const at = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime();

  expect(reset('Or try again at 5:53 PM.')).toMatchObject({
    kind: 'quota',
    resetAt: at(2026, 10, 23, 17, 53),
  });
  expect(reset('Or try again at 3:13 AM.')?.resetAt).toBe(at(2026, 10, 24, 3, 13));
  expect(reset('Or try again at Nov 27th, 2026 3:13 AM.')?.resetAt).toBe(at(2026, 10, 27, 3, 13));
  expect(reset('Ask your admin.')).toMatchObject({ kind: 'quota', resetAt: undefined });
  for (const name of ['codex-usage-limit', 'codex-usage-limit-days'])
    expect(replayRecording(name).error).toMatchObject({ kind: 'quota', resetAt: expect.any(Number) });
});

const lines = (...events: object[]): string[] => events.map((event) => JSON.stringify(event));
const ended: CallEnd = { status: 0, stderrTail: '', lineTooLong: false };

test('Gemini that takes a prompt for too long sends nothing and calls it a success: it is none', () => {
  const result = {
    type: 'result',
    status: 'success',
    stats: { total_tokens: 0, input_tokens: 0, output_tokens: 0 },
  };
  const { error } = replay(vendors.gemini, lines({ type: 'init', session_id: 's' }, result), ended);
  expect(error).toMatchObject({ kind: 'context-too-long', final: true });
});

test.each([
  ['Loop detected, stopping execution', 'bad-output'],
  ['The response was blocked for safety.', 'refused'],
])('Gemini that says "%s" and then calls it a success has failed', (message, kind) => {
  const events = lines(
    { type: 'message', role: 'assistant', content: 'half', delta: true },
    { type: 'error', severity: 'warning', message },
    { type: 'result', status: 'success', stats: { total_tokens: 9 } },
  );
  expect(replay(vendors.gemini, events, ended).error).toMatchObject({ kind });
});

test('what Gemini wraps in JSON is told in the vendor’s words alone', () => {
  const error = {
    code: 400,
    message: 'It exceeds the maximum number of tokens.',
    status: 'INVALID_ARGUMENT',
  };
  const said = `[API Error: ${JSON.stringify({ error })}]`;
  const result = { type: 'result', status: 'error', error: { message: said } };
  expect(replay(vendors.gemini, lines(result), { ...ended, status: 144 }).error).toMatchObject({
    kind: 'context-too-long',
    message: 'Gemini: It exceeds the maximum number of tokens.',
  });
});

test('Gemini asked to wait for hours has no quota left, and says until when', () => {
  const message = '[API Error: You have exhausted your capacity. Your quota will reset after 5h12m3s.]';
  const result = {
    type: 'result',
    timestamp: '2026-11-23T10:00:00.000Z',
    status: 'error',
    error: { message },
  };
  expect(replay(vendors.gemini, lines(result), { ...ended, status: 173 }).error).toMatchObject({
    kind: 'quota',
    resetAt: Date.parse('2026-11-23T15:12:03.000Z'),
  });
});

describe('a command that waited for its vendor until a limit ended it has failed for that', () => {
  test.each(['inactive', 'timeout'] as const)('%s', (endedBy) => {
    // One retries without end, and says so each minute; the other was asked to wait for long.
    expect(replayRecording('codex-refused', { endedBy }).error).toMatchObject({ kind: 'network' });
    expect(replayRecording('claude-waiting', { endedBy }).error).toMatchObject({
      kind: 'rate-limit',
    });
    // It said nothing of its vendor.
    expect(replayRecording('codex-SIGTERM', { endedBy }).error).toMatchObject({ kind: 'timeout' });
  });
});

test.each(['claude', 'codex', 'gemini'] as const)('%s that is not there is not installed', (model) => {
  const { error } = replay(vendors[model], [], { ...ended, status: 127, stderrTail: 'sh: not found' });
  expect(error).toMatchObject({ kind: 'not-installed', final: true });
});
