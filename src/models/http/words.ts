/** What vendors and networks say of a failure, in the forms that they say it in. */
import { fields } from '../adapters/json-line.js';

/** Of an error body or an error event; empty where nothing is said. */
export interface VendorWords {
  message: string;
  type: string;
  code: string;
}

/**
 * OpenAI's form `{error: {message, type, code}}`, which most follow; `{error: "…"}` and `{message, type, code}`, which
 * Ollama and vLLM have used; `{detail: "…"}` of FastAPI.
 *
 * @param body a text that may be JSON, or what it holds
 */
export function vendorWords(body: unknown): VendorWords {
  const outer = fields(typeof body === 'string' ? parsed(body) : body);
  const error = outer?.error ?? outer;
  const { message, detail, type, code } = fields(error) ?? {};
  const said = [error, message, detail].find((one) => typeof one === 'string');
  return { message: word(said), type: word(type), code: word(code) };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const word = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';

/** Vendors' messages are a sentence or two; what is longer is a dump. In characters. */
const quoteMaxLength = 300;
/** So much in common with the prompt is no chance. In characters. */
const echoLength = 32;

/** A message as it may be shown: in one line, bounded, and empty where it repeats a piece of the prompt. */
export function quotable(message: string, prompt: string): string {
  const line = inOneLine(message.replace(/\\[nrt]/g, ' ')).slice(0, quoteMaxLength);
  const sent = inOneLine(prompt);
  for (let at = 0; at + echoLength <= line.length; at += echoLength / 4)
    if (sent.includes(line.slice(at, at + echoLength))) return '';
  return line;
}

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * Why a server could not be reached, or was lost, in the network's words.
 *
 * @returns undefined for an error that is not the network's
 */
export function reachProblem(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { code } = one as NodeJS.ErrnoException;
    // The names of one host may lead to several addresses, each with an error of its own.
    const [first] = one instanceof AggregateError ? (one.errors as unknown[]) : [];
    if (typeof code === 'string') return first instanceof Error ? first.message : one.message || code;
  }
  return undefined;
}
