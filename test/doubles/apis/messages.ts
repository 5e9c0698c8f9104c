/** Anthropic's Messages API, as `claude` speaks it: https://docs.anthropic.com/en/api/messages-streaming */
import { contentText, list, text } from '../json.js';
import type { Answer, StatusFailure, Step } from '../scenario.js';
import {
  type Api,
  type Asked,
  type Content,
  type HttpFailure,
  jsonEvent,
  nextId,
  pieces,
  refusalText,
  type ServerEvent,
  sent,
} from './api.js';

/** The tool by which `claude` is held to a schema. */
const structuredOutput = 'StructuredOutput';

type Block = { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; input: unknown };

export const messages: Api = {
  name: 'messages',
  answers: (path) => path.endsWith('/v1/messages'),

  read(body) {
    const blocks = list(body.messages)
      .filter((message) => message.role === 'user')
      .flatMap(({ content }) =>
        typeof content === 'string' ? [{ type: 'text', text: content }] : list(content),
      );
    return {
      model: text(body.model),
      prompt: blocks.map((block) => text(block.text)).join('\n'),
      toolResults: blocks
        .filter((block) => block.type === 'tool_result')
        .map((block) => contentText(block.content)),
      tools: list(body.tools).map((tool) => text(tool.name)),
      streams: body.stream === true,
    };
  },

  stream(asked, content, answer) {
    const { block, stopReason } = blockOf(asked, content);
    const start: ServerEvent[] = [
      event('message_start', { message: { ...messageOf(asked), usage: usageOf(answer, 1) } }),
      event('content_block_start', { index: 0, content_block: opened(block) }),
      event('ping', {}),
    ];
    const deltas = deltasOf(block, answer).map((delta) => event('content_block_delta', { index: 0, delta }));
    const end = [
      event('content_block_stop', { index: 0 }),
      event('message_delta', {
        delta: { stop_reason: stopReason, stop_sequence: null },
        usage: { output_tokens: answer.usage.output },
      }),
      event('message_stop', {}),
    ];
    return { events: [...start, ...deltas, ...end], middle: start.length + 1 };
  },

  whole(asked, content, answer) {
    const { block, stopReason } = blockOf(asked, content);
    const usage = usageOf(answer, answer.usage.output);
    return { ...messageOf(asked), content: [block], stop_reason: stopReason, usage };
  },

  streamError: () => sent(event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })),

  failure,
};

const event = (type: string, rest: object): ServerEvent => jsonEvent({ type, ...rest }, type);

const messageOf = ({ model }: Asked) => ({
  id: nextId('msg'),
  type: 'message',
  role: 'assistant',
  model,
  content: [],
  stop_reason: null,
  stop_sequence: null,
});

/** Here, and in no other API, what the cache had is not counted in the input. */
const usageOf = ({ usage: { input, cached } }: Answer, output: number) => ({
  input_tokens: input - cached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cached,
  output_tokens: output,
});

function blockOf(asked: Asked, content: Content): { block: Block; stopReason: string } {
  const tool = (name: string, input: unknown) => ({
    block: { type: 'tool_use' as const, id: nextId('toolu'), name, input },
    stopReason: 'tool_use',
  });
  const words = (value: string, stopReason = 'end_turn') => ({
    block: { type: 'text' as const, text: value },
    stopReason,
  });
  if (content.kind === 'tool') return tool(...toolOf(content.step));
  if (content.kind === 'refused') return words(refusalText, 'refusal');
  if (content.kind === 'text') return words(content.text, content.cut ? 'max_tokens' : 'end_turn');
  if (asked.tools.includes(structuredOutput)) return tool(structuredOutput, content.value);
  return words(JSON.stringify(content.value));
}

function toolOf(step: Step): [string, object] {
  if ('write' in step) return ['Write', { file_path: step.write, content: step.content }];
  if ('edit' in step) return ['Edit', { file_path: step.edit, old_string: step.from, new_string: step.to }];
  if ('read' in step) return ['Read', { file_path: step.read }];
  return ['Bash', { command: step.run, description: 'Run a command' }];
}

const opened = (block: Block): Block =>
  block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} };

const deltasOf = (block: Block, { chunkChars }: Answer): object[] =>
  block.type === 'text'
    ? pieces(block.text, chunkChars).map((piece) => ({ type: 'text_delta', text: piece }))
    : [{ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }];

/** https://docs.anthropic.com/en/api/errors */
function failure(kind: StatusFailure, { retryAfterSeconds, resetInSeconds }: Answer): HttpFailure {
  const [status, type, message] = errors[kind];
  const subscription = kind === 'quota' && resetInSeconds !== undefined;
  return {
    status: subscription ? 429 : status,
    headers: {
      'request-id': nextId('req'),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      ...(subscription ? subscriptionLimit(resetInSeconds) : {}),
    },
    body: {
      type: 'error',
      error: subscription
        ? { type: 'rate_limit_error', message: 'This request would exceed your account’s rate limit.' }
        : { type, message },
    },
  };
}

/** How a subscription's used-up hours are told; `claude` reads these headers. */
const subscriptionLimit = (seconds: number): Record<string, string> => ({
  'anthropic-ratelimit-unified-status': 'rejected',
  'anthropic-ratelimit-unified-representative-claim': 'five_hour',
  'anthropic-ratelimit-unified-reset': String(Math.ceil(Date.now() / 1000 + seconds)),
});

const errors: Record<StatusFailure, [status: number, type: string, message: string]> = {
  401: [401, 'authentication_error', 'invalid x-api-key'],
  402: [402, 'billing_error', 'There is a problem with your payment.'],
  403: [403, 'permission_error', 'forbidden'],
  429: [429, 'rate_limit_error', 'This request would exceed your organization’s rate limit.'],
  500: [500, 'api_error', 'Internal server error'],
  503: [503, 'api_error', 'Service unavailable'],
  529: [529, 'overloaded_error', 'Overloaded'],
  quota: [
    400,
    'invalid_request_error',
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  ],
  'too-long': [400, 'invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum'],
};
