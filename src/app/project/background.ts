/** A worker that goes on when the command has ended, and ends when nothing is left to do. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** Where workers of a project keep their log. */
export const workerLog = (root: string): string => join(root, '.blueprint', 'worker.log');

/** Standard streams go straight to the log: through us, they would end with us. */
const appendTo = 'umask 077; log=$1; shift; exec "$@" >>"$log" 2>&1';

/**
 * @param command what `blueprint` is run with
 * @returns its process number
 */
export async function startBackgroundWorker(
  root: string,
  command: readonly string[],
): Promise<number | undefined> {
  const log = workerLog(root);
  await mkdir(dirname(log), { recursive: true });
  const args = ['-c', appendTo, 'sh', log, ...command, 'worker', '--until-idle'];
  const worker = execa('/bin/sh', args, {
    cwd: root,
    detached: true,
    // Ours to leave behind: execa would end it with us.
    cleanup: false,
    stdio: 'ignore',
    reject: false,
  });
  worker.unref();
  return worker.pid;
}
