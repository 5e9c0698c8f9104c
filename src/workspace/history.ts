/** What lies between two commits, for people: how much of which files, and the commits as patches. */
import type { CommitHash } from '../domain/references.js';
import { type GitPlace, git } from './git.js';
import { isAncestor, repositoryPlace } from './repository.js';

export interface FileStat {
  path: string;
  /** Lines; undefined for a binary file. */
  added?: number;
  removed?: number;
}

/** What differs between two commits, file by file, in git's order. A renamed file stands under its new name. */
export async function statOf(root: string, from: CommitHash, to: CommitHash): Promise<FileStat[]> {
  const place = await repositoryPlace(root);
  const args = ['diff-tree', '-r', '-M', '-z', '--numstat', '--no-ext-diff', '--no-textconv', from, to];
  const fields = (await git(place, args)).stdout.split('\0');
  const stats: FileStat[] = [];
  for (let at = 0; at < fields.length && fields[at] !== ''; at++) {
    const [added = '', removed = '', path = ''] = (fields[at] ?? '').split('\t');
    // git-diff-tree(1): of a renamed file the old and the new path follow, each as a field.
    const name = path === '' ? (fields[at + 2] ?? '') : path;
    if (path === '') at += 2;
    stats.push({ path: name, ...(added === '-' ? {} : { added: Number(added), removed: Number(removed) }) });
  }
  return stats;
}

/** A patch series is as long as what it changes; one of this size nobody applies by hand. */
const patchesMaxBytes = 256 * 1024 * 1024;

const patchArgs = (from: CommitHash, to: CommitHash): string[] => [
  'format-patch',
  '--full-index',
  '--binary',
  '-M',
  // The version of git would make two series of the same commits differ.
  '--no-signature',
  '--no-ext-diff',
  '--no-textconv',
  `${from}..${to}`,
];

/** The commits after `from` up to `to`, as one mailbox that `git am` reads. */
export async function patchSeries(root: string, from: CommitHash, to: CommitHash): Promise<string> {
  const place = await repositoryPlace(root);
  const [command = '', ...args] = patchArgs(from, to);
  return (await git(place, [command, '--stdout', ...args], { maxBytes: patchesMaxBytes })).stdout;
}

/**
 * The same as a file for each commit.
 *
 * @param folder absolute; made when it is not there
 * @returns the files' paths
 */
export async function writePatches(
  root: string,
  from: CommitHash,
  to: CommitHash,
  folder: string,
): Promise<string[]> {
  const place = await repositoryPlace(root);
  const [command = '', ...args] = patchArgs(from, to);
  const { stdout } = await git(place, [command, '--output-directory', folder, ...args]);
  return stdout.split('\n').filter((path) => path !== '');
}

/** What would be lost with a feature's refs: commits that no branch or tag of the person's has. */
export async function unmergedCommits(
  root: string,
  { from, to, but }: { from: CommitHash; to: CommitHash; but: string },
): Promise<CommitHash[]> {
  const place = await repositoryPlace(root);
  const others = await othersRefs(place, but);
  const { stdout } = await git(
    place,
    ['rev-list', to, '--not', from, ...others.map((ref) => `${ref}^{commit}`)],
    {
      // A tag of something that is no commit has none.
      okStatuses: [128],
    },
  );
  const commits = stdout.split('\n').filter((line) => line !== '');
  if (commits.length === 0) return [];
  // Rebased or picked one by one, a change has another commit and the same patch.
  for (const ref of others) {
    if (!(await isAncestor(root, from, ref).catch(() => false))) continue;
    const cherry = await git(place, ['cherry', ref, to, from]);
    if (!/^\+ /m.test(cherry.stdout)) return [];
  }
  return commits;
}

/** Branches, the remotes' too, without one. */
async function othersRefs(place: GitPlace, but: string): Promise<string[]> {
  const { stdout } = await git(place, [
    'for-each-ref',
    '--format=%(refname)',
    'refs/heads/',
    'refs/remotes/',
  ]);
  return stdout
    .split('\n')
    .filter((ref) => ref !== '' && ref !== `refs/heads/${but}` && !ref.endsWith('/HEAD'));
}

/** The names of all refs that a feature has, its branch among them where it is there. */
export async function featureRefs(root: string, feature: string, branch: string): Promise<string[]> {
  const place = await repositoryPlace(root);
  const { stdout } = await git(place, [
    'for-each-ref',
    '--format=%(refname)',
    `refs/blueprint/${feature}/`,
    `refs/heads/${branch}`,
  ]);
  return stdout.split('\n').filter((ref) => ref !== '');
}
