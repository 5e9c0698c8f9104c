/** The person's repository: finding it, its base, and the refs that a feature has in it. Its checkout is only read. */

import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { featureBranch, headRef } from '../domain/names.js';
import { isProblem, Problem } from '../domain/problem.js';
import type { CommitHash } from '../domain/references.js';
import { isOlder } from '../host/version.js';
import { type GitPlace, git } from './git.js';

/** `merge-tree --write-tree` came with 2.38 (git's release notes). */
const oldestGit = '2.38';
/** As many changed paths as a person reads. */
const notInBaseLimit = 100;

/** What is wrong with the installed git, as a sentence, or undefined when it is fine. */
export async function gitVersionProblem(): Promise<string | undefined> {
  try {
    const { stdout } = await git({ cwd: '/' }, ['--version']);
    const version = /\d+\.\d+/.exec(stdout)?.[0] ?? '0';
    return isOlder(version, oldestGit)
      ? `git ${version} is too old: install git ${oldestGit} or later.`
      : undefined;
  } catch (error) {
    if (isProblem(error)) return error.message;
    throw error;
  }
}

/**
 * The repository that a folder is in, or the folder itself where there is none.
 *
 * @returns `root`: the real path of the checkout's top folder
 * @throws Problem for a bare repository, one that git refuses to read, and where git is not installed
 */
export async function findRepository(folder: string): Promise<{ root: string; kind: 'git' | 'folder' }> {
  const cwd = await realpath(folder);
  try {
    const { stdout } = await git({ cwd }, ['rev-parse', '--is-bare-repository', '--is-inside-work-tree']);
    if (stdout.startsWith('true'))
      throw new Problem(
        'repository-unusable',
        `${cwd} is a bare repository. Work in a clone of it that has a checkout.`,
      );
    if (!stdout.includes('true'))
      throw new Problem(
        'repository-unusable',
        `${cwd} is inside a .git folder. Work in the project's own folder.`,
      );
    const top = await git({ cwd }, ['rev-parse', '--show-toplevel']);
    return { root: await realpath(top.stdout.replace(/\n$/, '')), kind: 'git' };
  } catch (error) {
    if (!isProblem(error, 'git-failed')) throw error;
    // A `.git` file that points nowhere is a broken repository, and has no parenthesis in its message.
    if (/not a git repository \(or any/.test(error.params.stderr)) return { root: cwd, kind: 'folder' };
    if (error.params.stderr.includes('dubious ownership'))
      throw new Problem(
        'repository-untrusted',
        `git does not trust the repository at ${cwd}, because another user owns it.`,
        { folder: cwd, cause: error },
      );
    throw error;
  }
}

const commonDirectories = new Map<string, string>();

/** The repository's own directory, as a place for commands that have nothing to do with any checkout. */
export async function repositoryPlace(root: string): Promise<GitPlace & { gitDir: string }> {
  let gitDir = commonDirectories.get(root);
  if (gitDir === undefined) {
    const args = ['rev-parse', '--path-format=absolute', '--git-common-dir'];
    gitDir = await realpath((await git({ cwd: root }, args)).stdout.replace(/\n$/, ''));
    commonDirectories.set(root, gitDir);
  }
  return { cwd: gitDir, gitDir };
}

/**
 * The commit that a feature builds on.
 *
 * @param ref anything that names a commit, as the checkout sees it
 * @throws Problem when there are no commits yet, or no such one
 */
export async function resolveBase(root: string, ref = 'HEAD'): Promise<CommitHash> {
  const found = await git(
    { cwd: root },
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
    { okStatuses: [1, 128] },
  );
  if (found.status === 0) return found.stdout.trim();
  if (ref === 'HEAD')
    throw new Problem(
      'commit-missing',
      'The repository has no commits yet. Make a first one for the feature to build on.',
    );
  throw new Problem(
    'commit-missing',
    `There is no commit called ${JSON.stringify(ref)} in the repository. Name a branch, a tag or a commit.`,
  );
}

/**
 * What the checkout holds and the feature will not see, because it is not committed: changed and untracked paths,
 * at most a hundred. Ignored files do not count.
 */
export async function notInBase(root: string, base: CommitHash): Promise<string[]> {
  const { stdout } = await git(
    { cwd: root },
    [
      'status',
      '--porcelain=v1',
      '-z',
      '--no-renames',
      '--untracked-files=normal',
      '--ignore-submodules=none',
    ],
    { asThePerson: true },
  );
  const changed = stdout
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => entry.slice('XY '.length));
  if (changed.length === 0) return [];
  // A change may already be in a base that is not the checkout's commit.
  const kept = await asInBase(root, base, changed.slice(0, notInBaseLimit));
  return changed.filter((path) => !kept.has(path)).slice(0, notInBaseLimit);
}

