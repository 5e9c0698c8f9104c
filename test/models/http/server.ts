/** A server that says exactly what a test wants, byte for byte, and the command of the HTTP models that asks it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { transpiledCode } from '../../support/source-process.js';

export interface HeardRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

export interface Server {
  /** Such as `http://127.0.0.1:40123`. */
  url: string;
  heard: HeardRequest[];
}

export type Respond = (response: ServerResponse, request: HeardRequest) => void | Promise<void>;

const servers: ReturnType<typeof createServer>[] = [];

export async function serve(respond: Respond): Promise<Server> {
  const heard: HeardRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const one = { path: request.url ?? '', headers: request.headers, body };
    heard.push(one);
    await respond(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

/** For after the tests of a file. */
export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** An event with a piece of the answer, or whatever the delta is. */
export const delta = (fields: object): string => event({ choices: [{ index: 0, delta: fields }] });

export const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;

export const finish = (reason: string | null, usage?: object): string =>
  event({
    choices: [{ index: 0, delta: {}, finish_reason: reason }],
    ...(usage === undefined ? {} : { usage }),
  });

export const done = 'data: [DONE]\n\n';

/** Answers with this stream. */
export const streams =
  (...parts: string[]): Respond =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.end(parts.join(''));
  };

/** A key that opens nothing. */
export const madeUpKey = 'made-up-key-4c1f0b7e92d3';

export interface Told {
  status: number | undefined;
  lines: Record<string, unknown>[];
  answer: string;
  stdout: string;
  stderr: string;
}

export const commandArgs = (baseUrl: string, provider: string, more: readonly string[] = []): string[] => [
  join(transpiledCode(), 'src', 'models', 'http', 'main.js'),
  ...['--provider', provider, '--base-url', baseUrl, '--model', 'some-model', '--key-env', 'SOME_KEY'],
  ...more,
];

export const commandOptions = {
  reject: false,
  extendEnv: false,
  env: { PATH: process.env.PATH ?? '', SOME_KEY: madeUpKey },
} satisfies Options;

/** Runs the command to its end. */
export async function ask(
  baseUrl: string,
  {
    provider = 'deepseek',
    prompt = 'Say hello, as json.',
    args = [] as readonly string[],
    env = {} as Record<string, string>,
  } = {},
): Promise<Told> {
  const { stdout, stderr, exitCode } = await execa(process.execPath, commandArgs(baseUrl, provider, args), {
    ...commandOptions,
    env: { ...commandOptions.env, ...env },
    input: prompt,
  });
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const answer = lines.map(({ type, text }) => (type === 'text' ? text : '')).join('');
  return { status: exitCode, lines, answer, stdout, stderr };
}

/** A port of this machine where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
