/** The double of the vendors' APIs by itself: what it answers, how it fails, what it keeps. */
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../support/calls.js';
import type { Scenario } from './scenario.js';
import { type Double, requestsPath, startDouble } from './server.js';

const doubles: Double[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((one) => one.close()));
});

async function double(scenario: Scenario): Promise<Double> {
  const started = await startDouble(scenario);
  doubles.push(started);
  return started;
}

const callLine = 'Blueprint-Call: purpose=draft role=coder task=T002 round=1 model=claude';
const prompt = `Some words of the command's own.\n\n${callLine}\n\nWrite it.`;

interface Spoken {
  path: string;
  body(results?: string[]): object;
  /** The text in a stream's events. */
  text(event: Record<string, unknown>): string;
}

const json = (value: unknown) => JSON.stringify(value);

/** How each API is asked, and where its stream has the text. */
const apis: Record<string, Spoken> = {
  messages: {
    path: '/v1/messages?beta=true',
    body: (results = []) => ({
      model: 'a-model',
      stream: true,
      tools: [{ name: 'Write' }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: prompt }] },
        ...results.map((content) => ({ role: 'user', content: [{ type: 'tool_result', content }] })),
      ],
    }),
    text: (event) => (event as { delta?: { text?: string } }).delta?.text ?? '',
  },
  responses: {
    path: '/v1/responses',
    body: (results = []) => ({
      model: 'a-model',
      stream: true,
      tools: [{ type: 'function', name: 'exec_command' }],
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: prompt }] },
        ...results.map((output) => ({ type: 'function_call_output', output })),
      ],
    }),
    text: (event) => (typeof event.delta === 'string' ? event.delta : ''),
  },
  chat: {
    path: '/chat/completions',
    body: () => ({ model: 'a-model', stream: true, messages: [{ role: 'user', content: prompt }] }),
    text: (event) =>
      (event as { choices?: { delta: { content?: string } }[] }).choices?.[0]?.delta.content ?? '',
  },
  gemini: {
    path: '/v1beta/models/a-model:streamGenerateContent?alt=sse',
    body: (results = []) => ({
      tools: [{ functionDeclarations: [{ name: 'write_file' }] }],
      contents: [
        { role: 'user', parts: [{ text: 'The context.' }] },
        { role: 'user', parts: [{ text: prompt }] },
        ...results.map((output) => ({
          role: 'user',
          parts: [{ functionResponse: { name: 'write_file', response: { output } } }],
        })),
      ],
    }),
    text: (event) =>
      (event as { candidates?: { content: { parts: { text?: string }[] } }[] }).candidates?.[0]?.content
        .parts[0]?.text ?? '',
  },
};
const names = Object.keys(apis);
const spoken = (name: string): Spoken => apis[name] as Spoken;

const ask = (url: string, name: string, results?: string[], options: RequestInit = {}) =>
  fetch(url + spoken(name).path, { method: 'POST', body: json(spoken(name).body(results)), ...options });

/** The data of a stream's events. */
async function events(response: Response): Promise<Record<string, unknown>[]> {
  const data = [...(await response.text()).matchAll(/^data: (.+)$/gm)].map(([, text = '']) => text);
  return data.filter((text) => text !== '[DONE]').map((text) => JSON.parse(text) as Record<string, unknown>);
}