/** Those of the paths whose file in the checkout is what the base has. */
async function asInBase(root: string, base: CommitHash, paths: string[]): Promise<Set<string>> {
  const { stdout } = await git(
    { cwd: root },
    ['diff', '--name-only', '-z', '--no-renames', base, '--', ...paths],
    {
      asThePerson: true,
    },
  );
  const differ = new Set(stdout.split('\0'));
  const listed = await git({ cwd: root }, [
    'ls-tree',
    '-r',
    '-z',
    '--name-only',
    '--full-tree',
    base,
    '--',
    ...paths,
  ]);
  return new Set(listed.stdout.split('\0').filter((path) => path !== '' && !differ.has(path)));
}

/** The commit that a ref stands at, or undefined when there is no such ref. */
export async function readRef(root: string, ref: string): Promise<CommitHash | undefined> {
  const place = await repositoryPlace(root);
  const found = await git(place, ['rev-parse', '--verify', '--quiet', ref], { okStatuses: [1] });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** Whether a commit is another one, or before it. */
export async function isAncestor(root: string, older: CommitHash, newer: CommitHash): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', older, newer];
  return (await git(await repositoryPlace(root), args, { okStatuses: [1] })).status === 0;
}

/** Where the feature stands, or undefined before it began. */
export const featureHead = (root: string, feature: string): Promise<CommitHash | undefined> =>
  readRef(root, headRef(feature));

/** Removes a feature's refs and its branch, where the branch is checked out nowhere. Nothing need be there. */
export async function removeFeatureRefs(root: string, feature: string): Promise<void> {
  if ((await findRepository(root)).kind !== 'git') return;
  const place = await repositoryPlace(root);
  const refs = await git(place, ['for-each-ref', '--format=%(refname)', `refs/blueprint/${feature}/`]);
  for (const ref of refs.stdout.split('\n').filter((name) => name !== ''))
    await git(place, ['update-ref', '--no-deref', '-d', ref]);
  // git-branch(1): -D refuses a branch that is checked out in any worktree.
  await git(place, ['branch', '-D', '--', featureBranch(feature)], { okStatuses: [1] });
}

/** The highest number that a draft of a feature of this name has; 0 outside git, and where there is none. */
export async function highestAttempt(root: string, feature: string): Promise<number> {
  if ((await findRepository(root)).kind !== 'git') return 0;
  const place = await repositoryPlace(root);
  const { stdout } = await git(place, [
    'for-each-ref',
    '--format=%(refname:lstrip=4)',
    `refs/blueprint/${feature}/`,
  ]);
  return Math.max(0, ...stdout.split('\n').map((name) => Number.parseInt(name, 10) || 0));
}

/**
 * Moves a ref from one commit to another; from undefined: makes it.
 *
 * @returns false when the ref does not stand where it should
 */
export async function moveRef(
  root: string,
  ref: string,
  to: CommitHash,
  from: CommitHash | undefined,
): Promise<boolean> {
  const place = await repositoryPlace(root);
  try {
    // git-update-ref(1): an empty old value means that the ref must not exist.
    await git(place, ['update-ref', '--no-deref', '-m', 'blueprint', ref, to, from ?? '']);
    return true;
  } catch (error) {
    if ((await readRef(root, ref)) === from) throw error;
    return false;
  }
}

