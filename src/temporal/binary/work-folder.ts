/** A folder to make a cached file in, so that half a download or half a build is never taken for the whole. */
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { identify } from '../../host/processes.js';

const prefix = '.making-';

/**
 * Gives the work a folder beside the target, on its disk, and removes it afterwards, together with what killed
 * processes left behind.
 *
 * @param target the file that is to be made
 */
export async function withWorkFolder<T>(
  target: string,
  work: (folder: string, moveIntoPlace: (made: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const folder = await mkdtemp(join(parent, `${prefix}${process.pid}-`));
  try {
    return await work(folder, (made) => rename(made, target));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && (await identify(Number(pid))) === undefined)
      await rm(join(parent, name), { recursive: true, force: true });
  }
}
