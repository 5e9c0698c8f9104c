/** A project's folder: `.blueprint` in its root, the id of this very copy, and the features that it holds. */

import { createHash, randomBytes } from 'node:crypto';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { fileFormat } from '../domain/file-format.js';
import { featureNameProblem } from '../domain/names.js';
import { isProblem, Problem } from '../domain/problem.js';
import { createFileAtomic, writeFileAtomic } from '../host/atomic-file.js';
import { readIfExists, unlessMissing } from '../host/files.js';

export interface Project {
  /** Real path of the root folder. */
  root: string;
  /** A random id of this copy of the project on this machine: workflows and the task queue are named by it. */
  instance: string;
  /** `.blueprint` in the root. */
  directory: string;
}

/** `.blueprint/id`. The id becomes part of workflow ids, queue names and file names. */
const identitySchema = z.object({ id: z.string().regex(/^[0-9a-f]{12}$/), path: z.string() });
const identityFormat = fileFormat(1, identitySchema);
type Identity = z.infer<typeof identitySchema>;

/** Hides everything of ours from git, this file too, but for prompts, which a project may want to share. */
const gitignore = '*\n!prompts/\n!prompts/**\n';

/**
 * Opens a project, making `.blueprint` and what belongs there where it is missing. A folder that was copied or
 * moved gets an id of its own: two copies must not work from one queue.
 *
 * @throws {Problem} when `.blueprint` cannot be made or is something else
 */
export async function openProject(root: string): Promise<Project> {
  const path = await realpath(root);
  const directory = join(path, '.blueprint');
  await refuseForeign(directory);
  try {
    await createFileAtomic(join(directory, '.gitignore'), gitignore);
    const instance = await settleIdentity(directory, path);
    return { root: path, instance, directory };
  } catch (error) {
    if (isProblem(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('folder-unusable', `The folder ${directory} cannot be written: ${reason}`, {
      cause: error,
    });
  }
}

/**
 * A project that was opened here before, or undefined; makes nothing. A copied or moved one is not known either
 * until it is opened: its features' workflows belong to the folder that it came from.
 */
export async function findProject(root: string): Promise<Project | undefined> {
  const path = await realpath(root);
  const directory = join(path, '.blueprint');
  const file = join(directory, 'id');
  const identity = parseIdentity((await readIfExists(file)) ?? '', file);
  return identity?.path === path ? { root: path, instance: identity.id, directory } : undefined;
}

/** The names of the features in a project's folder, sorted; none where there is no `.blueprint`. */
export async function listFeatures(root: string): Promise<string[]> {
  const folder = join(root, '.blueprint', 'features');
  const found = (await unlessMissing(readdir(folder, { withFileTypes: true }))) ?? [];
  return found
    .filter((entry) => entry.isDirectory() && featureNameProblem(entry.name) === undefined)
    .map((entry) => entry.name)
    .sort();
}

/** Where a feature keeps everything but its code. */
export const featureDirectory = (root: string, feature: string): string =>
  join(root, '.blueprint', 'features', feature);

/** Where a project keeps prompts of its own, which take the place of ours. */
export const promptFolder = (root: string): string => join(root, '.blueprint', 'prompts');

async function refuseForeign(directory: string): Promise<void> {
  const stat = await lstat(directory).catch(() => undefined);
  if (stat !== undefined && !stat.isDirectory())
    throw new Problem(
      'folder-unusable',
      `${directory} is not a folder; move it away, Blueprint keeps its files there.`,
    );
}

/** The id for this path: the one that is there, or a new one, the same for all who ask at once. */
async function settleIdentity(directory: string, path: string): Promise<string> {
  const file = join(directory, 'id');
  const fresh = () => identityFormat.text({ id: randomBytes(6).toString('hex'), path });
  await createFileAtomic(file, fresh());
  const text = (await readIfExists(file)) ?? '';
  const found = parseIdentity(text, file);
  if (found?.path === path) return found.id;
  // The file of another place: whoever makes the file for this very change of place first decides the new id. It
  // stays, so that one who read the old id a while ago comes to the same.
  const change = createHash('sha256').update(`${text}\n${path}`).digest('hex').slice(0, 8);
  const decided = join(directory, `id.${change}`);
  await createFileAtomic(decided, fresh());
  const content = (await readIfExists(decided)) ?? '';
  const identity = parseIdentity(content, decided);
  if (identity === undefined)
    throw new Problem('damaged-file', `${decided} is damaged; delete it and ${file}.`, { file: decided });
  await writeFileAtomic(file, content);
  return identity.id;
}

/** Undefined for a damaged one, which is made anew: it names no more than a queue and the workflows on it. */
function parseIdentity(text: string, file: string): Identity | undefined {
  try {
    return identityFormat.parse(text, file);
  } catch (error) {
    if (isProblem(error, 'damaged-file')) return undefined;
    throw error;
  }
}
