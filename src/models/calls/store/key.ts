/** A call's directory is named by what the call is, so that a second attempt finds it. */
import { createHash } from 'node:crypto';
import type { CallKey } from '../../../domain/calls/call-key.js';
import { canonicalJson } from '../../../domain/calls/digest.js';

/** All calls of one name and round: a stop ends them together. */
export type CallRound = Pick<CallKey, 'name' | 'round'>;

/** Under the 255 bytes that a file name may have, with the round, the hash and a mark's ending. */
const nameMaxLength = 160;

/**
 * The name of a call's directory, such as `T003-review.2-1f0c9a3e`.
 *
 * @throws when the name cannot be part of a file name
 */
export function callDirectoryName(key: CallKey): string {
  const hash = createHash('sha256').update(canonicalJson(key.inputs)).digest('hex').slice(0, 8);
  return `${roundName(key)}-${hash}`;
}

/** What all calls of one name and round have in common. */
export function roundName({ name, round }: CallRound): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || name.length > nameMaxLength)
    throw new Error(`The call name ${JSON.stringify(name)} is not usable as the name of a directory.`);
  if (!Number.isInteger(round) || round < 0)
    throw new Error(`The round ${round} of ${name} is not the number of a round.`);
  return `${name}.${round}`;
}

/** Takes a call directory's name apart; undefined where it is none. */
export function parseCallName(call: string): CallRound | undefined {
  const match = /^(.+)\.(\d+)-[0-9a-f]{8}$/.exec(call);
  return match?.[1] === undefined ? undefined : { name: match[1], round: Number(match[2]) };
}
