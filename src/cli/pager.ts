/** Long texts on a terminal. */
import { execa } from 'execa';
import { cleanText } from '../present/clean.js';
import { print } from './output.js';

/** Shows a text in `$PAGER`, or `less`; a text that fits the screen is printed. */
export async function showInPager(text: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const clean = cleanText(text).replace(/\n$/, '');
  if (process.stdout.isTTY !== true || clean.split('\n').length < (process.stdout.rows || 24)) {
    print(clean);
    return;
  }
  const pager = env.PAGER || 'less';
  const { failed, exitCode } = await execa('/bin/sh', ['-c', pager], {
    input: clean,
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
  });
  // POSIX shells: 127 for a command that is not found.
  if (failed && exitCode === 127) print(clean);
}
