/** Every way in which a chat completions API fails, and what it is in the one family of errors. */
import { afterAll, describe, expect, test } from '@jest/globals';
import { type ChatLine, chat } from '../../../src/models/http/chat.js';
import type { HttpModel } from '../../../src/models/http/failures.js';
import {
  ask,
  closedPort,
  closeServers,
  delta,
  done,
  event,
  finish,
  madeUpKey,
  type Respond,
  serve,
  streams,
} from './server.js';

afterAll(closeServers);

/** The lines that the command prints. */
async function told(baseUrl: string, provider: HttpModel = 'deepseek'): Promise<ChatLine[]> {
  const lines: ChatLine[] = [];
  const asked = { provider, baseUrl, model: 'some-model', prompt: 'Say hello, as json.', key: madeUpKey };
  for await (const line of chat({ ...asked, json: 'none', fields: {} })) lines.push(line);
  return lines;
}

const fails =
  (status: number, body: object | string, headers: Record<string, string> = {}): Respond =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const error = (message: string, more: object = {}) => ({ error: { message, ...more } });

const half = delta({ content: 'half' });

/** The connection is lost after this. */
const breaksAfter =
  (text: string): Respond =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text);
    await new Promise((resolve) => setTimeout(resolve, 50));
    response.destroy();
  };

interface Row {
  says: string;
  respond: Respond;
  kind: string;
  /** A part of what the person reads. */
  message: string;
  retryAfterMs?: number;
  provider?: HttpModel;
}

const local = { provider: 'openai-compatible' } as const;

