/** Which paths a draft may touch. Every path that a model names passes here before anything is written. */

import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../domain/problem.js';

/** NAME_MAX and PATH_MAX of the common file systems, in bytes. */
const nameLimit = 255;
const pathLimit = 4_095;

/**
 * Characters that HFS+ leaves out when it compares names, so that they hide a `.git` (the list of git's own
 * `is_hfs_dotgit`).
 */
const invisible = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** What belongs to git and to Blueprint. `git~1` is the short name that Windows gives to `.git`. */
const reserved = new Set(['.git', 'git~1', '.gitmodules', '.blueprint']);

/** The name that a lenient file system sees: without case, trailing dots and spaces, and what follows a colon. */
const seenName = (name: string): string =>
  name
    .replace(invisible, '')
    .toLowerCase()
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '');

/** What is wrong with a path in a draft, as a sentence, or undefined. The path is relative to the project's root. */
export function draftPathProblem(path: string): string | undefined {
  const shown = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
  if (path === '') return 'The draft has a file without a path.';
  if (/\p{Cc}/u.test(path)) return `The path ${shown} holds a control character.`;
  if (/\p{Cs}/u.test(path)) return `The path ${shown} is not valid Unicode.`;
  if (path.includes('\\')) return `The path ${shown} holds a backslash; separate folders with /.`;
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || /^~[^/]*\//.test(path))
    return `The path ${shown} is absolute; paths are relative to the project's root.`;
  if (Buffer.byteLength(path) > pathLimit) return `The path ${shown} is too long.`;
  const names = path.split('/');
  if (names.includes('..'))
    return `The path ${shown} climbs out of its folder with ..; paths stay in the project.`;
  if (names.includes('') || names.includes('.'))
    return `The path ${shown} holds an empty name or a single dot.`;
  if (names.some((name) => Buffer.byteLength(name) > nameLimit))
    return `The path ${shown} holds a name that is too long.`;
  const taken = names.find((name) => reserved.has(seenName(name)));
  if (taken !== undefined)
    return `The path ${shown} names ${JSON.stringify(taken)}; a draft may not touch what belongs to git or to Blueprint.`;
  return undefined;
}

/**
 * A draft's path as it is used: models like to begin with `./`.
 *
 * @throws Problem (draft-unusable) when a draft may not touch it
 */
export function draftPath(path: string): string {
  const plain = path.replace(/^(\.\/)+/, '');
  const problem = draftPathProblem(plain);
  if (problem !== undefined) throw new Problem('draft-unusable', problem);
  return plain;
}

/** Each folder above a path: `a/b/c` has `a` and `a/b`. */
export const foldersOf = (path: string): string[] => {
  const names = path.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
};

/**
 * Refuses a path that leads through a symbolic link on disk, or is one.
 *
 * @throws Problem (draft-unusable) for such a path
 */
export async function refuseSymlinksOnDisk(worktree: string, path: string): Promise<void> {
  for (const part of [...foldersOf(path), path]) {
    const found = await lstat(join(worktree, part)).catch(() => undefined);
    if (found === undefined) return;
    if (found.isSymbolicLink()) throw new Problem('draft-unusable', symlinkProblem(path, part));
  }
}

/** The sentence for a path that a symbolic link would lead elsewhere. */
export const symlinkProblem = (path: string, link: string): string =>
  `The path ${JSON.stringify(path)} goes through the symbolic link ${JSON.stringify(link)}; a draft may not write through links.`;