describe.each(names)('%s', (name) => {
  const said = (all: Record<string, unknown>[]) => all.map(spoken(name).text).join('');

  test('streams the answer in pieces, and says what it used', async () => {
    const { url } = await double([
      { answers: [{ text: 'Grüße aus der Ferne.', usage: { input: 10, cached: 4, output: 3 } }] },
    ]);
    const response = await ask(url, name);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const all = await events(response);
    expect(said(all)).toBe('Grüße aus der Ferne.');
    expect(all.filter((event) => spoken(name).text(event) !== '')).toHaveLength(3);
    const input = name === 'messages' ? 6 : 10;
    expect(json(all)).toMatch(new RegExp(`"(input_tokens|prompt_tokens|promptTokenCount)":${input}`));
  });

  const statuses = [401, 402, 403, 429, 500, 503] as const;
  test.each(statuses)('fails with %s', async (status) => {
    const { url } = await double([{ answers: [{ fail: status }] }]);
    const response = await ask(url, name);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  test('says when to come again after a 429', async () => {
    const { url } = await double([{ answers: [{ fail: 429, retryAfterSeconds: 7 }] }]);
    const response = await ask(url, name);
    const told = response.headers.get('retry-after') ?? (await response.text());
    expect(told).toMatch(name === 'gemini' ? /"retryDelay":"7s"/ : /^7$/);
  });

  test('says that the prompt is too long', async () => {
    const { url } = await double([{ answers: [{ fail: 'too-long' }] }]);
    const response = await ask(url, name);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/maximum|exceeds/);
  });

  test('drops the connection', async () => {
    const { url } = await double([{ answers: [{ fail: 'drop' }] }]);
    await expect(ask(url, name)).rejects.toThrow('fetch failed');
  });

  test('breaks the stream off', async () => {
    const { url } = await double([{ answers: [{ fail: 'truncated' }] }]);
    const response = await ask(url, name);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  test('tells of an error in the middle of the stream', async () => {
    const { url } = await double([{ answers: [{ fail: 'stream-error' }] }]);
    const text = await (await ask(url, name)).text();
    expect(text).toContain('This ans');
    expect(text.slice(-200)).toMatch(/overloaded/i);
  });

  test('hangs until the caller goes away, and keeps that', async () => {
    const { url, requests } = await double([{ answers: [{ fail: 'hang' }] }]);
    const caller = new AbortController();
    const asked = ask(url, name, [], { signal: caller.signal });
    await until(() => requests()[0]?.answered === 'hang');
    caller.abort();
    await expect(asked).rejects.toThrow();
    await until(() => requests()[0]?.abandoned);
  });
});

describe.each(['messages', 'responses', 'gemini'])('%s with tools', (name) => {
  test('asks for one after another, then answers', async () => {
    const { url, requests } = await double([
      { answers: [{ tools: [{ write: 'a.txt', content: 'x' }, { run: 'true' }], text: 'Done.' }] },
    ]);
    const turns = [[], ['written'], ['written', 'ran']];
    const said = [];
    for (const results of turns) said.push(json(await events(await ask(url, name, results))));
    expect(said[0]).toContain('a.txt');
    expect(said[1]).toContain('true');
    expect(said[2]).toContain('Done.');
    expect(requests().map(({ turn, toolResult, answered }) => [turn, toolResult, answered])).toEqual([
      [0, undefined, 'tool'],
      [1, 'written', 'tool'],
      [2, 'ran', 'text'],
    ]);
  });
});

test('a rule gives its answers in their order, and its last one again', async () => {
  const { url } = await double([
    { match: { task: 'T009' }, answers: ['of another task'] },
    { match: { purpose: 'draft', model: 'claude', round: 1 }, answers: [{ fail: 429 }, 'first', 'second'] },
    { answers: ['of any other'] },
  ]);
  expect((await ask(url, 'chat')).status).toBe(429);
  const said = [];
  for (let n = 0; n < 3; n++)
    said.push((await events(await ask(url, 'chat'))).map(spoken('chat').text).join(''));
  expect(said).toEqual(['first', 'second', 'second']);
});

test('an answer under a schema goes through Claude’s tool, and is text elsewhere', async () => {
  const { url } = await double([{ answers: [{ json: { approved: true } }] }]);
  const body = spoken('messages').body() as { tools: object[]; stream: boolean };
  const response = await fetch(url + spoken('messages').path, {
    method: 'POST',
    body: json({ ...body, stream: false, tools: [{ name: 'StructuredOutput' }] }),
  });
  expect(await response.json()).toMatchObject({
    content: [{ type: 'tool_use', name: 'StructuredOutput', input: { approved: true } }],
    stop_reason: 'tool_use',
  });
  const all = await events(await ask(url, 'chat'));
  expect(all.map(spoken('chat').text).join('')).toBe('{"approved":true}');
});

test('a request is kept with its call, its turn, its tools and its keys', async () => {
  const { url, requests } = await double([{ answers: ['fine'] }]);
  await ask(url, 'messages', [], { headers: { 'x-api-key': 'a key' } });
  await fetch(`${url}/v1/models`);
  expect(requests()).toMatchObject([
    {
      api: 'messages',
      call: callLine.replace('Blueprint-Call: ', ''),
      fields: { purpose: 'draft', task: 'T002' },
      turn: 0,
      tools: ['Write'],
      keys: { 'x-api-key': 'a key' },
      answered: 'text',
    },
    { api: 'other', line: 'GET /v1/models', keys: {} },
  ]);
  expect(await (await fetch(url + requestsPath)).json()).toEqual(requests());
});

test('a call that no rule is for is told so', async () => {
  const { url } = await double([{ match: { task: 'T009' }, answers: ['x'] }]);
  const response = await ask(url, 'chat');
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('no answer for purpose=draft');
});

test('a mistake in a scenario is found when it is started', async () => {
  await expect(startDouble([{ answers: [{ text: 'a', fail: 429 }] }])).rejects.toThrow('one of text');
});

test('a WebSocket is refused', async () => {
  const { url } = await double([]);
  const status = await new Promise((resolve, reject) => {
    const asked = httpRequest(`${url}/v1/responses`, {
      headers: { connection: 'Upgrade', upgrade: 'websocket' },
    });
    asked.once('response', (response) => resolve(response.statusCode));
    asked.once('error', reject);
    asked.end();
  });
  expect(status).toBe(426);
});
