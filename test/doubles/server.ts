/** The double of the vendors' HTTP APIs: answers by a scenario, and keeps what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Api, Asked, Body, Content } from './apis/api.js';
import { chat } from './apis/chat.js';
import { gemini } from './apis/gemini.js';
import { messages } from './apis/messages.js';
import { responses } from './apis/responses.js';
import { object } from './json.js';
import { keysIn, type SeenRequest, seenOf } from './record.js';
import { respond, sendJson } from './respond.js';
import { type Answer, callLineIn, type Player, player, type Scenario } from './scenario.js';

const apis: readonly Api[] = [messages, responses, chat, gemini];

export interface Double {
  /** Such as `http://127.0.0.1:40123`. */
  url: string;
  requests(): SeenRequest[];
  close(): Promise<void>;
}

/** Where a double in a process of its own tells what it was asked. */
export const requestsPath = '/double/requests';

/**
 * Starts a double on 127.0.0.1.
 *
 * @param scenario checked: a mistake in it throws
 * @param port 0 for any that is free
 */
export async function startDouble(scenario: Scenario, port = 0): Promise<Double> {
  const seen: SeenRequest[] = [];
  const played = player(scenario);
  const server = createServer((request, response) => {
    handle(request, response, played, seen).catch((error: unknown) => {
      sendJson(response, 500, { error: { message: `The double failed: ${String(error)}` } });
    });
  });
  // `codex` tries a WebSocket first; this answer makes it go on by HTTP at once.
  server.on('upgrade', (request, socket) => {
    seen.push({ ...bare(request), answered: '426' });
    socket.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests: () => [...seen],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const bare = (request: IncomingMessage): SeenRequest => ({
  at: Date.now(),
  api: 'other',
  line: `${request.method} ${request.url}`,
  fields: {},
  model: '',
  turn: 0,
  tools: [],
  keys: keysIn(request.headers),
  bodyBytes: 0,
});

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  played: Player,
  seen: SeenRequest[],
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://double').pathname;
  if (path === requestsPath) return sendJson(response, 200, seen);
  const noted = bare(request);
  seen.push(noted);
  const { body, bytes } = await readBody(request);
  noted.bodyBytes = bytes;
  const api = apis.find((one) => request.method === 'POST' && one.answers(path));
  if (api === undefined) {
    const { status, body } = aboutServer(path);
    return sendJson(response, status, body);
  }
  const asked = api.read(body, path);
  const call = callLineIn(asked.prompt);
  Object.assign(noted, { api: api.name, ...seenOf(asked, call) });
  const answer = call === undefined ? undefined : played.answer(call, asked.prompt, asked.toolResults.length);
  if (answer === undefined) {
    noted.answered = 'none';
    const message = `The scenario has no answer for ${call?.line ?? 'a prompt without a call line'}.`;
    return sendJson(response, 400, { error: { type: 'invalid_request_error', message } });
  }
  const content = contentOf(answer, asked);
  noted.answered = content?.kind ?? String(answer.fail);
  const breaksOff = answer.fail === 'drop' || answer.fail === 'truncated';
  response.once('close', () => {
    if (!response.writableEnded && !breaksOff) noted.abandoned = true;
  });
  await respond(response, api, asked, answer, content);
}

/** What comes at this turn: the next tool, then the answer; undefined for a failure. */
function contentOf({ tools, text, cut, json, fail }: Answer, { toolResults }: Asked): Content | undefined {
  const step = tools[toolResults.length];
  if (step !== undefined) return { kind: 'tool', step };
  if (fail !== undefined) return undefined;
  if (text !== undefined) return { kind: 'text', text, cut };
  // An answer given by a tool call has a result too: what is left to say is nothing of weight.
  return toolResults.length > tools.length
    ? { kind: 'text', text: 'Done.', cut: false }
    : { kind: 'json', value: json };
}

/** What is asked besides answers: whether the server is there, which models it has, how long a prompt is. */
function aboutServer(path: string): { status: number; body: object } {
  if (path.endsWith('/models'))
    return { status: 200, body: { object: 'list', data: [{ id: 'double', object: 'model' }], models: [] } };
  if (path.endsWith('/api/version')) return { status: 200, body: { version: '0.0.0' } };
  if (path.endsWith('/count_tokens')) return { status: 200, body: { input_tokens: 12 } };
  if (path.endsWith(':countTokens')) return { status: 200, body: { totalTokens: 12 } };
  return { status: 404, body: { error: { message: `The double has nothing at ${path}.` } } };
}

async function readBody(request: IncomingMessage): Promise<{ body: Body; bytes: number }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  try {
    return { body: object(JSON.parse(raw.toString('utf8'))), bytes: raw.length };
  } catch {
    return { body: {}, bytes: raw.length };
  }
}
