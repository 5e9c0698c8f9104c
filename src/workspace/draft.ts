/** A model's text answer becomes files in a worktree, and a worktree becomes a commit. */

import { randomBytes } from 'node:crypto';
import { copyFile, lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isProblem, Problem } from '../domain/problem.js';
import type { CommitHash } from '../domain/references.js';
import { broughtTo } from './bring.js';
import {
  type Change,
  changesBetween,
  executableMode,
  plainMode,
  submoduleMode,
  symlinkMode,
} from './changes.js';
import { commitDate, type GitPlace, git } from './git.js';
import { normalPatch } from './patch.js';
import { draftPath, foldersOf, refuseSymlinksOnDisk, symlinkProblem } from './paths.js';
import { moveRef, readRef, repositoryPlace } from './repository.js';
import { placeOf, rootOf, type WorktreePlace } from './worktree.js';

/** A file as a text answer gives it: whole. */
export interface AnswerFile {
  /** Relative to the project's root, with forward slashes. */
  path: string;
  content: string;
}

export interface Answer {
  files: readonly AnswerFile[];
  /** Unified diffs against the worktree's commit, applied in order. */
  diffs: readonly string[];
  deletions?: readonly string[];
}

/**
 * Makes the worktree what its commit and the answer give together: first the diffs, then the deletions, then the
 * files. It is put together in git's object store and checked there; only a whole and allowed result is written to
 * disk. So the same answer can be applied again after being killed at any point, with the same result.
 *
 * @throws Problem (draft-unusable) when the answer names a path that a draft may not touch, or cannot be applied
 */
export async function applyAnswer(worktree: string, answer: Answer): Promise<void> {
  const files = answer.files.map((file) => ({ ...file, path: draftPath(file.path) }));
  const deletions = (answer.deletions ?? []).map(draftPath);
  const patches = answer.diffs.map(normalPatch);
  for (const path of [...deletions, ...files.map((file) => file.path)])
    await refuseSymlinksOnDisk(worktree, path);

  const place = await placeOf(await rootOf(worktree), worktree);
  await withIndex(place, async (index) => {
    await git(place, ['read-tree', 'HEAD'], { env: index });
    for (const patch of patches) await applyPatch(place, patch, index);
    const entries = deletions.length + files.length === 0 ? new Map() : await entriesOf(place, index);
    await removePaths(place, deletions, entries, index);
    await addFiles(place, files, entries, index);
    const tree = (await git(place, ['write-tree'], { env: index })).stdout.trim();
    const changes = await changesBetween(place, 'HEAD', tree);
    for (const change of changes) await refuseSymlinksOnDisk(worktree, change.path);
    await git(place, ['read-tree', '--reset', '-u', tree]);
    await refuseIgnored(place, changes);
  });
}