/**
 * Makes the feature's head and its branch at the base, or finds them as an earlier call has left them.
 *
 * @returns the commit where the feature stands
 * @throws Problem when the branch's name is taken
 */
export async function openFeatureRefs(root: string, feature: string, base: CommitHash): Promise<CommitHash> {
  const branch = featureBranch(feature);
  let head = await featureHead(root, feature);
  if (head === undefined) {
    const other = await branchInTheWay(root, feature);
    if (other !== undefined)
      throw new Problem(
        'branch-taken',
        `The branch ${other} is in the way of ${branch}. Rename it, or choose another name for the feature.`,
        { branch: other },
      );
    if (await readRef(root, `refs/heads/${branch}`))
      throw new Problem(
        'branch-taken',
        `There is a branch ${branch} already, and Blueprint did not make it. Rename it, or choose another name for the feature.`,
        { branch },
      );
    await moveRef(root, headRef(feature), base, undefined);
    head = (await featureHead(root, feature)) ?? base;
  }
  await followBranch(root, feature, head);
  return head;
}

/** The branch that stands in the way of one of the feature's name: git keeps refs as files in folders. */
async function branchInTheWay(root: string, feature: string): Promise<string | undefined> {
  const branch = featureBranch(feature);
  if (await readRef(root, 'refs/heads/blueprint')) return 'blueprint';
  const place = await repositoryPlace(root);
  const below = await git(place, [
    'for-each-ref',
    '--count=1',
    '--format=%(refname:short)',
    `refs/heads/${branch}/`,
  ]);
  return below.stdout.trim() || undefined;
}

/**
 * Brings the branch to the feature's head. It stays where it is while it is checked out anywhere, and where a person
 * has put commits of their own on it; the head is the truth, and the branch a convenience.
 *
 * @param before an older commit of the feature's, if one is at hand: a branch that stands there can be moved
 */
export async function followBranch(
  root: string,
  feature: string,
  head: CommitHash,
  before?: CommitHash,
): Promise<void> {
  const ref = `refs/heads/${featureBranch(feature)}`;
  const place = await repositoryPlace(root);
  const format = '--format=%(refname) %(objectname) %(worktreepath)';
  const listed = (await git(place, ['for-each-ref', format, ref])).stdout.split('\n');
  const [, at, ...checkedOut] = listed.map((line) => line.split(' ')).find(([name]) => name === ref) ?? [];
  if (at === head) return;
  if (at === undefined) {
    if ((await branchInTheWay(root, feature)) === undefined) await moveRef(root, ref, head, undefined);
    return;
  }
  if (checkedOut.join(' ') !== '') return;
  if (await isBeingReplayed(place.gitDir, ref)) return;
  if (at === before || (await isOurs(place, feature, at, head))) await moveRef(root, ref, head, at);
}

/** Whether the branch stands on what we put there: on the way to the head, or to what a rewind has undone. */
async function isOurs(place: GitPlace, feature: string, at: CommitHash, head: CommitHash): Promise<boolean> {
  const older = await git(place, ['merge-base', '--is-ancestor', at, head], { okStatuses: [1] });
  if (older.status === 0) return true;
  const undone = `refs/blueprint/${feature}/rewound/`;
  const kept = await git(place, ['for-each-ref', '--count=1', '--contains', at, '--format=x', undone]);
  return kept.stdout !== '';
}

/** Whether a rebase or bisect of the branch is under way: its checkout is detached meanwhile and names it here. */
async function isBeingReplayed(gitDir: string, ref: string): Promise<boolean> {
  const others = await readdir(join(gitDir, 'worktrees')).catch((): string[] => []);
  const directories = [gitDir, ...others.map((name) => join(gitDir, 'worktrees', name))];
  const files = ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'];
  const names = await Promise.all(
    directories.flatMap((directory) =>
      files.map((file) => readFile(join(directory, file), 'utf8').catch(() => '')),
    ),
  );
  const short = ref.slice('refs/heads/'.length);
  return names.some((name) => [ref, short].includes(name.trim()));
}
