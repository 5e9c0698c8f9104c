/** A text in the person's own editor. */

import { execa } from 'execa';
import { Problem } from '../app/index.js';

/**
 * Opens a file in `$VISUAL`, else `$EDITOR`, and waits until the editor has ended.
 *
 * @throws {Problem} when there is none, or it ends with an error
 */
export async function openInEditor(path: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const editor = env.VISUAL || env.EDITOR;
  if (!editor)
    throw new Problem(
      'editor-unusable',
      'No editor is known: set VISUAL or EDITOR to one, such as EDITOR=vi.',
    );
  // By the shell, as git does it: the variable may hold a command with options.
  const { exitCode, signal } = await execa('/bin/sh', ['-c', `${editor} "$@"`, editor, path], {
    stdio: 'inherit',
    reject: false,
  });
  if (exitCode === 0) return;
  const how = signal === undefined ? `with exit status ${exitCode}` : `by signal ${signal}`;
  throw new Problem(
    'editor-unusable',
    `The editor (${editor}) ended ${how}; nothing was taken, and your text is kept in ${path}.`,
  );
}
