/** What the lines of `gemini --output-format stream-json` say. Lines and failures as of 0.61.0, found by running it. */
import type { CallErrorKind } from '../../domain/models/call-errors.js';
import type { ModelEvent } from '../adapter.js';
import type { CallFailure } from '../errors.js';
import { type Fields, fields, fieldsOfLine, number, string } from './json-line.js';
import { spanMs } from './spans.js';

export function geminiReader(): (line: string) => ModelEvent[] {
  // The final event holds no text. What is said before a tool is used is no part of the answer.
  let answer = '';
  // Why an answer is none, or is cut short. A success may follow.
  let complaint: string | undefined;

  return (line) => {
    const event = fieldsOfLine(line);
    if (event === undefined) return [];
    switch (event.type) {
      case 'init': {
        const id = string(event.session_id);
        return id === undefined ? [] : [{ kind: 'session', id }];
      }
      case 'message': {
        const text = event.role === 'assistant' ? string(event.content) : undefined;
        if (text === undefined) return [];
        answer += text;
        return [{ kind: 'text', text }];
      }
      case 'tool_use': {
        answer = '';
        const given = fields(event.parameters);
        const detail = string(given?.file_path) ?? string(given?.dir_path) ?? string(given?.pattern);
        const name = string(event.tool_name) ?? 'tool';
        return [{ kind: 'tool', name, ...(detail === undefined ? {} : { detail }) }];
      }
      case 'error':
        complaint = string(event.message) ?? complaint;
        return [];
      case 'result':
        return [...usageEvents(fields(event.stats)), ending(event, answer, complaint)];
      default:
        return [];
    }
  };
}

function usageEvents(stats: Fields | undefined): ModelEvent[] {
  const inputTokens = number(stats?.input_tokens);
  const outputTokens = number(stats?.output_tokens);
  if (inputTokens === undefined && outputTokens === undefined) return [];
  return [{ kind: 'usage', usage: { inputTokens, cachedInputTokens: number(stats?.cached), outputTokens } }];
}

function ending(event: Fields, answer: string, complaint: string | undefined): ModelEvent {
  if (event.status !== 'success') {
    const said = string(fields(event.error)?.message) ?? complaint ?? 'no reason given';
    return { kind: 'error', error: geminiFailure(said, Date.parse(string(event.timestamp) ?? '')) };
  }
  if (complaint !== undefined) {
    const kind = refusal.test(complaint) ? 'refused' : 'bad-output';
    return { kind: 'error', error: { kind, message: `Gemini: ${complaint}` } };
  }
  // So it ends when it takes the prompt for longer than the model's context: without a request, and with a success.
  if (answer === '' && number(fields(event.stats)?.total_tokens) === 0) {
    const message = 'Gemini sent nothing: the prompt is longer than what it takes the model to hold.';
    return { kind: 'error', error: { kind: 'context-too-long', message } };
  }
  return { kind: 'result', text: answer };
}

const refusal = /safety|prohibited|recitation|blocked/i;

/**
 * The command tells its failures in words alone; its exit status has the status of HTTP in it, but says no more. The
 * first that fits counts.
 */
const kinds: readonly [RegExp, CallErrorKind][] = [
  [/exceeds the maximum number of tokens|context window/i, 'context-too-long'],
  [/"code":40[13]|UNAUTHENTICATED|PERMISSION_DENIED|API key not valid|API_KEY_INVALID/i, 'auth'],
  [/daily quota|limit: 0(?!\d|\.\d)|quota will reset|exhausted your (quota|capacity)/i, 'quota'],
  [/RESOURCE_EXHAUSTED|resource has been exhausted|"code":429|rate limit/i, 'rate-limit'],
  [/exceeded your current quota|credits/i, 'quota'],
  [/overloaded|UNAVAILABLE|INTERNAL|"code":5\d\d|internal error/i, 'overloaded'],
  [refusal, 'refused'],
  [/fetch failed|terminated|ECONN|ENOTFOUND|EAI_AGAIN|socket|network|timed? ?out/i, 'network'],
  [/"code":40[04]|model not found|invalid_argument/i, 'not-installed'],
  [/loop|max session turns|empty|malformed|invalid/i, 'bad-output'],
];

/** Of `[API Error: {"error":{"code":400,"message":"…","status":"…"}}]` the message alone. */
function wordsOf(said: string): string {
  const [, inner = said] = /^\[API Error: (.*)\]$/s.exec(said.trim()) ?? [];
  const error = fields(fieldsOfLine(inner)?.error);
  return string(error?.message) ?? inner;
}

/** A wait that is asked for and longer than this is the reset of a quota. Gemini CLI draws its line there as well. */
const longestRateLimitMs = 300_000;

/** @param at when it failed, in milliseconds since 1970; NaN where that is not known */
function geminiFailure(said: string, at: number): CallFailure {
  const message = `Gemini: ${wordsOf(said)}`;
  const kind = kinds.find(([pattern]) => pattern.test(said))?.[1] ?? 'crashed';
  if (kind === 'not-installed')
    return { kind, message: `${message} Check \`models.gemini\` in the configuration.` };
  const asked = spanMs(/(?:retry (?:in|after)|reset after) ([\dhms.]+)/i.exec(said)?.[1]);
  if ((kind !== 'quota' && kind !== 'rate-limit') || asked === undefined) return { kind, message };
  // The vendor has the same words for a limit by the minute and for one by the day: how long to wait tells them apart.
  if (asked <= longestRateLimitMs) return { kind: 'rate-limit', message, retryAfterMs: asked };
  return { kind: 'quota', message, resetAt: Number.isNaN(at) ? undefined : at + asked };
}
