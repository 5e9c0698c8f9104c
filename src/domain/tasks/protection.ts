/** Which files a task may not change: those that judge it, unless it says so. Pure. */
import { globMatcher } from '../config/globs.js';
import type { Task } from './plan.js';

/** What may stand inside a path, and so no border of one that a text names. */
const pathCharacter = '[\\p{L}\\p{N}_@+~/-]';

/**
 * The protected files that a draft touches without leave. A task has leave for a file when its title or description
 * holds the file's path from the project's root, or the very glob that protects it.
 *
 * @param paths files that were there before, and that the draft changes, removes or renames
 * @param globs from the configuration
 */
export function protectedEdits(
  paths: readonly string[],
  globs: readonly string[],
  { title, description }: Pick<Task, 'title' | 'description'>,
): string[] {
  const text = `${title}\n${description}`;
  const isProtected = globMatcher(globs);
  // A task that names a glob has leave for what that glob means.
  const mayEdit = globMatcher(globs.filter((glob) => names(text, glob)));
  return paths.filter((path) => isProtected(path) && !mayEdit(path) && !names(text, path));
}

/** A path as a word of its own: `.github/ci.yml` does not name `ci.yml`, and a full stop may follow it. */
function names(text: string, name: string): boolean {
  const literal = name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(
    `(?<!${pathCharacter}|\\.)${literal}(?!${pathCharacter}|\\.${pathCharacter}|\\*)`,
    'u',
  ).test(text);
}
