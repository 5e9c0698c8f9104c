/** The beginning of a model's answer that could not be used, to be shown with its error. */
import { open } from 'node:fs/promises';
import { insidePath } from '../../feature/inside.js';

/** Far more than is shown, and no danger to the memory. */
const mostBytes = 64 * 1024;

/** @returns undefined when there is none, or it cannot be read: the error says where it is */
export async function readRawOutput(
  directory: string,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    const file = await open(await insidePath(directory, path), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
