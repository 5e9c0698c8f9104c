/** What a draft makes different, and whether it may. Looked at in git's trees, whatever way the draft was made. */
import { Problem } from '../domain/problem.js';
import { type GitPlace, git } from './git.js';
import { draftPathProblem } from './paths.js';

// git's modes of tree entries.
export const symlinkMode = '120000';
export const submoduleMode = '160000';
export const executableMode = '100755';
export const plainMode = '100644';

export interface Change {
  path: string;
  added: boolean;
}

/**
 * What differs between two trees.
 *
 * @throws Problem (draft-unusable) when a draft may not make that difference
 */
export async function changesBetween(place: GitPlace, from: string, to: string): Promise<Change[]> {
  const { stdout } = await git(place, [
    'diff-tree',
    '-r',
    '-z',
    '--no-renames',
    '--raw',
    `${from}^{tree}`,
    to,
  ]);
  const fields = stdout.split('\0');
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [oldMode = '', newMode = ''] = (fields[at] ?? '').slice(1).split(' ');
    const path = fields[at + 1] ?? '';
    const problem = draftPathProblem(path);
    if (problem !== undefined) throw new Problem('draft-unusable', problem);
    if (newMode === symlinkMode)
      throw new Problem(
        'draft-unusable',
        `The draft makes or changes the symbolic link ${JSON.stringify(path)}; it may not.`,
      );
    if (newMode === submoduleMode || oldMode === submoduleMode)
      throw new Problem(
        'draft-unusable',
        `The draft changes ${JSON.stringify(path)}, a submodule or a repository of its own; it may not.`,
      );
    changes.push({ path, added: oldMode === '000000' });
  }
  return changes;
}
