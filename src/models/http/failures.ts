/**
 * What a failure of a chat completions API is in the one family of errors.
 *
 * DeepSeek: https://api-docs.deepseek.com/quick_start/error_codes. Ollama, llama.cpp and vLLM: their sources.
 */
import { APICallError } from 'ai';
import type { CallErrorKind } from '../../domain/models/call-errors.js';
import type { ModelName } from '../../domain/vocabulary.js';
import type { CallFailure } from '../errors.js';
import { retryAfterMs } from './retry-after.js';
import type { StreamMarks } from './transport.js';
import { quotable, reachProblem, type VendorWords, vendorWords } from './words.js';

export type HttpModel = Extract<ModelName, 'deepseek' | 'openai-compatible'>;

/** Who was asked what. */
export interface ChatTarget {
  provider: HttpModel;
  baseUrl: string;
  /** The vendor's name of the model. */
  model: string;
  prompt: string;
  key: string | undefined;
}

/** Of a request that got no answer, or of a stream that was lost. */
export function failureOfError(error: unknown, asked: ChatTarget, now = Date.now()): CallFailure {
  const problem = reachProblem(error);
  if (!APICallError.isInstance(error)) {
    if (problem !== undefined) return unreached(problem, asked);
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'crashed', message: sentence(`The request to ${server(asked)} failed`, message, asked) };
  }
  const { statusCode: status, responseHeaders = {}, responseBody = '' } = error;
  if (status === undefined) return unreached(problem ?? error.message, asked);
  if (status < 400) return lost(asked, problem);
  const failure = classified({ status, ...vendorWords(responseBody) }, asked);
  const waitMs = retryAfterMs(responseHeaders, now);
  if (waitMs === undefined) return failure;
  const isReset = failure.kind === 'quota' || (failure.kind === 'rate-limit' && waitMs > longestRetryAfterMs);
  if (isReset) return { ...failure, kind: 'quota', resetAt: now + waitMs };
  return { ...failure, retryAfterMs: waitMs };
}

/** A limit that is lifted after more than this is a quota: another model may take over in the meantime. */
const longestRetryAfterMs = 300_000;

/**
 * Of an event in a stream that is an error.
 *
 * @param event as it came
 * @returns undefined for an event that says of none: it may be torn
 */
export function failureOfEvent(event: unknown, asked: ChatTarget): CallFailure | undefined {
  const words = vendorWords(event);
  if (words.message === '') return undefined;
  // llama.cpp and gateways give the status that they would have answered with.
  const status = /^[45]\d\d$/.test(words.code) ? { status: Number(words.code) } : {};
  return classified({ ...words, ...status }, asked);
}

/**
 * Of a stream that came to its end.
 *
 * @param reason why the vendor ended the answer, in the vendor's word; undefined where it did not end it whole
 * @returns undefined for an answer that is whole
 */
export function failureOfEnd(
  reason: string | undefined,
  { contentType, endMark }: StreamMarks,
  asked: ChatTarget,
): CallFailure | undefined {
  if (reason === 'stop' && endMark) return undefined;
  if (reason === undefined && /^(?:text\/html|application\/json)\b/.test(contentType)) {
    const where = `\`${settings(asked)}.baseUrl\``;
    const message = `${who(asked)} answered with ${contentType}, which is no stream of a chat completions API: correct ${where}.`;
    return { kind: 'not-installed', message };
  }
  if (reason === 'stop' || reason === undefined) return lost(asked);
  const [kind, does] = ends[reason] ?? ['bad-output', `ended its answer for a reason of its own: ${reason}`];
  return { kind, message: `${who(asked)} ${does}.` };
}

/** `insufficient_system_resource` is DeepSeek's, `abort` and `error` are vLLM's. */
const ends: Readonly<Record<string, [CallErrorKind, string]>> = {
  length: [
    'bad-output',
    'cut the answer at the model’s limit: give it a smaller task, or raise `max_tokens`',
  ],
  content_filter: ['refused', 'held the answer back: its content filter took offence'],
  insufficient_system_resource: ['overloaded', 'ended the answer for want of resources'],
  abort: ['overloaded', 'gave the answer up'],
  error: ['overloaded', 'gave the answer up'],
  tool_calls: ['bad-output', 'asked for a tool, and was offered none'],
};

/** An error event has no status. */
type Failed = VendorWords & { status?: number };

interface Rule {
  kind: CallErrorKind;
  of(failed: Failed): boolean;
  says(asked: ChatTarget): string;
}

const status =
  (...known: number[]) =>
  (failed: Failed): boolean =>
    failed.status !== undefined && known.includes(failed.status);
const words =
  (...patterns: RegExp[]) =>
  ({ message, type, code }: Failed): boolean =>
    patterns.some((pattern) => [message, type, code].some((text) => pattern.test(text)));
