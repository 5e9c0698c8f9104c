/** The marks that git leaves in files where two sides collide. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../domain/problem.js';

/** As `mergeDraft` has them written: with a commit's hash, a short one in the middle. Other text may look alike. */
const mark = /^(?:(?:<{7}|>{7}) [0-9a-f]{40,64}|\|{7} [0-9a-f]{7,64})\r?$/m;

/**
 * @param files that had marks, relative to the worktree
 * @throws Problem (draft-unusable) when one of them has a mark still
 */
export async function refuseConflictMarks(worktree: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    // Gone, or never a file that is read as text: no marks.
    const text = await readFile(join(worktree, file), 'utf8').catch(() => '');
    if (mark.test(text))
      throw new Problem(
        'draft-unusable',
        `${JSON.stringify(file)} has marks of the conflict still. Put what both sides want there, and leave no line with <<<<<<<, |||||||, ======= or >>>>>>>.`,
      );
  }
}
