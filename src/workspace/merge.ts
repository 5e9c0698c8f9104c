/** Bringing a feature's commits onto a branch of the person's. A checkout is touched only where it is clean. */

import { join } from 'node:path';
import { isProblem, Problem } from '../domain/problem.js';
import type { CommitHash } from '../domain/references.js';
import { exists } from '../host/files.js';
import { git } from './git.js';
import { mergeDraft } from './integrate.js';
import { asAuthor, type Person } from './person.js';
import { isAncestor, moveRef, readRef, repositoryPlace } from './repository.js';

export type PlannedMerge =
  | { kind: 'there' }
  /** The branch has gone nowhere since: it moves on to the feature's head. */
  | { kind: 'fast-forward' }
  | { kind: 'merge'; tree: string };

/** Looks what bringing `head` onto `target` comes to. Writes nothing but objects. */
export async function planMerge(root: string, target: CommitHash, head: CommitHash): Promise<PlannedMerge> {
  const place = await repositoryPlace(root);
  if (await isAncestor(root, head, target)) return { kind: 'there' };
  if (await isAncestor(root, target, head)) return { kind: 'fast-forward' };
  const bases = await git(place, ['merge-base', target, head], { okStatuses: [1] });
  const base = bases.stdout.split('\n')[0] ?? '';
  if (base === '')
    throw new Problem('merge-conflict', 'The branch and the feature have no commit in common.');
  const merged = await mergeDraft(root, { head: target, base, draft: head });
  switch (merged.kind) {
    case 'clean':
      return { kind: 'merge', tree: merged.tree };
    case 'empty':
      return { kind: 'merge', tree: (await git(place, ['rev-parse', `${target}^{tree}`])).stdout.trim() };
    case 'conflict':
      throw new Problem(
        'merge-conflict',
        `The feature conflicts with what the branch has meanwhile, in: ${merged.files.join(', ')}. Nothing was changed. Merge by hand, or bring the branch into the feature and let it be checked there.`,
      );
  }
}

/** @returns a commit with both as its parents */
export async function commitMerge(
  root: string,
  merge: { tree: string; target: CommitHash; head: CommitHash; message: string; by: Person | undefined },
): Promise<CommitHash> {
  const place = await repositoryPlace(root);
  const args = ['commit-tree', merge.tree, '-p', merge.target, '-p', merge.head, '-F', '-'];
  return (await git(place, args, { input: merge.message, env: asAuthor(merge.by) })).stdout.trim();
}

/** The branch that the checkout is on, or undefined when its HEAD is detached. */
export async function currentBranch(root: string): Promise<string | undefined> {
  const found = await git({ cwd: root }, ['symbolic-ref', '--quiet', '--short', 'HEAD'], { okStatuses: [1] });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** The name as that of a local branch, or undefined where there is none. */
export async function localBranch(root: string, name: string): Promise<string | undefined> {
  const short = name.replace(/^refs\/heads\//, '');
  if (/[\s~^:?*[\\]|\.\.|@\{|^-/.test(short)) return undefined;
  return (await readRef(root, `refs/heads/${short}`)) === undefined ? undefined : short;
}

/**
 * The folders in which a branch is checked out.
 *
 * @throws Problem when one of them has uncommitted changes, or is in the middle of a merge or rebase
 */
export async function cleanCheckouts(root: string, branch: string): Promise<string[]> {
  const place = await repositoryPlace(root);
  const { stdout } = await git(place, ['worktree', 'list', '--porcelain', '-z']);
  const folders = stdout
    .split('\0\0')
    .map((record) => record.split('\0'))
    .filter((lines) => lines.includes(`branch refs/heads/${branch}`))
    .flatMap((lines) => lines[0]?.replace(/^worktree /, '') ?? []);
  for (const folder of folders) await refuseDirty(folder, branch);
  return folders;
}

const changesShown = 5;

async function refuseDirty(folder: string, branch: string): Promise<void> {
  const status = await git(
    { cwd: folder },
    ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules=dirty'],
    { asThePerson: true },
  );
  const changed = status.stdout.split('\0').filter((entry) => entry !== '');
  if (changed.length > 0) {
    const more = changed.length > changesShown ? ` and ${changed.length - changesShown} more` : '';
    const shown = changed.slice(0, changesShown).map((entry) => entry.slice('XY '.length));
    throw new Problem(
      'checkout-in-use',
      `${branch} is checked out in ${folder} with changes that are not committed (${shown.join(', ')}${more}). Commit or stash them, then merge.`,
    );
  }
  const gitDir = (await git({ cwd: folder }, ['rev-parse', '--absolute-git-dir'])).stdout.trim();
  for (const file of ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply'])
    if (await exists(join(gitDir, file)))
      throw new Problem(
        'checkout-in-use',
        `A merge or rebase is under way in ${folder}. End it, then merge.`,
      );
}

/**
 * Moves a branch on to a commit that follows its own. Where it is checked out, git itself brings the files along, and
 * refuses before it changes anything where a file that is not committed would be overwritten.
 *
 * @throws Problem when the branch has moved, or a checkout is in the way; nothing is changed then
 */
export async function advanceBranch(
  root: string,
  branch: string,
  from: CommitHash,
  to: CommitHash,
): Promise<void> {
  const [folder, ...others] = await cleanCheckouts(root, branch);
  if (others.length > 0)
    throw new Problem(
      'branch-checked-out',
      `${branch} is checked out in more than one folder, so it was not moved.`,
    );
  if ((await readRef(root, `refs/heads/${branch}`)) !== from) throw moved(branch);
  if (folder === undefined) {
    if (!(await moveRef(root, `refs/heads/${branch}`, to, from))) throw moved(branch);
    return;
  }
  try {
    await git({ cwd: folder }, ['merge', '--ff-only', '--quiet', to], { asThePerson: true });
  } catch (error) {
    if (!isProblem(error, 'git-failed')) throw error;
    throw new Problem(
      'checkout-in-use',
      `git does not bring ${branch} in ${folder} on, and nothing was changed: ${error.params.stderr.trim()}`,
      { cause: error },
    );
  }
}

const moved = (branch: string) =>
  new Problem('branch-moved', `${branch} has moved meanwhile, so nothing was changed. Run it again.`);