const both =
  (first: Rule['of'], second: Rule['of']): Rule['of'] =>
  (failed) =>
    first(failed) && second(failed);

/** The first that fits counts: what a vendor says is more exact than the status it says it with. */
const rules: readonly Rule[] = [
  {
    kind: 'context-too-long',
    of: words(
      /maximum context length|context_length_exceeded|exceed_context_size/i,
      /exceeds? (?:the )?(?:available |model[’']?s? )?context|greater than the context length/i,
      /longer than the maximum model length|(?:prompt|input) (?:is )?too long/i,
    ),
    says: (asked) => `The prompt is too long for ${asked.model} of ${server(asked)}`,
  },
  {
    kind: 'context-too-long',
    of: status(413),
    says: (asked) => `The prompt is too long for ${server(asked)}`,
  },
  {
    kind: 'quota',
    of: words(/insufficient_quota|insufficient balance|exceeded your current quota|credit balance/i),
    says: (asked) => `The balance or quota at ${server(asked)} is used up`,
  },
  {
    kind: 'quota',
    of: status(402),
    says: (asked) => `The balance at ${server(asked)} is used up: top it up`,
  },
  {
    kind: 'refused',
    of: both(
      (failed) => !status(401, 429)(failed),
      words(/content[ _]?(?:filter|policy|management)|content exists risk|\bmoderation\b/i),
    ),
    says: (asked) => `${who(asked)} refused the content`,
  },
  {
    kind: 'auth',
    of: status(401, 403),
    says: (asked) => `${who(asked)} did not accept the key, or was given none`,
  },
  {
    kind: 'not-installed',
    of: both(
      (failed) => failed.status === undefined || failed.status < 500,
      words(/\bmodel\b.*(?:not found|not exist|unknown)|model_not_found|(?:unknown|no such) model\b/i),
    ),
    says: (asked) =>
      asked.provider === 'deepseek'
        ? `DeepSeek has no model ${asked.model}: correct \`${settings(asked)}.model\``
        : `${who(asked)} has no model ${asked.model}: pull or load it, or correct \`${settings(asked)}.model\``,
  },
  {
    kind: 'not-installed',
    of: status(404, 405),
    says: (asked) =>
      `${who(asked)} has no chat completions at that address: correct \`${settings(asked)}.baseUrl\`, which mostly ends in /v1`,
  },
  {
    kind: 'rate-limit',
    of: (failed) => status(429)(failed) || (failed.status === undefined && words(/rate.?limit/i)(failed)),
    says: (asked) => `${who(asked)} takes no more requests for a while`,
  },
  // A proxy or the server itself gave up waiting.
  { kind: 'network', of: status(408), says: (asked) => `${who(asked)} did not get the request in time` },
  {
    kind: 'refused',
    of: ({ status: given }) => given !== undefined && given < 500 && given !== 409 && given !== 425,
    says: (asked) => `${who(asked)} does not take the request as it is: correct \`${settings(asked)}\``,
  },
  // 500 and above, and error events: a model that is loading, a queue that is full, a gateway without its server.
  { kind: 'overloaded', of: () => true, says: (asked) => `${who(asked)} is overloaded, or failed` },
];

function classified(failed: Failed, asked: ChatTarget): CallFailure {
  const rule = rules.find(({ of }) => of(failed));
  if (rule === undefined) throw new Error('unreachable: the last rule fits all');
  const said = failed.status === undefined ? rule.says(asked) : `${rule.says(asked)} (HTTP ${failed.status})`;
  return { kind: rule.kind, message: sentence(said, failed.message, asked) };
}

const unreached = (problem: string, asked: ChatTarget): CallFailure => ({
  kind: 'network',
  message: sentence(`${who(asked)} could not be reached`, problem, asked),
});

const lost = (asked: ChatTarget, problem = ''): CallFailure => ({
  kind: 'network',
  message: sentence(`The answer of ${server(asked)} broke off before its end`, problem, asked),
});

/** @param evidence what the vendor or the network says, in its words: some repeat the key, or what they were sent */
function sentence(said: string, evidence: string, { prompt, key }: ChatTarget): string {
  // A shorter key is a word for a server that asks for any, such as `ollama`.
  const clean = key === undefined || key.length < 8 ? evidence : evidence.replaceAll(key, '[key]');
  const quote = quotable(clean, prompt).replace(/\.$/, '');
  return quote === '' ? `${said}.` : `${said}: ${quote}.`;
}

const settings = ({ provider }: ChatTarget): string => `models.${provider}`;

const server = ({ provider, baseUrl }: ChatTarget): string =>
  provider === 'deepseek' ? 'DeepSeek' : `the server at ${new URL(baseUrl).host}`;

/** To begin a sentence with. */
const who = (asked: ChatTarget): string => server(asked).replace(/^t/, 'T');
