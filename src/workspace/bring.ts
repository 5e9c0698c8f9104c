/**
 * What a worktree is given of the person's checkout besides the commit: folders such as `node_modules`, and ignored
 * files that `.worktreeinclude` names. They are copies, never links: whatever runs in the worktree may write to them,
 * and must not write to the person's. Where the file system can, a copy shares its blocks until one side is written.
 */

import { constants } from 'node:fs';
import { cp, lstat, mkdir, readFile, readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { Problem } from '../domain/problem.js';
import { writeFileAtomic } from '../host/atomic-file.js';
import { type GitPlace, git } from './git.js';
import { foldersOf } from './paths.js';

/** Names, in the manner of `.gitignore`, ignored files of the checkout that worktrees need. */
const includeFile = '.worktreeinclude';

export interface Bring {
  /** Ignored folders of the checkout, relative to its root; those that are not there are left out. */
  share: readonly string[];
}

/** What was brought to a worktree, so that no snapshot takes it for a part of a draft. */
const broughtFile = (place: Required<GitPlace>): string => join(place.gitDir, 'blueprint-brought');

/**
 * Copies what is configured into a worktree that was just reset. Nothing that the commit holds is replaced.
 *
 * @throws Problem for a shared folder that the project does not ignore: a draft would hold it
 */
export async function bringFromCheckout(
  root: string,
  place: Required<GitPlace>,
  { share }: Bring,
): Promise<void> {
  const folders = share.map((folder) => folder.replace(/^(\.\/)+|\/+$/g, ''));
  const ignored = await ignoredIn(
    root,
    folders.map((folder) => `${folder}/`),
  );
  const kept = folders.find((folder) => !ignored.has(`${folder}/`));
  if (kept !== undefined)
    throw new Problem(
      'config-invalid',
      `"share" names ${JSON.stringify(kept)}, which the project does not ignore: add it to .gitignore, or leave it out.`,
    );
  const paths: string[] = [];
  for (const path of [...folders, ...(await includedFiles(root))])
    if (await hasRoom(root, place.workTree, path)) paths.push(path);
  if (paths.length === 0) return;
  // First the note, then the files: what is there is always known.
  await writeFileAtomic(broughtFile(place), JSON.stringify(paths));
  for (const path of paths) await copyInto(root, place.workTree, path);
}

/** Whether there is something to bring, and nothing of the commit's in its place, nor a link above it. */
async function hasRoom(root: string, workTree: string, path: string): Promise<boolean> {
  const found = await lstat(join(root, path)).catch(() => undefined);
  if (found === undefined || !(found.isFile() || found.isDirectory())) return false;
  for (const part of [...foldersOf(path), path]) {
    const there = await lstat(join(workTree, part)).catch(() => undefined);
    if (there !== undefined && (part === path || !there.isDirectory())) return false;
  }
  return true;
}

/** Paths that were brought to a worktree, with all below them; none of them is a part of a draft. */
export async function broughtTo(place: Required<GitPlace>): Promise<string[]> {
  const text = await readFile(broughtFile(place), 'utf8').catch(() => undefined);
  return text === undefined ? [] : (JSON.parse(text) as string[]);
}

/** What the checkout's own `.worktreeinclude` names, as far as it is ignored: what is not is the project's. */
async function includedFiles(root: string): Promise<string[]> {
  const patterns = await lstat(join(root, includeFile)).catch(() => undefined);
  if (patterns?.isFile() !== true) return [];
  const { stdout } = await git(
    { cwd: root },
    ['ls-files', '-z', '--others', '--ignored', `--exclude-from=${includeFile}`],
    { asThePerson: true },
  );
  const named = stdout.split('\0').filter((path) => path !== '' && !path.startsWith('.blueprint/'));
  const ignored = await ignoredIn(root, named);
  return named.filter((path) => ignored.has(path));
}

async function ignoredIn(root: string, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set();
  const { stdout } = await git({ cwd: root }, ['check-ignore', '-z', '--stdin'], {
    // The leading ./ keeps a path from being read as another kind.
    input: paths.map((path) => `./${path}\0`).join(''),
    okStatuses: [1],
    asThePerson: true,
    env: { GIT_LITERAL_PATHSPECS: '0' },
  });
  return new Set(stdout.split('\0').map((path) => path.slice('./'.length)));
}

async function copyInto(root: string, workTree: string, path: string): Promise<void> {
  const [from, to] = [join(root, path), join(workTree, path)];
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    preserveTimestamps: true,
    // As they are: a relative link leads to its place in the worktree.
    verbatimSymlinks: true,
    filter: (source) => staysOutside(source, root),
  });
}

/** Leaves out links back into the checkout, which would be written through, and sockets and the like. */
async function staysOutside(source: string, root: string): Promise<boolean> {
  const found = await lstat(source).catch(() => undefined);
  if (found === undefined) return false;
  if (!found.isSymbolicLink()) return found.isFile() || found.isDirectory();
  const target = await readlink(source);
  return !isAbsolute(target) || !(target === root || target.startsWith(`${root}/`));
}
