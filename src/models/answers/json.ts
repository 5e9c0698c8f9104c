/** JSON in a model's answer: between prose and code fences, and with the mistakes that models make. */
import { jsonrepair } from 'jsonrepair';

export type Found = { ok: true; value: unknown } | { ok: false; problem: string };

/**
 * Characters that are looked through in all. Each bracket that leads nowhere costs a pass over what follows it,
 * and a model can print megabytes of them; an ordinary answer needs a few times its length.
 */
const mostLookedThrough = 50_000_000;

/**
 * The last JSON value in a text that looks like what is wanted. Mistakes such as single quotes, comments and
 * trailing commas are repaired. A value that is not whole is never completed: what was cut off would be lost
 * without a word.
 *
 * @param looksRight tells the wanted value from examples and from lists in prose
 * @param wanted what is wanted, in words, for the problem
 */
export function findJson(text: string, looksRight: (value: unknown) => boolean, wanted: string): Found {
  let found: { value: unknown } | undefined;
  let problem: string | undefined;
  let lookedThrough = 0;
  for (let at = nextOpening(text, 0); at !== -1 && lookedThrough < mostLookedThrough; ) {
    const end = closing(text, at);
    lookedThrough += (end === -1 ? text.length : end) - at;
    if (end === -1) {
      // A bracket in prose may lead nowhere; one that begins as JSON does was cut off.
      if (/^[{[]\s*["'{[]/.test(text.slice(at, at + 100)))
        return { ok: false, problem: `The JSON ends before it is complete; ${wanted} is expected.` };
      at = nextOpening(text, at + 1);
      continue;
    }
    const parsed = parse(text.slice(at, end));
    if (parsed.ok && looksRight(parsed.value)) found = parsed;
    else if (!parsed.ok) problem ??= parsed.problem;
    // The wanted value may be within one that is not it.
    at = nextOpening(text, parsed.ok && found !== parsed ? at + 1 : end);
  }
  if (found !== undefined) return { ok: true, value: found.value };
  return { ok: false, problem: problem ?? `The answer holds no JSON; ${wanted} is expected.` };
}

function nextOpening(text: string, from: number): number {
  const brace = text.indexOf('{', from);
  const bracket = text.indexOf('[', from);
  if (brace === -1 || bracket === -1) return Math.max(brace, bracket);
  return Math.min(brace, bracket);
}

/** The position after the bracket that closes the one at `from`, or -1. Brackets in strings do not count. */
function closing(text: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function parse(json: string): Found {
  try {
    return { ok: true, value: JSON.parse(json) };
  } catch (error) {
    try {
      return { ok: true, value: JSON.parse(jsonrepair(json)) };
    } catch {
      return { ok: false, problem: `The JSON cannot be read: ${bounded(messageOf(error))}.` };
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const bounded = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

/** Whether a value is an object with keys, no list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
