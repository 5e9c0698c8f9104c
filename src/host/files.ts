/** Looking at files and folders that may not be there. */
import { access, readFile } from 'node:fs/promises';

/** Whether there is a file or folder at the path, which this process can get to. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * A file's text in UTF-8.
 *
 * @returns undefined where there is no such file
 * @throws any other error of the system's
 */
export const readIfExists = (path: string): Promise<string | undefined> =>
  unlessMissing(readFile(path, 'utf8'));

/**
 * What a file says in its format.
 *
 * @param format reads the text; the path is for its problems
 * @returns undefined where there is no such file
 */
export async function readFileAs<T>(
  path: string,
  format: { parse(text: string, path: string): T },
): Promise<T | undefined> {
  const text = await readIfExists(path);
  return text === undefined ? undefined : format.parse(text, path);
}

/**
 * What is read of a file or folder, whatever reads it.
 *
 * @returns undefined where there is no such file or folder
 * @throws any other error of the system's
 */
export async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that there is no such file or folder: a file in the place of a folder above it counts too. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '');

/** The code of a system error, such as ENOENT; undefined for any other. */
export function errorCode(error: unknown): string | undefined {
  // Told by its shape: an error from another realm, such as a test's, is no instance of this one's Error.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A number of bytes as a person reads it: 512 bytes, 20.0 MB. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
