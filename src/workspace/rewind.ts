/** Puts a feature's head back, or forward again; nothing that a ref pointed at is lost. */

import { headRef, rewoundRef } from '../domain/names.js';
import { Problem } from '../domain/problem.js';
import type { CommitHash } from '../domain/references.js';
import { featureHead, followBranch, moveRef, readRef } from './repository.js';

/**
 * Keeps the head under a ref of its own, moves it, and lets the branch follow. Done again after a kill at any point it
 * ends the same.
 *
 * @param number of the rewind: names the ref
 * @param from where the head stands before
 * @returns the ref that keeps what was undone
 * @throws Problem when the head stands elsewhere
 */
export async function rewindHead(
  root: string,
  { feature, number, from, to }: { feature: string; number: number; from: CommitHash; to: CommitHash },
): Promise<string> {
  const ref = rewoundRef(feature, number);
  if (!(await moveRef(root, ref, from, undefined)) && (await readRef(root, ref)) !== from)
    throw new Problem(
      'ref-taken',
      `The ref ${ref} is taken, so what is undone could not be kept there. Remove it.`,
    );
  if (!(await moveRef(root, headRef(feature), to, from)) && (await featureHead(root, feature)) !== to)
    throw new Problem(
      'head-moved',
      `The feature ${feature} does not stand at ${from} any more, so it was not rewound.`,
    );
  await followBranch(root, feature, to);
  return ref;
}
