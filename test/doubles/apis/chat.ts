/** Chat completions, as DeepSeek, Ollama, llama.cpp and vLLM serve them: https://api-docs.deepseek.com/api/create-chat-completion */
import { contentText, list, text } from '../json.js';
import type { Answer, StatusFailure } from '../scenario.js';
import {
  type Api,
  type Asked,
  type Content,
  type HttpFailure,
  jsonEvent,
  nextId,
  pieces,
  refusalText,
  sent,
} from './api.js';

export const chat: Api = {
  name: 'chat',
  answers: (path) => path.endsWith('/chat/completions'),

  read: (body) => ({
    model: text(body.model),
    prompt: list(body.messages)
      .filter((message) => message.role === 'user')
      .map((message) => contentText(message.content))
      .join('\n'),
    toolResults: [],
    tools: list(body.tools).map((tool) => text(tool.type)),
    streams: body.stream === true,
  }),

  stream(asked, content, answer) {
    const base = baseOf(asked, 'chat.completion.chunk');
    const chunk = (delta: object, finish: string | null) =>
      jsonEvent({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] });
    const deltas = pieces(spoken(content), answer.chunkChars).map((piece) => chunk({ content: piece }, null));
    const start = [chunk({ role: 'assistant', content: '' }, null)];
    const end = [
      chunk({}, finishOf(content)),
      jsonEvent({ ...base, choices: [], usage: usageOf(answer) }),
      { data: '[DONE]' },
    ];
    return { events: [...start, ...deltas, ...end], middle: start.length + 1 };
  },

  whole(asked, content, answer) {
    const message = { role: 'assistant', content: spoken(content) };
    return {
      ...baseOf(asked, 'chat.completion'),
      choices: [{ index: 0, message, finish_reason: finishOf(content) }],
      usage: usageOf(answer),
    };
  },

  streamError: () =>
    sent(jsonEvent({ error: { message: 'The server is overloaded.', type: 'server_error', code: null } })),

  failure,
};

const baseOf = ({ model }: Asked, object: string) => ({
  id: nextId('chatcmpl'),
  object,
  created: Math.floor(Date.now() / 1000),
  model,
});

function spoken(content: Content): string {
  if (content.kind === 'tool') throw new Error('Models behind chat completions are given no tools.');
  if (content.kind === 'refused') return refusalText;
  return content.kind === 'text' ? content.text : JSON.stringify(content.value);
}

function finishOf(content: Content): string {
  if (content.kind === 'refused') return 'content_filter';
  return content.kind === 'text' && content.cut ? 'length' : 'stop';
}

/** With DeepSeek's own counts of what its cache had. */
const usageOf = ({ usage: { input, cached, output } }: Answer) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached },
  prompt_cache_hit_tokens: cached,
  prompt_cache_miss_tokens: input - cached,
});

/** https://api-docs.deepseek.com/quick_start/error_codes */
function failure(kind: StatusFailure, { retryAfterSeconds }: Answer): HttpFailure {
  const [status, type, code, message] = errors[kind];
  return {
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    body: { error: { message, type, param: null, code } },
  };
}

const errors: Record<StatusFailure, [status: number, type: string, code: string | null, message: string]> = {
  401: [
    401,
    'authentication_error',
    'invalid_request_error',
    'Authentication Fails, Your api key is invalid',
  ],
  402: [402, 'unknown_error', 'invalid_request_error', 'Insufficient Balance'],
  403: [403, 'permission_error', null, 'Forbidden'],
  429: [429, 'rate_limit_error', 'rate_limit_exceeded', 'Rate limit reached.'],
  500: [500, 'server_error', null, 'Internal server error'],
  503: [503, 'service_unavailable_error', null, 'The server is overloaded.'],
  529: [529, 'server_error', null, 'The server is overloaded.'],
  quota: [
    429,
    'insufficient_quota',
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ],
  'too-long': [
    400,
    'invalid_request_error',
    'invalid_request_error',
    "This model's maximum context length is 131072 tokens. However, you requested 208310 tokens. Please reduce the length of the messages or completion.",
  ],
};
