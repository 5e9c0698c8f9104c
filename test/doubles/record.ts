/** What the double keeps of each request, for tests to look at. */
import type { Asked } from './apis/api.js';
import type { CallLine } from './scenario.js';

export interface SeenRequest {
  /** Milliseconds since 1970. */
  at: number;
  /** Which API; `other` for what asks for no answer, such as a list of models. */
  api: 'messages' | 'responses' | 'chat' | 'gemini' | 'other';
  /** The method and the path, with the query. */
  line: string;
  /** Without `Blueprint-Call: `; absent where the prompt has no such line. */
  call?: string;
  fields: Readonly<Record<string, string>>;
  /** Of the vendor's naming. */
  model: string;
  /** 0 for the beginning of a conversation, else how many results of tools it brings. */
  turn: number;
  /** The last of those. */
  toolResult?: string;
  tools: string[];
  /** The headers that hold a key, as they came. */
  keys: Record<string, string>;
  bodyBytes: number;
  /** What it was answered with: `text`, `json`, `tool`, or a failure's name. */
  answered?: string;
  /** The caller went away before the answer was whole. */
  abandoned?: boolean;
}

const keyHeaders = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key', 'cookie'];

export function keysIn(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    keyHeaders.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}

export const seenOf = (asked: Asked, call: CallLine | undefined) => ({
  model: asked.model,
  turn: asked.toolResults.length,
  tools: asked.tools,
  fields: call?.fields ?? {},
  ...(call === undefined ? {} : { call: call.line }),
  ...(asked.toolResults.length === 0 ? {} : { toolResult: asked.toolResults.at(-1) ?? '' }),
});
