/** What an API is to the double: how a request is read, and how answers and failures are written. */
import type { Answer, StatusFailure, Step } from '../scenario.js';

/** What a request says, in words that are the same for all APIs. */
export interface Asked {
  /** Of the vendor's naming. */
  model: string;
  /** Everything that the person, which is us, says in it. */
  prompt: string;
  /** What the tools have given so far, in order. */
  toolResults: string[];
  /** The names of the tools that the model may use. */
  tools: string[];
  /** Whether the answer is wanted in pieces. */
  streams: boolean;
}

/** What one response holds. */
export type Content =
  | { kind: 'text'; text: string; cut: boolean }
  | { kind: 'json'; value: unknown }
  | { kind: 'tool'; step: Step }
  | { kind: 'refused' };

/** A server-sent event. */
export interface ServerEvent {
  name?: string;
  data: string;
}

export interface HttpFailure {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

export type Body = Readonly<Record<string, unknown>>;

export interface Api {
  name: 'messages' | 'responses' | 'chat' | 'gemini';
  /** Whether a POST to this path, without its query, asks for an answer. */
  answers(path: string): boolean;
  read(body: Body, path: string): Asked;
  /**
   * The stream of a response. `middle` is where one that breaks is broken off.
   */
  stream(asked: Asked, content: Content, answer: Answer): { events: ServerEvent[]; middle: number };
  /** The same response in one piece. */
  whole(asked: Asked, content: Content, answer: Answer): unknown;
  /** An error in the middle of a stream, as it is sent. */
  streamError(answer: Answer): string;
  failure(failure: StatusFailure, answer: Answer): HttpFailure;
}

/** Of an answer that never gets to its end; longer than any chunk that a scenario asks for. */
export const brokenText = 'This answer is broken off before its end.';

export const refusalText = 'I cannot help with that.';

/** An event as it is sent. */
export const sent = ({ name, data }: ServerEvent): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${data}\n\n`;

export const jsonEvent = (value: unknown, name?: string): ServerEvent => ({
  data: JSON.stringify(value),
  ...(name === undefined ? {} : { name }),
});

/** Pieces of a text, none of which splits a character. */
export function pieces(text: string, chars: number): string[] {
  const characters = [...text];
  const found: string[] = [];
  for (let from = 0; from < characters.length; from += chars)
    found.push(characters.slice(from, from + chars).join(''));
  return found;
}

let ids = 0;

/** An id as vendors make them: no two alike. */
export const nextId = (prefix: string): string => `${prefix}_double_${++ids}`;
