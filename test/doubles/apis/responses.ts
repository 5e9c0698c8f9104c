/** OpenAI's Responses API, as `codex` speaks it: https://platform.openai.com/docs/api-reference/responses-streaming */
import { contentText, list, object, text } from '../json.js';
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

export const responses: Api = {
  name: 'responses',
  answers: (path) => path.endsWith('/responses'),

  read(body) {
    const input = list(body.input);
    return {
      model: text(body.model),
      prompt: input
        .filter((item) => item.role === 'user')
        .map((item) => contentText(item.content))
        .join('\n'),
      toolResults: input
        .filter((item) => text(item.type).endsWith('_call_output'))
        .map((item) => (typeof item.output === 'string' ? item.output : contentText(item.output))),
      tools: list(body.tools).map((tool) => text(tool.name) || text(tool.type)),
      streams: body.stream === true,
    };
  },

  stream(asked, content, answer) {
    const response = { id: nextId('resp'), object: 'response', model: asked.model };
    const item = itemOf(asked, content);
    const start = [
      event('response.created', { response: { ...response, status: 'in_progress', output: [] } }),
      event('response.output_item.added', { output_index: 0, item: { ...item, ...opened(item) } }),
    ];
    const deltas = pieces(spoken(item), answer.chunkChars).map((delta) =>
      event('response.output_text.delta', { item_id: item.id, output_index: 0, content_index: 0, delta }),
    );
    const end = [
      event('response.output_item.done', { output_index: 0, item }),
      ended({ ...response, output: [item], usage: usageOf(answer) }, content),
    ];
    return { events: [...start, ...deltas, ...end], middle: start.length + 1 };
  },

  whole(asked, content, answer) {
    const response = { id: nextId('resp'), object: 'response', model: asked.model };
    const body = { ...response, output: [itemOf(asked, content)], usage: usageOf(answer) };
    return { ...body, ...endOf(content) };
  },

  streamError({ code = 'server_is_overloaded' }) {
    const error = { code, message: streamErrors[code] ?? 'The stream failed.' };
    return sent(event('response.failed', { response: { id: nextId('resp'), status: 'failed', error } }));
  },

  failure,
};

type Item = Readonly<Record<string, unknown>> & { id: string };

const event = (type: string, rest: object): ServerEvent => jsonEvent({ type, ...rest }, type);

/** A refusal and a cut are answers that are not complete, for a reason. */
function endOf(content: Content): { status: string; incomplete_details?: { reason: string } } {
  const incomplete = (reason: string) => ({ status: 'incomplete', incomplete_details: { reason } });
  if (content.kind === 'refused') return incomplete('content_filter');
  if (content.kind === 'text' && content.cut) return incomplete('max_output_tokens');
  return { status: 'completed' };
}

function ended(response: object, content: Content): ServerEvent {
  const end = endOf(content);
  return event(`response.${end.status}`, { response: { ...response, ...end } });
}

function itemOf(asked: Asked, content: Content): Item {
  if (content.kind === 'tool') return toolOf(content.step, asked.tools);
  const part = { type: 'output_text', text: wordsOf(content), annotations: [] };
  return { id: nextId('msg'), type: 'message', role: 'assistant', status: 'completed', content: [part] };
}

function wordsOf(content: Exclude<Content, { kind: 'tool' }>): string {
  if (content.kind === 'refused') return refusalText;
  return content.kind === 'text' ? content.text : JSON.stringify(content.value);
}

const opened = ({ type }: Item): object => (type === 'message' ? { status: 'in_progress', content: [] } : {});

const spoken = (item: Item): string => text(object(list(item.content)[0]).text);

/** `codex` offers one of several shells, by the model; a patch goes to its own tool where that is offered. */
function toolOf(step: Step, tools: readonly string[]): Item {
  const patch = patchOf(step);
  if (patch !== undefined && tools.includes('apply_patch'))
    return { ...call('custom_tool_call'), name: 'apply_patch', input: patch };
  const command =
    patch === undefined ? commandOf(step) : `apply_patch <<'END_OF_PATCH'\n${patch}END_OF_PATCH\n`;
  const shells: Record<string, object> = {
    exec_command: { cmd: command },
    shell_command: { command },
    shell: { command: ['bash', '-lc', command] },
  };
  const name = Object.keys(shells).find((shell) => tools.includes(shell)) ?? 'exec_command';
  return { ...call('function_call'), name, arguments: JSON.stringify(shells[name]) };
}

const call = (type: string) => ({ id: nextId('item'), type, call_id: nextId('call'), status: 'completed' });

const commandOf = (step: Step): string =>
  'run' in step ? step.run : `cat '${'read' in step ? step.read : ''}'`;

const lines = (mark: string, content: string): string =>
  content
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `${mark}${line}\n`)
    .join('');

/** The patch format of `apply_patch`. */
function patchOf(step: Step): string | undefined {
  const patch = (head: string, body: string) => `*** Begin Patch\n*** ${head}\n${body}*** End Patch\n`;
  if ('write' in step) return patch(`Add File: ${step.write}`, lines('+', step.content));
  if ('edit' in step)
    return patch(`Update File: ${step.edit}`, `@@\n${lines('-', step.from)}${lines('+', step.to)}`);
  return undefined;
}

const usageOf = ({ usage: { input, cached, output } }: Answer) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: input + output,
});

const streamErrors: Record<string, string> = {
  server_is_overloaded: 'Overloaded',
  rate_limit_exceeded: 'Rate limit reached for gpt-5. Please try again in 1s.',
  context_length_exceeded: 'Your input exceeds the context window of this model.',
  insufficient_quota: 'You exceeded your current quota, please check your plan and billing details.',
};

/** https://platform.openai.com/docs/guides/error-codes */
function failure(kind: StatusFailure, { retryAfterSeconds, resetInSeconds }: Answer): HttpFailure {
  const [status, type, code, message] = errors[kind];
  return {
    status,
    headers: {
      'x-request-id': nextId('req'),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body: {
      error:
        kind === 'quota' && resetInSeconds !== undefined
          ? usageLimit(resetInSeconds)
          : { message, type, param: null, code },
    },
  };
}

/** How a subscription's used-up hours are told. */
const usageLimit = (seconds: number) => ({
  type: 'usage_limit_reached',
  message: 'The usage limit has been reached',
  plan_type: 'plus',
  resets_at: Math.ceil(Date.now() / 1000 + seconds),
  resets_in_seconds: seconds,
});

const errors: Record<StatusFailure, [status: number, type: string, code: string | null, message: string]> = {
  401: [401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  402: [402, 'billing_error', 'billing', 'There is a problem with your payment.'],
  403: [403, 'permission_error', null, 'You are not allowed to do this.'],
  429: [429, 'requests', 'rate_limit_exceeded', 'Rate limit reached for gpt-5. Please try again in 1s.'],
  500: [500, 'server_error', null, 'The server had an error while processing your request.'],
  503: [503, 'server_error', 'server_is_overloaded', 'The server is overloaded.'],
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
    'context_length_exceeded',
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
  ],
};