/** An index file of its own, which a kill may leave behind; preparing the worktree removes it. */
async function withIndex<T>(
  place: WorktreePlace,
  work: (env: { GIT_INDEX_FILE: string }) => Promise<T>,
): Promise<T> {
  const file = join(place.gitDir, `blueprint-index-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    return await work({ GIT_INDEX_FILE: file });
  } finally {
    await rm(file, { force: true });
    await rm(`${file}.lock`, { force: true });
  }
}

async function applyPatch(place: GitPlace, patch: string, env: Record<string, string>): Promise<void> {
  const failure = await tryPatch(place, patch, env, []);
  if (failure === undefined) return;
  // Strictly, a hunk that ends without context must end the file, which models do not know. Leniently, it goes where
  // its lines are.
  if ((await tryPatch(place, patch, env, ['--unidiff-zero'])) === undefined) return;
  const why = failure
    .replace(/^error: /gm, '')
    .trim()
    .replace(/\n/g, '; ');
  throw new Problem(
    'draft-unusable',
    `A diff in the draft does not apply: ${why}. Give the whole file instead.`,
  );
}

/** All of the patch or nothing. Returns what git said when it does not apply. */
async function tryPatch(
  place: GitPlace,
  patch: string,
  env: Record<string, string>,
  options: string[],
): Promise<string | undefined> {
  try {
    await git(place, ['apply', '--cached', '-p1', ...options, '-'], { input: patch, env });
    return undefined;
  } catch (error) {
    if (!isProblem(error, 'git-failed') || error.params.status === undefined) throw error;
    return error.params.stderr;
  }
}

type Entries = Map<string, string>;

/** The mode of each path in the index. */
async function entriesOf(place: GitPlace, env: Record<string, string>): Promise<Entries> {
  const { stdout } = await git(place, ['ls-files', '-s', '-z'], { env });
  const entries = stdout.split('\0').filter((entry) => entry !== '');
  return new Map(entries.map((entry) => [entry.slice(entry.indexOf('\t') + 1), entry.slice(0, 6)]));
}

async function removePaths(
  place: GitPlace,
  paths: string[],
  entries: Entries,
  env: Record<string, string>,
): Promise<void> {
  if (paths.length === 0) return;
  const missing = paths.find((path) => !entries.has(path));
  if (missing !== undefined)
    throw new Problem(
      'draft-unusable',
      `The draft deletes ${JSON.stringify(missing)}, which is no file of the project.`,
    );
  const input = paths.map((path) => `${path}\0`).join('');
  await git(place, ['update-index', '--force-remove', '-z', '--stdin'], { input, env });
  for (const path of paths) entries.delete(path);
}

async function addFiles(
  place: GitPlace,
  files: AnswerFile[],
  entries: Entries,
  env: Record<string, string>,
): Promise<void> {
  if (files.length === 0) return;
  const lines: string[] = [];
  for (const { path, content } of files) {
    refuseBadPlace(path, entries);
    const args = ['hash-object', '-w', '--stdin', `--path=${path}`];
    const blob = (await git(place, args, { input: content, env })).stdout.trim();
    const mode = modeFor(path, content, entries);
    entries.set(path, mode);
    lines.push(`${mode} ${blob}\t${path}\0`);
  }
  await git(place, ['update-index', '-z', '--add', '--index-info'], { input: lines.join(''), env });
}

/** A file keeps its executable bit. A text cannot say that a script is to be executable: its first line does. */
const modeFor = (path: string, content: string, entries: Entries): string =>
  entries.get(path) ?? (content.startsWith('#!') ? executableMode : plainMode);

function refuseBadPlace(path: string, entries: Entries): void {
  for (const part of [...foldersOf(path), path]) {
    const mode = entries.get(part);
    if (mode === symlinkMode) throw new Problem('draft-unusable', symlinkProblem(path, part));
    if (mode === submoduleMode)
      throw new Problem(
        'draft-unusable',
        `The path ${JSON.stringify(path)} is in the submodule ${JSON.stringify(part)}; a draft may not touch submodules.`,
      );
    if (mode !== undefined && part !== path)
      throw new Problem(
        'draft-unusable',
        `The path ${JSON.stringify(path)} is below ${JSON.stringify(part)}, which is a file.`,
      );
  }
  const inside = `${path}/`;
  for (const other of entries.keys())
    if (other.startsWith(inside))
      throw new Problem(
        'draft-unusable',
        `The path ${JSON.stringify(path)} is a folder; a draft gives files.`,
      );
}

/**
 * Refuses files that the project ignores. Left out, the draft would not be what its author meant; committed, a later
 * merge would overwrite the person's own ignored file of that name, such as `.env`, without a word.
 */
async function refuseIgnored(place: GitPlace, changes: Change[]): Promise<void> {
  const added = changes.filter((change) => change.added);
  if (added.length === 0) return;
  const input = added.map((change) => `./${change.path}\0`).join('');
  const args = ['check-ignore', '--no-index', '--verbose', '-z', '--stdin'];
  // It takes no literal pathspecs; the leading ./ keeps a path from being read as another kind.
  const { stdout } = await git(place, args, { input, okStatuses: [1], env: { GIT_LITERAL_PATHSPECS: '0' } });
  const fields = stdout.split('\0');
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source = '', , pattern = '', path = ''] = fields.slice(at, at + 4);
    const shown = JSON.stringify(path.slice('./'.length));
    if (!pattern.startsWith('!'))
      throw new Problem(
        'draft-unusable',
        `The draft adds ${shown}, which the project ignores (${pattern} in ${source}). Choose another path, or change what is ignored.`,
      );
  }
}

interface SnapshotOptions {
  root: string;
  /** Made once and never moved. */
  ref: string;
  parent: CommitHash;
  message: string;
  /** The workflow's time in ms since the epoch; the same whenever the snapshot is taken again. */
  at: number;
}

interface Snapshot {
  commit: CommitHash;
  /** The paths that differ from the parent; a draft that changes nothing has none. */
  files: string[];
  /** Those of them that the parent has: changed, deleted, or renamed to something else. */
  touched: string[];
}

const snapshotOf = (commit: CommitHash, changes: readonly Change[]): Snapshot => ({
  commit,
  files: changes.map((change) => change.path),
  touched: changes.filter((change) => !change.added).map((change) => change.path),
});

/**
 * Keeps what is in a worktree as a commit on a ref of its own: everything that the project does not ignore. Where the
 * ref is there already, that is the snapshot, and the worktree is not looked at.
 *
 * @throws Problem (draft-unusable) when something in the worktree is not allowed in a draft
 */
export async function snapshot(worktree: string, options: SnapshotOptions): Promise<Snapshot> {
  const { root, ref, parent } = options;
  const made = await readRef(root, ref);
  if (made === undefined) return take(worktree, options);
  return snapshotOf(made, await changesBetween(await repositoryPlace(root), parent, made));
}

/**
 * Whether what is in a worktree differs from a commit; files that the project ignores do not count.
 *
 * @throws Problem when it is no worktree of Blueprint's
 */
export async function differsFrom(worktree: string, root: string, commit: CommitHash): Promise<boolean> {
  const place = await placeOf(root, worktree);
  const { stdout } = await git(place, ['rev-parse', `${commit}^{tree}`]);
  return (await treeOf(place, commit)) !== stdout.trim();
}

/** What is in a worktree, as a tree; its files are read into the index of the commit that it began with. */
async function treeOf(place: WorktreePlace, commit: CommitHash): Promise<string> {
  return withIndex(place, async (env) => {
    // The worktree's index only saves reading every file again; what it holds is replaced.
    const index = join(place.gitDir, 'index');
    if (await lstat(index).catch(() => undefined)) await copyFile(index, env.GIT_INDEX_FILE);
    await git(place, ['read-tree', '--reset', commit], { env });
    await git(place, ['add', '--all'], { env });
    await leaveOutBrought(place, env);
    return (await git(place, ['write-tree'], { env })).stdout.trim();
  });
}

/** What was copied from the checkout is no part of a draft, whatever the draft makes of what is ignored. */
async function leaveOutBrought(place: WorktreePlace, env: Record<string, string>): Promise<void> {
  const brought = await broughtTo(place);
  if (brought.length === 0) return;
  const args = ['rm', '--cached', '-r', '--force', '--quiet', '--ignore-unmatch', '--pathspec-from-file=-'];
  await git(place, [...args, '--pathspec-file-nul'], { input: brought.join('\0'), env });
}

async function take(
  worktree: string,
  { root, ref, parent, message, at }: SnapshotOptions,
): Promise<Snapshot> {
  const place = await placeOf(root, worktree);
  const tree = await treeOf(place, parent);
  const changes = await changesBetween(place, parent, tree);
  const args = ['commit-tree', tree, '-p', parent, '-F', '-'];
  const commit = (await git(place, args, { input: message, env: commitDate(at) })).stdout.trim();
  if (await moveRef(root, ref, commit, undefined)) return snapshotOf(commit, changes);
  const other = await readRef(root, ref);
  if (other === undefined) throw new Problem('ref-taken', `The ref ${ref} could not be made.`);
  return snapshotOf(other, await changesBetween(place, parent, other));
}
