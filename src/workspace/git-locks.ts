/** Lock files that a killed git leaves behind, and whether a git of ours still works somewhere. */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { promisify } from 'node:util';

/** git holds the lock of a ref for milliseconds; longer ones, of a checkout, are seen by their process. */
const staleAfterMs = 2_000;

/** The lock file that a git command found in its way, by its message (in the C locale), or undefined. */
export const lockInTheWay = (stderr: string): string | undefined =>
  /Unable to create '(.+\.lock)': File exists/.exec(stderr)?.[1];

/**
 * Removes a lock that is ours and stale: it belongs to a worktree or a ref of Blueprint's, is some seconds old, and
 * no git that could have made it runs. Any other lock is the person's and is left alone.
 *
 * @param gitDir the repository or worktree that the command in trouble named
 */
export async function freeLock(lock: string, gitDir: string | undefined): Promise<void> {
  const owner = gitDir === undefined ? undefined : ownerOf(lock, gitDir);
  if (owner === undefined) return;
  const found = await stat(lock).catch(() => undefined);
  if (found === undefined || Date.now() - found.mtimeMs < staleAfterMs) return;
  if (await gitRuns(owner)) return;
  await rm(lock, { force: true });
}

/** The arguments that a git command which holds this lock has, if the lock is ours. */
function ownerOf(lock: string, gitDir: string): string[] | undefined {
  const inside = relative(gitDir, lock);
  if (inside.startsWith('..')) return undefined;
  const ref = inside.slice(0, -'.lock'.length);
  if (/^refs\/(heads\/)?blueprint\//.test(ref)) return [`--git-dir=${gitDir}`, ref];
  // A directory below `worktrees` that is named as git's own is one of ours: no one else is worked on like this.
  return /\/worktrees\/[^/]+$/.test(gitDir) ? [`--git-dir=${gitDir}`] : undefined;
}

/**
 * Whether a git runs that was started with all these arguments. A killed worker leaves its git running, which goes on
 * with what it was told.
 */
export async function gitRuns(args: readonly string[]): Promise<boolean> {
  const commands = process.platform === 'linux' ? await commandsFromProc() : await commandsFromPs();
  // Whole arguments: one worktree's path may begin like another's.
  return commands.some((command) => args.every((arg) => ` ${command} `.includes(` ${arg} `)));
}

/** Each process's arguments. proc(5): separated by NUL; empty for a zombie. */
async function commandsFromProc(): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands
    .filter((command) => /^([^\0]*\/)?git\0/.test(command))
    .map((command) => command.replaceAll('\0', ' '));
}

/** Where there is no /proc. Exported for its test. */
export async function commandsFromPs(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'args='], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split('\n').filter((command) => /^(\S*\/)?git /.test(command));
}
