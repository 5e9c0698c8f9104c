/** How the HTTP models' requests go over the wire: without Node's own time limits, through the person's proxy. */
import { TransformStream } from 'node:stream/web';
import { Agent, type Dispatcher, EnvHttpProxyAgent, Response, fetch as send } from 'undici';

export interface Transport {
  fetch: typeof globalThis.fetch;
  seen: StreamMarks;
}

/** What was seen of an answer besides its events. */
export interface StreamMarks {
  contentType: string;
  /** `data: [DONE]`, which ends a complete stream. */
  endMark: boolean;
}

// fetch gives up after 300 s without a header or a byte of the body. A local model may read a long prompt for longer:
// what bounds a silent server is the call's inactivity limit.
const noTimeouts = { headersTimeout: 0, bodyTimeout: 0 } as const;

/**
 * For one request of the SDK.
 *
 * @param fields put into the request's body, over those that are there
 */
export function transport(baseUrl: string, fields: Readonly<Record<string, unknown>>): Transport {
  const seen: StreamMarks = { contentType: '', endMark: false };
  const dispatcher = dispatcherFor(baseUrl);
  return {
    seen,
    async fetch(url, init) {
      const response = await send(String(url), {
        method: init?.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: withFields(String(init?.body), fields),
        dispatcher,
      });
      seen.contentType = response.headers.get('content-type') ?? '';
      const { status, statusText, headers } = response;
      const body = response.ok ? response.body?.pipeThrough(endMarkWatch(seen)) : response.body;
      return new Response(body, { status, statusText, headers });
    },
  };
}

/**
 * What a server has at an address.
 *
 * @throws when no answer is there after `timeoutMs`
 */
export async function get(
  url: string,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<{ status: number; text: string }> {
  const dispatcher = dispatcherFor(url);
  try {
    const response = await send(url, { headers, dispatcher, signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, text: await response.text() };
  } finally {
    // Nothing is asked a second time.
    await dispatcher.destroy();
  }
}

/** Whether an address is on this machine. */
export function isLocal(url: string): boolean {
  const { hostname } = new URL(url);
  return ['localhost', '[::1]', '0.0.0.0'].includes(hostname) || hostname.startsWith('127.');
}

const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'];

/** Node's own fetch passes over the variables that name a proxy. None leads to a server on this machine. */
const dispatcherFor = (url: string): Dispatcher =>
  isLocal(url) || !proxyVariables.some((name) => process.env[name])
    ? new Agent(noTimeouts)
    : new EnvHttpProxyAgent(noTimeouts);

const withFields = (body: string, fields: Readonly<Record<string, unknown>>): string =>
  Object.keys(fields).length === 0 ? body : JSON.stringify({ ...JSON.parse(body), ...fields });

/** The SDK passes over the end mark. In an answer's text it cannot stand: JSON has no raw line end. */
const endMark = /[\r\n]data: ?\[DONE\]/;

function endMarkWatch(seen: StreamMarks): TransformStream<Uint8Array, Uint8Array> {
  let tail = '\n';
  return new TransformStream({
    transform(chunk, controller) {
      const text = tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      seen.endMark ||= text.includes('[DONE]') && endMark.test(text);
      // One less than the mark's longest form, so that one in two pieces is found.
      tail = text.slice(-12);
      controller.enqueue(chunk);
    },
  });
}
