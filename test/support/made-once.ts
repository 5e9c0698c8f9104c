/** Folders in the user's cache that are made once, whole or not at all, however many tests ask for them at a time. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheDirectory } from '../../src/host/directories.js';
import { exists } from '../../src/host/files.js';
import { withLock } from '../../src/host/lock.js';

/**
 * @param path of the folder, below Blueprint's cache
 * @param make fills an empty folder, which then becomes that one
 * @returns the folder
 */
export async function madeOnce(path: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheDirectory(), path);
  await withLock(`${folder}.lock`, async () => {
    if (await exists(folder)) return;
    await mkdir(dirname(folder), { recursive: true });
    const aside = await mkdtemp(`${folder}.making-`);
    try {
      await make(aside);
      await rename(aside, folder);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
  return folder;
}