const rows: Row[] = [
  {
    says: 'DeepSeek: too long',
    respond: fails(
      400,
      error("This model's maximum context length is 131072 tokens. However, you requested 208310 tokens.", {
        type: 'invalid_request_error',
      }),
    ),
    kind: 'context-too-long',
    message: 'The prompt is too long for some-model of DeepSeek (HTTP 400): This model',
  },
  {
    says: 'OpenAI: too long',
    respond: fails(400, error('Too many tokens.', { code: 'context_length_exceeded' })),
    ...local,
    kind: 'context-too-long',
    message: 'too long',
  },
  {
    says: 'llama.cpp: too long',
    respond: fails(
      400,
      error('request (42947 tokens) exceeds the available context size (8192 tokens), try increasing it', {
        code: 400,
        type: 'exceed_context_size_error',
        n_prompt_tokens: 42947,
        n_ctx: 8192,
      }),
    ),
    ...local,
    kind: 'context-too-long',
    message: 'too long for some-model of the server at 127.0.0.1',
  },
  {
    says: 'vLLM: too long, in its own form',
    respond: fails(400, {
      object: 'error',
      message: 'The decoder prompt (length 5000) is longer than the maximum model length of 4096.',
      type: 'BadRequestError',
      code: 400,
    }),
    ...local,
    kind: 'context-too-long',
    message: '4096',
  },
  {
    says: 'a request that is too large',
    respond: fails(413, ''),
    kind: 'context-too-long',
    message: 'HTTP 413',
  },
  {
    says: 'DeepSeek: a wrong key',
    respond: fails(401, error('Authentication Fails, Your api key is invalid')),
    kind: 'auth',
    message: 'DeepSeek did not accept the key, or was given none (HTTP 401): Authentication Fails',
  },
  { says: 'no permission', respond: fails(403, error('Forbidden')), kind: 'auth', message: 'HTTP 403' },
  {
    says: 'DeepSeek: no balance',
    respond: fails(402, error('Insufficient Balance', { type: 'unknown_error' })),
    kind: 'quota',
    message: 'balance',
  },
  {
    says: 'no balance, without a word',
    respond: fails(402, ''),
    kind: 'quota',
    message: 'top it up (HTTP 402).',
  },
  {
    says: 'OpenAI: a quota that is used up',
    respond: fails(429, error('You exceeded your current quota.', { code: 'insufficient_quota' })),
    ...local,
    kind: 'quota',
    message: 'used up',
  },
  {
    says: 'Ollama: a model that is not there',
    respond: fails(404, error('model "some-model" not found, try pulling it first', { type: 'api_error' })),
    ...local,
    kind: 'not-installed',
    message: 'pull or load it, or correct `models.openai-compatible.model` (HTTP 404): model',
  },
  {
    says: 'Ollama: the same in its older form',
    respond: fails(404, { error: "model 'some-model' not found, try pulling it first" }),
    ...local,
    kind: 'not-installed',
    message: 'has no model some-model',
  },
  {
    says: 'vLLM: a model that is not there',
    respond: fails(404, {
      object: 'error',
      message: 'The model `some-model` does not exist.',
      type: 'NotFoundError',
      code: 404,
    }),
    ...local,
    kind: 'not-installed',
    message: 'has no model some-model',
  },
  {
    says: 'DeepSeek: a model that is not there',
    respond: fails(400, error('Model Not Exist', { type: 'invalid_request_error' })),
    kind: 'not-installed',
    message: 'DeepSeek has no model some-model: correct `models.deepseek.model`',
  },
  {
    says: 'an address that has no API',
    respond: fails(404, '404 page not found'),
    ...local,
    kind: 'not-installed',
    message: 'correct `models.openai-compatible.baseUrl`, which mostly ends in /v1',
  },
  {
    says: 'an address that has a page',
    respond: (response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Welcome</html>');
    },
    ...local,
    kind: 'not-installed',
    message: 'answered with text/html',
  },
  {
    says: 'DeepSeek: parameters that are wrong',
    respond: fails(422, error('Failed to deserialize the JSON body: temperature')),
    kind: 'refused',
    message:
      'DeepSeek does not take the request as it is: correct `models.deepseek` (HTTP 422): Failed to deserialize',
  },
  {
    says: 'any other bad request',
    respond: fails(400, error("'response_format.type' must be 'json_schema' or 'text'")),
    ...local,
    kind: 'refused',
    message: 'response_format',
  },
  {
    says: 'DeepSeek: content that it does not want',
    respond: fails(400, error('Content Exists Risk')),
    kind: 'refused',
    message: 'refused the content',
  },
  {
    says: 'too many requests',
    respond: fails(429, error('Rate limit reached.')),
    kind: 'rate-limit',
    message: 'no more requests',
  },
  {
    says: 'too many requests, with seconds to wait',
    respond: fails(429, error('Rate limit reached.'), { 'retry-after': '7' }),
    kind: 'rate-limit',
    message: 'HTTP 429',
    retryAfterMs: 7_000,
  },
  {
    says: 'too many requests, with milliseconds to wait',
    respond: fails(429, '', { 'retry-after-ms': '250' }),
    kind: 'rate-limit',
    message: 'HTTP 429',
    retryAfterMs: 250,
  },
  ...[500, 502, 503, 504, 529].map((status) => ({
    says: `status ${status}`,
    respond: fails(status, error('It hurts.')),
    kind: 'overloaded',
    message: `HTTP ${status}): It hurts.`,
  })),
  {
    says: 'overloaded, with a time to wait',
    respond: fails(503, '', { 'retry-after': '3' }),
    kind: 'overloaded',
    message: 'HTTP 503',
    retryAfterMs: 3_000,
  },
  {
    says: 'llama.cpp: loading its model',
    respond: fails(503, error('Loading model', { code: 503, type: 'unavailable_error' })),
    ...local,
    kind: 'overloaded',
    message: 'Loading model',
  },
  { says: 'too slow a request', respond: fails(408, ''), kind: 'network', message: 'HTTP 408' },
  {
    says: 'a connection that is lost before an answer',
    respond: (response) => {
      response.destroy();
    },
    kind: 'network',
    message: 'DeepSeek could not be reached: ',
  },
  {
    says: 'a connection that is lost in an answer',
    respond: breaksAfter(half),
    kind: 'network',
    message: 'broke off',
  },
  {
    says: 'a connection that is lost in an event',
    respond: breaksAfter(half + half.slice(0, 20)),
    ...local,
    kind: 'network',
    message: 'broke off',
  },
  { says: 'a stream that just ends', respond: streams(half), kind: 'network', message: 'broke off' },
  {
    says: 'the same, of a local server',
    respond: streams(half),
    ...local,
    kind: 'network',
    message: 'broke off',
  },
  {
    says: 'a stream that ends with its reason, but without its end mark',
    respond: streams(half, finish('stop')),
    kind: 'network',
    message: 'broke off',
  },
  {
    says: 'a stream that ends with its mark, but without a reason',
    respond: streams(half, done),
    ...local,
    kind: 'network',
    message: 'broke off',
  },
  { says: 'an empty stream', respond: streams(), kind: 'network', message: 'broke off' },
  {
    says: 'an event that is no JSON',
    respond: streams('data: {"choi\n\n', finish('stop'), done),
    kind: 'network',
    message: 'broke off',
  },
  {
    says: 'an answer that is cut',
    respond: streams(half, finish('length'), done),
    kind: 'bad-output',
    message: 'cut the answer at the model’s limit',
  },
  {
    says: 'a content filter',
    respond: streams(half, finish('content_filter'), done),
    kind: 'refused',
    message: 'content filter',
  },
  {
    says: 'DeepSeek: no resources',
    respond: streams(half, finish('insufficient_system_resource'), done),
    kind: 'overloaded',
    message: 'want of resources',
  },
  {
    says: 'vLLM: given up',
    respond: streams(half, finish('abort'), done),
    ...local,
    kind: 'overloaded',
    message: 'gave the answer up',
  },
  {
    says: 'a tool',
    respond: streams(finish('tool_calls'), done),
    kind: 'bad-output',
    message: 'offered none',
  },
  {
    says: 'a reason that nobody knows',
    respond: streams(half, finish('boredom'), done),
    kind: 'bad-output',
    message: 'for a reason of its own: boredom',
  },
  {
    says: 'an error in the stream',
    respond: streams(half, event(error('The server is overloaded.', { type: 'server_error' }))),
    kind: 'overloaded',
    message: 'The server is overloaded.',
  },
  {
    says: 'llama.cpp: too long, in the stream',
    respond: streams(
      event(error('the request exceeds the available context size', { type: 'exceed_context_size_error' })),
    ),
    ...local,
    kind: 'context-too-long',
    message: 'too long',
  },
  {
    says: 'an error in the stream that names its status',
    respond: streams(half, event(error('Slow down.', { code: 429 }))),
    ...local,
    kind: 'rate-limit',
    message: '(HTTP 429): Slow down.',
  },
  {
    says: 'an error in the stream that is a text',
    respond: streams(half, event({ error: 'an unexpected error' })),
    ...local,
    kind: 'overloaded',
    message: 'an unexpected error',
  },
];

