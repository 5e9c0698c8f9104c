/** What the lines of `claude --output-format stream-json` say. Lines and failures as of 2.1.330, found by running it. */
import type { Usage } from '../../domain/money/usage.js';
import type { ModelEvent } from '../adapter.js';
import type { CallFailure } from '../errors.js';
import { type Fields, fields, fieldsOfLine, list, number, string } from './json-line.js';

/** What the command said on its way to the failure that it ends with. */
interface Before {
  /** The class of the last error of the API: `rate_limit`, `billing_error` … */
  errorClass?: string;
  /** The pause before the command's own last retry: what `retry-after` asked for, where the vendor sent one. */
  retryDelayMs?: number;
  /** When a subscription's limit is reset, in milliseconds since 1970. */
  resetAt?: number;
}

export function claudeReader(): (line: string) => ModelEvent[] {
  // An answer that the output limit cuts is gone on with in further messages, and the result has the last one alone.
  let answer = '';
  let before: Before = {};
  let interrupted = false;

  return (line) => {
    const event = fieldsOfLine(line);
    if (event === undefined) return [];
    switch (event.type) {
      case 'system': {
        if (event.subtype === 'init') return sessionOf(event);
        if (event.subtype !== 'api_retry') return [];
        before = { ...before, ...retryDelay(event) };
        return retryEvents(event);
      }
      case 'rate_limit_event': {
        const resetsAt = number(fields(event.rate_limit_info)?.resetsAt);
        if (resetsAt !== undefined) before = { ...before, resetAt: resetsAt * 1_000 };
        return [];
      }
      case 'stream_event': {
        const delta = fields(fields(event.event)?.delta);
        const text = delta?.type === 'text_delta' ? string(delta.text) : undefined;
        return text === undefined ? [] : [{ kind: 'text', text }];
      }
      case 'assistant': {
        const errorClass = string(event.error);
        if (errorClass !== undefined) {
          before = { ...before, errorClass };
          return [];
        }
        const blocks = list(fields(event.message)?.content).map(fields);
        for (const block of blocks) if (block?.type === 'text') answer += string(block.text) ?? '';
        return blocks.filter((block) => block?.type === 'tool_use').map(toolEvent);
      }
      case 'user': {
        const text = userText(event);
        if (text.startsWith('[Request interrupted by user')) {
          interrupted = true;
          return [interruption];
        }
        // A tool's result, or a message of the command's own: what was said before it was no answer, unless it says
        // that the answer was cut and is to be gone on with.
        if (!text.startsWith('Output token limit hit')) answer = '';
        return [];
      }
      case 'result':
        return [...usageEvents(event), interrupted ? interruption : ending(event, answer, before)];
      default:
        return [];
    }
  };
}

/** By a signal. A final event may follow, and the exit status may be 0. */
const interruption: ModelEvent = {
  kind: 'error',
  error: { kind: 'crashed', message: 'Claude was interrupted.' },
};

function sessionOf(event: Fields): ModelEvent[] {
  const id = string(event.session_id);
  return id === undefined ? [] : [{ kind: 'session', id }];
}

function retryDelay(event: Fields): Before {
  const retryDelayMs = number(event.retry_delay_ms);
  return retryDelayMs === undefined ? {} : { retryDelayMs };
}

/** The error is the failure if the command never comes back from this retry. */
function retryEvents(event: Fields): ModelEvent[] {
  const { retryDelayMs } = retryDelay(event);
  const reason = string(event.error) ?? 'unknown';
  const status = number(event.error_status);
  const retry: ModelEvent = {
    kind: 'retry',
    reason,
    ...(retryDelayMs === undefined ? {} : { delayMs: retryDelayMs }),
  };
  const kind = status === 429 ? 'rate-limit' : status === undefined ? 'network' : 'overloaded';
  const message = `Claude waited for its vendor: ${reason}${status === undefined ? '' : ` (${status})`}.`;
  return [retry, { kind: 'error', error: { kind, message } }];
}

function toolEvent(block: Fields | undefined): ModelEvent {
  const input = fields(block?.input) ?? {};
  const detail = string(input.file_path) ?? string(input.path) ?? string(input.pattern);
  return { kind: 'tool', name: string(block?.name) ?? 'tool', ...(detail === undefined ? {} : { detail }) };
}

const userText = (event: Fields): string =>
  list(fields(event.message)?.content)
    .map((block) => string(fields(block)?.text) ?? '')
    .join('');

/** Of all models that the run used, tries that failed included; `usage` leaves those out. A session is one run here. */
function usageEvents(event: Fields): ModelEvent[] {
  const models = Object.values(fields(event.modelUsage) ?? {}).map(fields);
  const sum = (name: string): number => models.reduce((total, one) => total + (number(one?.[name]) ?? 0), 0);
  if (models.length === 0) return [];
  const cached = sum('cacheReadInputTokens');
  const usage: Usage = {
    inputTokens: sum('inputTokens') + sum('cacheCreationInputTokens') + cached,
    cachedInputTokens: cached,
    outputTokens: sum('outputTokens'),
  };
  const costUsd = number(event.total_cost_usd);
  return [{ kind: 'usage', usage: costUsd === undefined ? usage : { ...usage, costUsd } }];
}

/** Errors of the API come as `"subtype":"success"`: `is_error` is what counts. */
function ending(event: Fields, answer: string, before: Before): ModelEvent {
  const refused = event.stop_reason === 'refusal';
  if (event.is_error !== false || event.subtype !== 'success' || refused)
    return { kind: 'error', error: claudeFailure(event, before) };
  if (event.structured_output !== undefined)
    return { kind: 'result', text: JSON.stringify(event.structured_output) };
  return { kind: 'result', text: answer === '' ? (string(event.result) ?? '') : answer };
}

function claudeFailure(event: Fields, { errorClass, retryDelayMs, resetAt }: Before): CallFailure {
  const said = string(event.result) ?? (list(event.errors).map(String).join(' ') || 'no reason given');
  const message = `Claude: ${said}`;
  const status = number(event.api_error_status);
  if (event.stop_reason === 'refusal') return { kind: 'refused', message };
  // `aborted_streaming`, `aborted_tools`: a signal, after which it ends with exit status 0.
  if (string(event.terminal_reason)?.startsWith('aborted'))
    return { kind: 'crashed', message: 'Claude was interrupted.' };
  if (event.terminal_reason === 'prompt_too_long' || /^prompt is too long/i.test(said))
    return { kind: 'context-too-long', message };
  if (event.api_error === 'usage_limit_reached') return { kind: 'quota', message, resetAt };
  if (errorClass === 'billing_error') return { kind: 'quota', message };
  if (errorClass === 'authentication_failed' || status === 401 || status === 403)
    return { kind: 'auth', message };
  if (status === 429) return { kind: 'rate-limit', message, retryAfterMs: retryDelayMs };
  if (event.api_error === 'connection_failed') return { kind: 'network', message };
  if (status !== undefined && status >= 500) return { kind: 'overloaded', message };
  // An unknown model, or a flag of the configuration that the vendor does not take.
  if (status === 404 || status === 400 || /^No conversation found/.test(said))
    return { kind: 'not-installed', message: `${message} Check \`models.claude\` in the configuration.` };
  // Its limit of turns, of money or of output.
  if (event.subtype !== 'success' || errorClass === 'max_output_tokens')
    return { kind: 'bad-output', message };
  return { kind: 'crashed', message };
}
