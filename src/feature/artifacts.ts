/** What a feature keeps as files, and the references that stand for them in the history. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Problem } from '../domain/problem.js';
import type { FileReference } from '../domain/references.js';
import { writeFileAtomic } from '../host/atomic-file.js';
import { exists, isMissing, sizeText } from '../host/files.js';
import { insidePath } from './inside.js';

export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/**
 * Saves a file of a feature, whole or not at all.
 *
 * @param path below the feature directory, with forward slashes
 * @throws {Problem} for a path that leads elsewhere
 */
export async function saveArtifact(
  featureDir: string,
  path: string,
  content: string | Uint8Array,
): Promise<FileReference> {
  const bytes = Buffer.from(content);
  await writeFileAtomic(await insidePath(featureDir, path), bytes);
  return { path, sha256: sha256(bytes), bytes: bytes.length };
}

/**
 * Reads a file that a reference stands for.
 *
 * @param options.maxBytes refuses a longer one; no limit by default
 * @throws {Problem} when it is missing, too long, or not what it was when the reference was made
 */
export async function readArtifact(
  featureDir: string,
  reference: FileReference,
  { maxBytes = Number.POSITIVE_INFINITY }: { maxBytes?: number } = {},
): Promise<string> {
  if (reference.bytes > maxBytes)
    throw new Problem(
      'file-too-long',
      `${reference.path} is ${sizeText(reference.bytes)} long; at most ${sizeText(maxBytes)} can be used.`,
    );
  const content = (await isKept(featureDir, reference.sha256))
    ? await readInside(featureDir, keptPath(reference.sha256))
    : await readInside(featureDir, reference.path);
  if (sha256(content) !== reference.sha256)
    throw new Problem(
      'file-changed',
      `${reference.path} in ${featureDir} was changed since it was recorded; put the recorded text back, or decide at its gate, where edits are taken.`,
    );
  return content.toString('utf8');
}

/**
 * A reference to a file that a person may edit at any time, as it stands now. What it holds is kept under its hash,
 * so that whoever was told of it finds it after an edit too.
 *
 * @throws {Problem} when it is missing
 */
export async function keepVersion(featureDir: string, path: string): Promise<FileReference> {
  const content = await readInside(featureDir, path);
  const hash = sha256(content);
  if (!(await isKept(featureDir, hash))) await saveArtifact(featureDir, keptPath(hash), content);
  return { path, sha256: hash, bytes: content.length };
}

const keptPath = (hash: string): string => `kept/${hash}`;

const isKept = async (featureDir: string, hash: string): Promise<boolean> =>
  exists(await insidePath(featureDir, keptPath(hash)));

async function readInside(featureDir: string, path: string): Promise<Buffer> {
  const file = await insidePath(featureDir, path);
  try {
    if (!(await stat(file)).isFile()) throw new Problem('file-unreadable', `${file} is not a file.`);
    return await readFile(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Problem('file-missing', `${path} is missing from ${featureDir}.`, { cause: error });
  }
}
