/** What the lines of `codex exec --json` say. Lines and failures as of 0.169.0, found by running it. */
import type { CallErrorKind } from '../../domain/models/call-errors.js';
import type { Usage } from '../../domain/money/usage.js';
import type { ModelEvent } from '../adapter.js';
import type { CallFailure } from '../errors.js';
import { type Fields, fields, fieldsOfLine, number, string } from './json-line.js';
import { spanMs } from './spans.js';

/** @param now the clock for "try again at 5:53 PM", in milliseconds since 1970 */
export function codexReader(now: () => number = Date.now): (line: string) => ModelEvent[] {
  // Messages before the last one tell what it is about to do.
  let answer: string | undefined;

  return (line) => {
    const event = fieldsOfLine(line);
    if (event === undefined) return [];
    switch (event.type) {
      case 'thread.started': {
        const id = string(event.thread_id);
        return id === undefined ? [] : [{ kind: 'session', id }];
      }
      case 'item.started':
        return toolEvents(fields(event.item));
      case 'item.completed': {
        const item = fields(event.item);
        const text = item?.type === 'agent_message' ? string(item.text) : undefined;
        if (text === undefined) return [];
        answer = text;
        return [{ kind: 'text', text }];
      }
      case 'turn.completed':
        return [...usageEvents(fields(event.usage)), { kind: 'result', text: answer ?? '' }];
      case 'error':
        return errorEvents(string(event.message) ?? '', now());
      case 'turn.failed':
        return [{ kind: 'error', error: codexFailure(string(fields(event.error)?.message) ?? '', now()) }];
      default:
        return [];
    }
  };
}

function toolEvents(item: Fields | undefined): ModelEvent[] {
  const name = string(item?.type);
  if (name === 'reasoning') return [{ kind: 'thinking' }];
  if (name === undefined || ['agent_message', 'error', 'todo_list'].includes(name)) return [];
  const changed = Array.isArray(item?.changes) ? item.changes.map((one) => fields(one)?.path).join(' ') : '';
  const detail = string(item?.command) ?? string(item?.tool) ?? string(item?.query) ?? string(changed);
  return [{ kind: 'tool', name, ...(detail === undefined ? {} : { detail }) }];
}

/** A thread's total, and a thread is one run here. The input counts the cached tokens as well. */
function usageEvents(used: Fields | undefined): ModelEvent[] {
  const found = {
    inputTokens: number(used?.input_tokens),
    cachedInputTokens: number(used?.cached_input_tokens),
    outputTokens: number(used?.output_tokens),
  };
  if (Object.values(found).every((value) => value === undefined)) return [];
  const usage: Usage = found;
  return [{ kind: 'usage', usage }];
}

const reconnecting = /^Reconnecting\.\.\. ([^(]*)\((.*)\)$/s;

/**
 * An `error` line need not be the end: the command may go on by itself. If it never comes back from that, the line
 * says why.
 */
function errorEvents(message: string, now: number): ModelEvent[] {
  const cause = reconnecting.exec(message)?.[2];
  const error: ModelEvent = { kind: 'error', error: codexFailure(cause ?? message, now) };
  return cause === undefined ? [error] : [{ kind: 'retry', reason: cause }, error];
}

/** The command tells its failures in words alone. The first that fits counts. */
const kinds: readonly [RegExp, CallErrorKind][] = [
  [/content_filter|flagged for/i, 'refused'],
  [
    /ran out of room in the model's context window|context window|maximum context length/i,
    'context-too-long',
  ],
  [/hit your usage limit|quota exceeded|out of credits|credit limit|spend limit|budget exceeded/i, 'quota'],
  [/\b(401|403)\b|access token could not be refreshed|missing environment variable|not logged in/i, 'auth'],
  [/\b429\b|rate limit/i, 'rate-limit'],
  [/at capacity|high demand|overloaded|unexpected status 5\d\d|last status: 5\d\d/i, 'overloaded'],
  // A model or a parameter that the vendor does not take.
  [/unexpected status 4\d\d/i, 'not-installed'],
  [/incomplete response/i, 'bad-output'],
  [
    /stream disconnected|connection failed|routing discovery failed|error sending request|network|timed? ?out/i,
    'network',
  ],
];

function codexFailure(said: string, now: number): CallFailure {
  const kind = kinds.find(([pattern]) => pattern.test(said))?.[1] ?? 'crashed';
  const message = `Codex: ${said === '' ? 'no reason given' : said}`;
  if (kind === 'rate-limit')
    return { kind, message, retryAfterMs: spanMs(/try again in ([\dhms. ]+)/i.exec(said)?.[1]) };
  if (kind === 'quota') return { kind, message, resetAt: resetAt(said, now) };
  if (kind === 'not-installed')
    return { kind, message: `${message} Check \`models.codex\` in the configuration.` };
  return { kind, message };
}

/** Of "try again at 5:53 PM", or of "try again at Nov 27th, 2026 3:13 AM": a local time, the command's and ours. */
function resetAt(said: string, now: number): number | undefined {
  const [, date, time] =
    /try again at (?:(\w+ \d+(?:st|nd|rd|th), \d{4}) )?(\d+:\d\d [AP]M)/.exec(said) ?? [];
  if (time === undefined) return undefined;
  const day = date?.replace(/(\d)(st|nd|rd|th)/, '$1') ?? new Date(now).toDateString();
  const at = new Date(`${day} ${time}`);
  // Without a date it is the next time that the clock shows this.
  if (date === undefined && at.getTime() <= now) at.setDate(at.getDate() + 1);
  return Number.isNaN(at.getTime()) ? undefined : at.getTime();
}
