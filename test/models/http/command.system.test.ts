/** The command of the models that are reached by HTTP: what it sends, and what it prints of what comes. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { runs, until } from '../../support/calls.js';
import { testFolder } from '../../support/source-process.js';
import {
  ask,
  closeServers,
  commandArgs,
  commandOptions,
  delta,
  done,
  event,
  finish,
  madeUpKey,
  serve,
  streams,
} from './server.js';

afterAll(closeServers);

const usage = { prompt_tokens: 120, completion_tokens: 30, prompt_cache_hit_tokens: 100 };
const hello = streams(
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'Hel' }),
  delta({ content: 'lo 😀' }),
  finish('stop', usage),
  done,
);

test('an answer is printed piece by piece as it comes, then what it used, then that it is whole', async () => {
  const { url, heard } = await serve(hello);
  const { status, lines, stderr } = await ask(url);
  expect(lines).toEqual([
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'lo 😀' },
    { type: 'usage', usage: { inputTokens: 120, cachedInputTokens: 100, outputTokens: 30 } },
    { type: 'result' },
  ]);
  expect([status, stderr]).toEqual([0, '']);
  expect(heard).toHaveLength(1);
  expect(heard[0]).toMatchObject({
    path: '/chat/completions',
    headers: { authorization: `Bearer ${madeUpKey}` },
    body: {
      model: 'some-model',
      messages: [{ role: 'user', content: 'Say hello, as json.' }],
      stream: true,
      stream_options: { include_usage: true },
    },
  });
});

test('a piece is printed before the next one is there', async () => {
  let goOn = () => {};
  const { url } = await serve(async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(delta({ content: 'first' }));
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    response.end(delta({ content: 'second' }) + finish('stop') + done);
  });
  const child = execa(process.execPath, commandArgs(url, 'deepseek'), { ...commandOptions, input: 'x' });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  await until(() => printed.includes('first'), 'the first piece');
  expect(printed).not.toContain('second');
  goOn();
  expect((await child).exitCode).toBe(0);
});

test('what a model thinks is a sign of life, and no part of its answer', async () => {
  const { url } = await serve(
    streams(delta({ reasoning_content: 'Hm.' }), delta({ content: 'Yes.' }), finish('stop', usage), done),
  );
  for (const provider of ['deepseek', 'openai-compatible']) {
    const { lines, answer } = await ask(url, { provider });
    expect(lines[0]).toEqual({ type: 'reasoning', text: 'Hm.' });
    expect(answer).toBe('Yes.');
  }
});

describe('what a call used', () => {
  const used = async (given: object | undefined, provider = 'openai-compatible') => {
    const { url } = await serve(
      streams(
        delta({ content: 'x' }),
        finish('stop'),
        given === undefined ? '' : event({ choices: [], usage: given }),
        done,
      ),
    );
    return (await ask(url, { provider })).lines.find(({ type }) => type === 'usage')?.usage;
  };

  test('comes in an event without a choice, with the cached tokens in OpenAI’s form', async () => {
    const given = { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 5 } };
    expect(await used(given)).toEqual({ inputTokens: 9, cachedInputTokens: 5, outputTokens: 4 });
  });

  test('is unknown, and not zero, where the server does not say it', async () => {
    expect(await used(undefined)).toBeUndefined();
    expect(await used({ prompt_tokens: 9 })).toEqual({ inputTokens: 9 });
    expect(await used({ total_tokens: 9 }, 'deepseek')).toEqual({});
  });
});

describe('an answer under a schema', () => {
  const schemaFile = async (): Promise<string> => {
    const file = join(await mkdtemp(join(testFolder(), 'schema-')), 'plan.schema.json');
    await writeFile(file, '{"type":"object"}');
    return file;
  };
  const format = async (provider: string, ...args: string[]) => {
    const { url, heard } = await serve(hello);
    expect((await ask(url, { provider, args: ['--schema', await schemaFile(), ...args] })).status).toBe(0);
    return heard[0]?.body.response_format;
  };

  test('is asked for as a JSON object', async () => {
    expect(await format('deepseek')).toEqual({ type: 'json_object' });
    expect(await format('openai-compatible')).toEqual({ type: 'json_object' });
  });

  test('is held to the schema, or to nothing, where the settings say so', async () => {
    expect(await format('openai-compatible', '--json', 'schema')).toEqual({
      type: 'json_schema',
      json_schema: { name: 'plan', schema: { type: 'object' }, strict: true },
    });
    expect(await format('openai-compatible', '--json', 'none')).toBeUndefined();
  });
});

test('fields from the settings go into the request, the last word winning', async () => {
  const { url, heard } = await serve(hello);
  const args = [
    '--fields',
    '{"temperature":0,"thinking":{"type":"disabled"}}',
    '--fields',
    '{"temperature":0.5}',
  ];
  await ask(url, { args });
  expect(heard[0]?.body).toMatchObject({ temperature: 0.5, thinking: { type: 'disabled' }, stream: true });
});

test('without a variable for the key, none is sent', async () => {
  const { url, heard } = await serve(hello);
  const args = commandArgs(url, 'openai-compatible').filter(
    (arg) => arg !== '--key-env' && arg !== 'SOME_KEY',
  );
  expect((await execa(process.execPath, args, { ...commandOptions, input: 'x' })).exitCode).toBe(0);
  expect(heard[0]?.headers.authorization).toBeUndefined();
});

test('keep-alive comments, blank lines and events in pieces are read over', async () => {
  const { url } = await serve(async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const text = `: keep-alive\n\n\n\n: keep-alive\n\n${delta({ content: 'Grüße' })}\n${finish('stop')}data:[DONE]\n\n`;
    // Byte by byte: inside of characters, and of the end mark.
    for (const byte of Buffer.from(text)) {
      response.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  expect(await ask(url)).toMatchObject({ status: 0, answer: 'Grüße' });
});

test('an answer that speaks of the end mark does not end by it', async () => {
  const text = 'a\ndata: [DONE]\n\nb';
  const { url } = await serve(streams(delta({ content: text }), finish('stop')));
  const { answer, lines } = await ask(url);
  expect(answer).toBe(text);
  expect(lines.at(-1)).toMatchObject({ type: 'error', kind: 'network' });
});

test('a prompt of 8 MB arrives whole', async () => {
  const { url, heard } = await serve(hello);
  const prompt = `${'äöü €\n'.repeat(900_000)}end`;
  expect(Buffer.byteLength(prompt)).toBeGreaterThan(8_000_000);
  expect((await ask(url, { prompt })).status).toBe(0);
  const [message] = (heard[0]?.body.messages ?? []) as { content: string }[];
  // A comparison that fails would print both.
  expect(message?.content === prompt).toBe(true);
});

test('an answer of 1 MB in small pieces streams through, and is not kept', async () => {
  const piece = delta({ content: 'x'.repeat(32) });
  const { url } = await serve(async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let i = 0; i < 32_768; i += 256)
      if (!response.write(piece.repeat(256))) await new Promise((resolve) => response.once('drain', resolve));
    response.end(finish('stop') + done);
  });
  const node = ['--max-old-space-size=40', ...commandArgs(url, 'deepseek')];
  const { exitCode, stdout } = await execa(process.execPath, node, { ...commandOptions, input: 'x' });
  expect(exitCode).toBe(0);
  expect(stdout.match(/x/g)?.length).toBeGreaterThanOrEqual(1_048_576);
});

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  '%s ends it at once, and is no success',
  async (signal) => {
    const { url } = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(delta({ content: 'half' }));
    });
    const child = execa(process.execPath, commandArgs(url, 'deepseek'), { ...commandOptions, input: 'x' });
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    await until(() => printed.includes('half'), 'the answer’s first half');
    child.kill(signal);
    const { exitCode } = await child;
    expect(exitCode).not.toBe(0);
    expect(printed).not.toContain('"result"');
    expect(runs(child.pid ?? 0)).toBe(false);
  },
);

test('the key is in no argument, and no output has it, even where the server repeats it', async () => {
  const { url } = await serve((response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${madeUpKey}.` } }));
  });
  const { stdout, stderr } = await ask(url);
  expect(stdout).toContain('Incorrect API key provided: [key].');
  expect(stdout + stderr).not.toContain(madeUpKey);
  expect(commandArgs(url, 'deepseek').join(' ')).not.toContain(madeUpKey);
});

test('a server that repeats the prompt in its complaint is not quoted', async () => {
  const prompt = 'The secret plan of the next\nrelease is to paint\nthe bike shed\nin a warm yellow.';
  const { url } = await serve((response) => {
    response.writeHead(422, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ detail: `[{'type': 'extra_forbidden', 'input': ${JSON.stringify(prompt)}}]` }),
    );
  });
  const { stdout, stderr, lines } = await ask(url, { prompt });
  expect(lines).toEqual([{ type: 'error', kind: 'refused', message: expect.stringContaining('HTTP 422') }]);
  expect(stdout + stderr).not.toContain('bike shed');
});

test('arguments that are wrong, and a key that is not there, are told before anything is sent', async () => {
  const { url, heard } = await serve(hello);
  const wrong = await ask(url, { args: ['--colour', 'red'] });
  expect([wrong.status, wrong.lines]).toEqual([
    1,
    [{ type: 'error', kind: 'refused', message: expect.stringContaining('--colour') }],
  ]);
  for (const args of [
    ['--base-url', 'nowhere'],
    ['--model', ''],
    ['--fields', '{'],
  ])
    expect(await ask(url, { args })).toMatchObject({ status: 1, lines: [{ kind: 'refused' }] });
  const keyless = await ask(url, { args: ['--key-env', 'NO_KEY'] });
  expect(keyless.lines).toEqual([
    { type: 'error', kind: 'auth', message: 'The key is missing: set NO_KEY in the environment.' },
  ]);
  expect(heard).toEqual([]);
});

describe('a proxy', () => {
  /** Takes a tunnel to anywhere, and leads it to one place. */
  async function proxy(target: string): Promise<{ url: string; asked: string[] }> {
    const { createServer } = await import('node:http');
    const asked: string[] = [];
    const server = createServer();
    server.on('connect', (request, socket, head) => {
      asked.push(request.url ?? '');
      const { hostname, port } = new URL(target);
      const onward = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    const address = server.address();
    return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, asked };
  }

  test('that the environment names is used, but for what it excepts and for this machine', async () => {
    const { url, heard } = await serve(hello);
    const { url: HTTP_PROXY, asked } = await proxy(url);
    expect((await ask('http://models.example/v1', { env: { HTTP_PROXY } })).status).toBe(0);
    expect(asked).toEqual(['models.example:80']);
    expect(heard).toHaveLength(1);
    expect((await ask(url, { env: { HTTP_PROXY } })).status).toBe(0);
    const excepted = await ask('http://models.invalid/v1', {
      env: { HTTP_PROXY, NO_PROXY: 'models.invalid' },
    });
    expect(excepted.lines).toMatchObject([
      { kind: 'network', message: expect.stringContaining('ENOTFOUND') },
    ]);
    expect(asked).toHaveLength(1);
  });
});
