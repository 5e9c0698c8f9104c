/** A call's directory is named by what the call is, so that a second attempt finds it. */
import { createHash } from 'node:crypto';
import type { CallKey } from './types.js';

/** Under the 255 bytes that a file name may have, with the round, the hash and a mark's ending. */
const nameMaxLength = 160;

/**
 * The name of a call's directory, such as `T003-review.2-1f0c9a3e`.
 *
 * @throws when the name cannot be part of a file name
 */
export function callName(key: CallKey): string {
  const hash = createHash('sha256').update(canonicalJson(key.inputs)).digest('hex').slice(0, 8);
  return `${roundName(key.name, key.round)}-${hash}`;
}

/** What all calls of one name and round have in common. */
export function roundName(name: string, round: number): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || name.length > nameMaxLength)
    throw new Error(`The call name ${JSON.stringify(name)} is not usable as the name of a directory.`);
  if (!Number.isInteger(round) || round < 0)
    throw new Error(`The round ${round} of ${name} is no number of a round.`);
  return `${name}.${round}`;
}

/** Takes a call directory's name apart; undefined where it is none. */
export function parseCallName(call: string): { name: string; round: number } | undefined {
  const match = /^(.+)\.(\d+)-[0-9a-f]{8}$/.exec(call);
  return match?.[1] === undefined ? undefined : { name: match[1], round: Number(match[2]) };
}

/** JSON with the keys in order: the same value always gives the same text. */
function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  ) as string | undefined;
  return text ?? 'null';
}
