/** The Temporal CLI where it needs not be fetched. */
import { access, constants, rm } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { Problem } from '../../domain/problem.js';
import { cacheDirectory } from '../../host/directories.js';
import type { Environment } from '../../host/environment.js';
import { examineBinary, type TemporalBinary } from './examine.js';
import { type CliRelease, ourRelease } from './release.js';

export interface Search {
  env?: Environment;
  /** The command that last wrote the database: where its server is not ours, it is the one that can go on with it. */
  lastWriter?: TemporalBinary | undefined;
  /** Ours by default. */
  release?: CliRelease;
}

/** What is on this machine already. */
export interface InstalledBinary {
  /** The one to use. */
  binary?: TemporalBinary;
  /** The PATH's, with another server than ours: better than none. */
  other?: TemporalBinary;
  /** Why other places gave none. */
  skipped: Skipped[];
}

interface Skipped {
  problem: string;
  /** Something is there, and cannot be used. */
  unusable: boolean;
}

/**
 * Looks for the command, and fetches nothing: what `BLUEPRINT_TEMPORAL_CLI` names; the one that last wrote the
 * database; `temporal` on the PATH, if its server is ours; our cache.
 *
 * @throws Problem when the command that `BLUEPRINT_TEMPORAL_CLI` names is unusable
 */
export async function installedBinary({
  env = process.env,
  lastWriter,
  release = ourRelease,
}: Search = {}): Promise<InstalledBinary> {
  const configured = env.BLUEPRINT_TEMPORAL_CLI;
  if (configured) return { binary: await configuredBinary(configured), skipped: [] };
  const skipped: Skipped[] = [];

  if (lastWriter !== undefined && lastWriter.version !== release.server) {
    const writer = await examineWriter(lastWriter);
    if ('path' in writer) return { binary: writer, skipped };
    skipped.push(writer);
  }

  const onPath = await examineOnPath(env);
  if ('path' in onPath && onPath.version === release.server) return { binary: onPath, skipped };
  const other = 'path' in onPath ? { other: onPath } : {};
  if ('problem' in onPath) skipped.push(onPath);
  else {
    const problem = `${onPath.path} on the PATH has server ${onPath.version}, not ${release.server}`;
    skipped.push({ problem, unusable: false });
  }

  const cached = await examineCached(cachedBinary(release.version, env));
  if ('path' in cached) return { binary: cached, ...other, skipped };
  return { ...other, skipped: [...skipped, cached] };
}

/** Where the command of a release is cached. */
export const cachedBinary = (version: string, env: Environment): string =>
  join(cacheDirectory(env), 'temporal-cli', version, 'temporal');

/** A cached command; one that does not run is removed. */
export async function examineCached(path: string): Promise<TemporalBinary | Skipped> {
  if (!(await isExecutable(path))) return { problem: `${path} is not there yet`, unusable: false };
  const binary = await examineBinary(path);
  if ('path' in binary) return binary;
  // A broken disk's or a person's copy: ours is renamed into place only after it ran.
  await rm(path, { force: true });
  return { problem: `${path} ${binary.problem}`, unusable: true };
}

async function configuredBinary(path: string): Promise<TemporalBinary> {
  const binary = await examineBinary(resolve(path));
  if ('path' in binary) return binary;
  // A person's own choice is not passed over in silence.
  throw new Problem(
    'temporal-command-unusable',
    `BLUEPRINT_TEMPORAL_CLI names ${path}, which ${binary.problem}: correct it or unset it.`,
  );
}

async function examineWriter({ path, version }: TemporalBinary): Promise<TemporalBinary | Skipped> {
  const binary = await examineBinary(path);
  if ('path' in binary && binary.version === version) return binary;
  const now = 'path' in binary ? `has server ${binary.version} now` : binary.problem;
  return { problem: `${path}, which last wrote the database with server ${version}, ${now}`, unusable: true };
}

async function examineOnPath(env: Environment): Promise<TemporalBinary | Skipped> {
  const path = await findOnPath('temporal', env);
  if (path === undefined) return { problem: 'temporal is not on the PATH', unusable: false };
  const binary = await examineBinary(path);
  return 'path' in binary ? binary : { problem: `${path} on the PATH ${binary.problem}`, unusable: true };
}

async function findOnPath(name: string, env: Environment): Promise<string | undefined> {
  // An empty entry means the current folder, which is a stranger's repository.
  for (const folder of (env.PATH ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const path = resolve(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
