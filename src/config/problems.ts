/** What is wrong with a configuration, in sentences that name the key and what to write there. */
import type * as z from 'zod';
import { keysAt } from './keys.js';
import { dotted, type Path, valueAt } from './paths.js';

type Issue = z.core.$ZodIssue;

/** Problems beyond these are likely to follow from them. */
const shown = 5;

/**
 * One sentence for each problem.
 *
 * @param value what was validated
 * @param name says where a key was set, for a dotted path: `maxIterations in blueprint.config.json`
 */
export function configProblems(
  issues: readonly Issue[],
  value: unknown,
  name: (path: string) => string,
): string[] {
  const sentences = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey(key, issue.path, name))
      : [`${beginning(name(dotted(issue.path)))} ${must(issue, valueAt(value, issue.path))}.`],
  );
  const more = sentences.length - shown;
  return more > 0 ? [...sentences.slice(0, shown), `There are ${more} more problems.`] : sentences;
}

function unknownKey(key: string, path: Path, name: (path: string) => string): string {
  const known = keysAt(path);
  const close = nearest(key, known);
  const hint = close === undefined ? `known are ${known.join(', ')}` : `did you mean ${close}?`;
  return `${beginning(name(dotted([...path, key])))} is unknown; ${hint}${hint.endsWith('?') ? '' : '.'}`;
}

function must(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kindNames[issue.expected] ?? issue.expected}, not ${describe(value)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}, not ${describe(value)}`;
    case 'too_small':
      return `must ${amount(issue.origin, `at least ${issue.minimum}`, issue.inclusive === false ? `more than ${issue.minimum}` : undefined)}, not ${describe(value)}`;
    case 'too_big':
      return `must ${amount(issue.origin, `at most ${issue.maximum}`)}, not ${describe(value)}`;
    default:
      return issue.message;
  }
}

const kindNames: Partial<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function amount(origin: string, inclusive: string, exclusive?: string): string {
  if (origin === 'array') return `have ${inclusive} items`;
  if (origin === 'string') return `have ${inclusive} characters`;
  return `be ${exclusive ?? inclusive}`;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value === null) return 'null';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A key keeps its spelling at the beginning of a sentence; words do not. */
const beginning = (text: string): string => (text.startsWith('the ') ? capital(text) : text);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The known word that a person most likely meant, or undefined. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const scored = known.map((candidate) => ({
    candidate,
    distance:
      plain(candidate).startsWith(plain(word)) && plain(word).length > 2
        ? 1
        : editDistance(plain(word), plain(candidate)),
  }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  // A third of the word may be wrong: further off, it is another word.
  return best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
