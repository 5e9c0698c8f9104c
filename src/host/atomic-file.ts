/** Files that are there whole or not at all. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './files.js';

const asideName = (path: string) =>
  join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}`);

async function writeAside(path: string, content: string | Uint8Array, flush: boolean): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const aside = asideName(path);
  const file = await open(aside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.writeFile(content);
    if (flush) await file.sync();
  } finally {
    await file.close();
  }
  return aside;
}

/**
 * Writes aside and renames: a reader sees the old content or the new. Makes parent folders.
 *
 * @param options.flush to disk, so that it outlasts a power cut; the default
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  { flush = true }: { flush?: boolean } = {},
): Promise<void> {
  const aside = await writeAside(path, content, flush);
  try {
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/**
 * Makes a file that nobody else has made.
 *
 * @param options.flush to disk, so that it outlasts a power cut; the default
 * @returns whether this call made it; false when it was there already, whole, and was left as it is
 */
export async function createFileAtomic(
  path: string,
  content: string | Uint8Array,
  { flush = true }: { flush?: boolean } = {},
): Promise<boolean> {
  const aside = await writeAside(path, content, flush);
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
