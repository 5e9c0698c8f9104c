/** Material that fits: what matters most is kept whole, and a note says what was left out. Never silently. */

/** A file, one file's change, the project's layout. */
export interface Piece {
  /** As the note of what was left out calls it. */
  name: string;
  /** Lower ones are kept longer; among equals, those that come first in their part. */
  rank: number;
  /** The text, and shorter ones to take in its place where it does not fit. */
  forms: readonly [string, ...string[]];
}

/** What one slot is filled with. */
export interface Part {
  pieces: readonly Piece[];
  /** Names of what was left out already. */
  leftOut?: readonly string[];
}

/** A note names this much and counts the rest: it must not become the material. */
const notedNames = 20;
const noteBytes = 1_500;
/** Between two pieces. */
const gap = '\n\n';

/**
 * Puts parts into a number of bytes together.
 *
 * @param parts by their slots' names
 * @param roomBytes with less than a note needs, the notes alone are given
 * @returns the parts' texts
 */
export function fitParts(parts: ReadonlyMap<string, Part>, roomBytes: number): Map<string, string> {
  const whole = mapValues(parts, (part) => compose(part, (piece) => piece.forms[0]));
  if (sum([...whole.values()].map(bytes)) <= roomBytes) return whole;
  let left = roomBytes - parts.size * noteBytes;
  const chosen = new Map<Piece, string>();
  for (const piece of byRank(parts)) {
    const form = piece.forms.find((text) => bytes(text) + gap.length <= left);
    if (form === undefined) continue;
    chosen.set(piece, form);
    left -= bytes(form) + gap.length;
  }
  return mapValues(parts, (part) => compose(part, (piece) => chosen.get(piece)));
}

/** Parts take turns, so that of two drafts that are compared neither is shown more than the other. */
function byRank(parts: ReadonlyMap<string, Part>): Piece[] {
  return [...parts.values()]
    .flatMap(({ pieces }) => pieces.map((piece, index) => ({ piece, index })))
    .sort((a, b) => a.piece.rank - b.piece.rank || a.index - b.index)
    .map(({ piece }) => piece);
}

function compose({ pieces, leftOut = [] }: Part, form: (piece: Piece) => string | undefined): string {
  const texts = pieces.flatMap((piece) => form(piece) ?? []);
  const missing = [
    ...pieces.filter((piece) => form(piece) === undefined).map(({ name }) => name),
    ...leftOut,
  ];
  return [...texts, ...(missing.length === 0 ? [] : [noteOf(missing)])].join(gap);
}

function noteOf(names: readonly string[]): string {
  const named: string[] = [];
  let room = noteBytes - 200;
  for (const name of names.slice(0, notedNames)) {
    room -= bytes(name) + 2;
    if (room < 0) break;
    named.push(name);
  }
  const more = names.length - named.length;
  const all = [...named, ...(more === 0 ? [] : [`${more} more`])];
  return `[Left out, because there is no room for it in this message: ${all.join(', ')}.]`;
}

const bytes = (text: string): number => Buffer.byteLength(text);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const mapValues = <A, B>(map: ReadonlyMap<string, A>, change: (value: A) => B): Map<string, B> =>
  new Map([...map].map(([key, value]) => [key, change(value)]));
