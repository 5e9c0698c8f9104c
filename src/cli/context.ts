/** What every command needs: the project it is run in, and what was said for all commands. */

import { relative } from 'node:path';
import type { BlueprintClient } from '../app/index.js';
import { requireFeature as findFeature } from '../app/look.js';
import { featureNameProblem } from '../domain/names.js';
import { Problem } from '../domain/problem.js';
import { readFeatureInput } from '../feature/feature-file.js';
import { featureDirectory } from '../feature/project.js';
import { findRepository } from '../workspace/repository.js';
import { note } from './output.js';

/** Options that stand anywhere on the command line. */
export interface GlobalOptions {
  config?: string;
  script?: string;
  /** Of commands that start a feature: `usd=5,tokens=2000000,calls=80`. */
  budget?: string;
}

export interface Context {
  /** Real path of the project's root folder. */
  root: string;
  kind: 'git' | 'folder';
  options: GlobalOptions;
}

/** The project that the current folder is in. */
export async function openContext(options: GlobalOptions): Promise<Context> {
  return { ...(await findRepository(process.cwd())), options };
}

/** Runs with a client, which is closed afterwards. */
export async function withClient<T>(
  { root }: Pick<Context, 'root'>,
  use: (client: BlueprintClient) => Promise<T>,
): Promise<T> {
  // Loaded here: it brings Temporal's client, which commands that only look can do without.
  const { clientAt } = await import('../app/index.js');
  const client = clientAt(root, note);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

/** @throws {Problem} for a name that no feature can have */
export function checkName(name: string): void {
  const problem = featureNameProblem(name);
  if (problem !== undefined) throw new Problem('usage', problem);
}

export const featureExists = async (root: string, name: string): Promise<boolean> =>
  (await readFeatureInput(featureDirectory(root, name))) !== undefined;

/** @throws when there is no such feature, with the names that there are */
export async function requireFeature(root: string, name: string): Promise<void> {
  checkName(name);
  await findFeature(root, name);
}

/** A path as the person sees it from the current folder. */
export const shownPath = (path: string): string => relative(process.cwd(), path) || '.';
