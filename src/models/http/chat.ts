/** One request to a chat completions API, streamed, as JSON lines. */
import { createDeepSeek } from '@ai-sdk/deepseek';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { Usage } from '../../domain/money/usage.js';
import { fields, number } from '../adapters/json-line.js';
import type { CallFailure } from '../errors.js';
import { type ChatTarget, failureOfEnd, failureOfError, failureOfEvent } from './failures.js';
import { type StreamMarks, transport } from './transport.js';

export interface ChatRequest extends ChatTarget {
  /** How the answer is held to JSON. */
  json: 'none' | 'object' | { schema: object; name: string };
  /** Put into the request's body, over what is there. */
  fields: Readonly<Record<string, unknown>>;
}

/** A line of the command's output. */
export type ChatLine =
  | { type: 'text'; text: string }
  /** What the model thinks before it answers: no part of the answer, but a sign of life. */
  | { type: 'reasoning'; text: string }
  | { type: 'usage'; usage: Usage }
  | { type: 'result' }
  | ({ type: 'error' } & CallFailure);

/**
 * Asks, and gives the lines as they come, the last one a `result` or an `error`. Never throws.
 *
 * The SDK's language models are used without its `streamText`, which keeps every piece of an answer until its end:
 * for 2 MB in pieces of 4 characters it took four times as long and three times the memory, and in JSON mode it
 * parses all that has come again with every piece.
 */
export async function* chat(request: ChatRequest): AsyncGenerator<ChatLine> {
  const { json, prompt } = request;
  try {
    const { fetch, seen } = transport(request.baseUrl, request.fields);
    const schema = typeof json === 'object' ? json : {};
    const { stream } = await languageModel(request, fetch).doStream({
      prompt: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
      includeRawChunks: true,
      ...(json === 'none' ? {} : { responseFormat: { type: 'json', ...schema } }),
    });
    yield* linesOf(stream, request, seen);
  } catch (error) {
    yield { type: 'error', ...failureOfError(error, request) };
  }
}

type Stream = Awaited<ReturnType<ReturnType<typeof languageModel>['doStream']>>['stream'];

async function* linesOf(stream: Stream, asked: ChatTarget, seen: StreamMarks): AsyncGenerator<ChatLine> {
  let event: unknown;
  let torn = false;
  for await (const part of stream) {
    if (part.type === 'text-delta') yield { type: 'text', text: part.delta };
    if (part.type === 'reasoning-delta') yield { type: 'reasoning', text: part.delta };
    // An event comes as the vendor wrote it, then as what the SDK makes of it.
    if (part.type === 'raw') event = part.rawValue;
    if (part.type === 'error') {
      const failure = failureOfEvent(event, asked);
      if (failure !== undefined) return yield { type: 'error', ...failure };
      torn = true;
    }
    if (part.type !== 'finish') continue;
    const usage = usageOf(part.usage.raw);
    if (usage !== undefined) yield { type: 'usage', usage };
    const failure = failureOfEnd(torn ? undefined : part.finishReason.raw, seen, asked);
    yield failure === undefined ? { type: 'result' } : { type: 'error', ...failure };
  }
}

function languageModel({ provider, baseUrl, model, key, json }: ChatRequest, fetch: typeof globalThis.fetch) {
  if (provider === 'deepseek')
    return createDeepSeek({ baseURL: baseUrl, apiKey: key ?? '', fetch }).chat(model);
  return createOpenAICompatible({
    name: 'server',
    baseURL: baseUrl,
    fetch,
    includeUsage: true,
    supportsStructuredOutputs: typeof json === 'object',
    ...(key === undefined ? {} : { apiKey: key }),
  }).chatModel(model);
}

/** As the vendor wrote it: the SDK makes zeros of what is not there. */
function usageOf(raw: Readonly<Record<string, unknown>> | undefined): Usage | undefined {
  if (raw === undefined) return undefined;
  return {
    inputTokens: number(raw.prompt_tokens),
    cachedInputTokens:
      number(raw.prompt_cache_hit_tokens) ?? number(fields(raw.prompt_tokens_details)?.cached_tokens),
    outputTokens: number(raw.completion_tokens),
  };
}