test.each(rows.map((row) => [row.says, row] as const))('%s', async (_says, row) => {
  const { respond, kind, message, retryAfterMs, provider } = row;
  const { url, heard } = await serve(respond);
  const last = (await told(url, provider)).at(-1);
  expect(last).toMatchObject({ type: 'error', kind, message: expect.stringContaining(message) });
  expect(last?.type === 'error' ? last.retryAfterMs : 0).toBe(retryAfterMs);
  // Retries are Temporal's, where they can be seen.
  expect(heard).toHaveLength(1);
});

test('a failure ends the command with a status that is no success', async () => {
  const { url } = await serve(fails(429, error('Rate limit reached.'), { 'retry-after': '7' }));
  const { status, lines } = await ask(url);
  expect([status, lines]).toEqual([
    1,
    [
      {
        type: 'error',
        kind: 'rate-limit',
        message: expect.stringContaining('HTTP 429'),
        retryAfterMs: 7_000,
      },
    ],
  ]);
});

describe('a server that is not there', () => {
  test.each([
    ['nobody listens', '127.0.0.1', 'ECONNREFUSED'],
    ['nobody listens at any address of a name', 'localhost', 'ECONNREFUSED'],
    ['the name leads nowhere', 'models.invalid', 'ENOTFOUND'],
  ])('%s', async (_title, host, code) => {
    const url = `http://${host}:${await closedPort()}/v1`;
    expect(await told(url, 'openai-compatible')).toEqual([
      { type: 'error', kind: 'network', message: expect.stringContaining(code) },
    ]);
  });

  test('its certificate is no certificate', async () => {
    const { url } = await serve(streams(half));
    expect(await told(url.replace('http:', 'https:'))).toMatchObject([
      { kind: 'network', message: expect.stringContaining('could not be reached') },
    ]);
  });
});

test.each([
  ['a quota', 'insufficient_quota'],
  ['a limit that is lifted in an hour', 'rate_limit_exceeded'],
])('%s that says when to come again has a reset, not a delay', async (_title, code) => {
  const { url } = await serve(fails(429, error('x', { code }), { 'retry-after': '3600' }));
  const before = Date.now();
  const [failure] = await told(url);
  if (failure?.type !== 'error') throw new Error('It is no failure.');
  expect([failure.kind, failure.retryAfterMs]).toEqual(['quota', undefined]);
  expect(failure.resetAt).toBeGreaterThanOrEqual(before + 3_600_000);
});

test('what a failed answer used is told', async () => {
  const usage = { prompt_tokens: 10, completion_tokens: 4096 };
  const { url } = await serve(streams(half, finish('length', usage), done));
  const lines = await told(url);
  expect(lines.map(({ type }) => type)).toEqual(['text', 'usage', 'error']);
});

test('an error in the stream ends the command, though the connection stays', async () => {
  const { url } = await serve((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event(error('out of memory')));
  });
  expect((await ask(url)).lines).toMatchObject([{ kind: 'overloaded' }]);
});
