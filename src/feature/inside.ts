/** Paths that must stay inside a folder of ours, symbolic links included. */

import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../domain/problem.js';
import { unlessMissing } from '../host/files.js';

/** What is wrong with a relative path, as a sentence, or undefined. */
function relativePathProblem(path: string): string | undefined {
  const shown = JSON.stringify(path);
  if (path === '') return 'A path is empty.';
  // A backslash separates on Windows only; here it would make one odd name that means another path there.
  if (path.includes('\0') || path.includes('\\'))
    return `The path ${shown} has a character that is not allowed.`;
  if (path.startsWith('/')) return `The path ${shown} is absolute; it must be relative.`;
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..'))
    return `The path ${shown} has an empty, \`.\` or \`..\` part.`;
  return undefined;
}

/**
 * The full path of something inside a folder, which need not exist.
 *
 * @param path relative, with forward slashes
 * @throws {Problem} for a path that is not plain, or that leads through a symbolic link
 */
export async function insidePath(folder: string, path: string): Promise<string> {
  const problem = relativePathProblem(path);
  if (problem !== undefined) throw new Problem('path-unusable', problem);
  let current = folder;
  for (const part of path.split('/')) {
    current = join(current, part);
    const stat = await unlessMissing(lstat(current));
    if (stat === undefined) return join(folder, path);
    if (stat.isSymbolicLink())
      throw new Problem(
        'path-unusable',
        `The path ${JSON.stringify(path)} leads through the symbolic link ${current}.`,
      );
  }
  return current;
}
