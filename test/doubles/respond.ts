/** Sends one response: in one piece or as a stream, fast or slowly, to its end or not. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Api, type Asked, brokenText, type Content, type ServerEvent, sent } from './apis/api.js';
import { type Answer, type StatusFailure, statusFailures } from './scenario.js';

/**
 * @param content undefined where the answer is a failure
 */
export async function respond(
  response: ServerResponse,
  api: Api,
  asked: Asked,
  answer: Answer,
  content: Content | undefined,
): Promise<void> {
  await delay(answer.delayMs);
  const { fail } = answer;
  const status = statusFailures.find((one) => one === fail);
  if (content !== undefined) await send(response, api, asked, answer, content);
  else if (status !== undefined) sendFailure(response, api, answer, status);
  else if (fail === 'refused') await send(response, api, asked, answer, { kind: 'refused' });
  else if (fail === 'truncated' || fail === 'stream-error') await sendBroken(response, api, asked, answer);
  else if (fail === 'drop') response.destroy();
  // `hang`: nothing, for as long as the caller waits.
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function sendFailure(response: ServerResponse, api: Api, answer: Answer, failure: StatusFailure): void {
  const { status, headers, body } = api.failure(failure, answer);
  sendJson(response, status, body, headers);
}

async function send(
  response: ServerResponse,
  api: Api,
  asked: Asked,
  answer: Answer,
  content: Content,
): Promise<void> {
  if (!asked.streams) {
    sendJson(response, 200, api.whole(asked, content, answer));
    return;
  }
  beginStream(response);
  await sendEvents(response, api.stream(asked, content, answer).events, answer.chunkDelayMs);
  response.end();
}

async function sendBroken(response: ServerResponse, api: Api, asked: Asked, answer: Answer): Promise<void> {
  if (!asked.streams) {
    // What has no middle fails as a whole.
    if (answer.fail === 'stream-error') sendFailure(response, api, answer, 503);
    else response.destroy();
    return;
  }
  const { events, middle } = api.stream(asked, { kind: 'text', text: brokenText, cut: false }, answer);
  beginStream(response);
  await sendEvents(response, events.slice(0, middle), answer.chunkDelayMs);
  // What was sent is read before what comes of it, by a command on a busy machine as well: a connection that breaks
  // takes with it what nobody has read.
  await delay(300);
  if (answer.fail === 'stream-error') response.end(api.streamError(answer));
  else response.destroy();
}

function beginStream(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  response.flushHeaders();
}

/** Ends early when the caller has gone. */
async function sendEvents(response: ServerResponse, events: ServerEvent[], pauseMs: number): Promise<void> {
  for (const [index, event] of events.entries()) {
    if (index > 0 && pauseMs > 0) await delay(pauseMs);
    if (response.destroyed) return;
    response.write(sent(event));
  }
}
