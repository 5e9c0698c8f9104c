/** The command that the embedded server runs in: found on the machine, else downloaded, else built. */

import { access, constants, rm } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { Problem } from '../../domain/problem.js';
import { cacheDirectory } from '../../host/directories.js';
import type { Environment } from '../../host/environment.js';
import { firstLineOf } from '../../host/reason.js';
import { downloadBinary } from './download.js';
import { examineBinary, type TemporalBinary } from './examine.js';
import { buildBinary } from './go-install.js';
import { withWorkFolder } from './work-folder.js';

type Announce = (line: string) => void;

/** The release that we fetch or build. Its server, 1.29.1, is what everything here was measured with. */
export const cliVersion = '1.5.1';

/**
 * The Temporal CLI to run: what `BLUEPRINT_TEMPORAL_CLI` names, else `temporal` on the PATH, else our cache, else the
 * official download, else a build by `go install` of the official module.
 *
 * @param announce is given a line for each route that takes time, and for each that led nowhere
 * @throws Problem when the named command is unusable, or none of the five gives one
 */
export async function findBinary(
  announce: Announce,
  env: Environment = process.env,
): Promise<TemporalBinary> {
  const failures: string[] = [];
  const unusable: string[] = [];
  const found = await installedBinary((problem, why) => {
    failures.push(problem);
    if (why === 'unusable') unusable.push(problem);
  }, env);
  if (found !== undefined) {
    // That there is none on the PATH is nothing to tell of when the cache has one.
    for (const problem of unusable) announce(`Skipped: ${problem}.`);
    return found;
  }
  for (const route of [downloadBinary, buildBinary]) {
    try {
      return await fetchBinary(route, announce, env);
    } catch (error) {
      failures.push(firstLineOf(error));
      announce(`That did not work: ${firstLineOf(error)}.`);
    }
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

/**
 * The command that is on this machine already, by the first three routes. Fetches nothing.
 *
 * @param skip is told why a route gave none
 * @throws Problem when the command that `BLUEPRINT_TEMPORAL_CLI` names is unusable
 */
export async function installedBinary(
  skip: (problem: string, why: 'missing' | 'unusable') => void,
  env: Environment = process.env,
): Promise<TemporalBinary | undefined> {
  const configured = env.BLUEPRINT_TEMPORAL_CLI;
  if (configured) {
    const binary = await examineBinary(resolve(configured));
    if ('path' in binary) return binary;
    // A person's own choice is not passed over in silence.
    throw new Problem(
      'temporal-command-unusable',
      `BLUEPRINT_TEMPORAL_CLI names ${configured}, which ${binary.problem}: correct it or unset it.`,
    );
  }
  const onPath = await findOnPath('temporal', env);
  if (onPath === undefined) skip('temporal is not on the PATH', 'missing');
  else {
    const binary = await examineBinary(onPath);
    if ('path' in binary) return binary;
    skip(`${onPath} on the PATH ${binary.problem}`, 'unusable');
  }
  const cached = cachedBinary(env);
  if (!(await isExecutable(cached))) {
    skip(`${cached} is not there yet`, 'missing');
    return undefined;
  }
  const binary = await examineBinary(cached);
  if ('path' in binary) return binary;
  // A broken disk's or a person's copy: ours is renamed into place only after it ran.
  skip(`${cached} ${binary.problem}`, 'unusable');
  await rm(cached, { force: true });
  return undefined;
}

/** Makes the command in a folder aside; only one that ran is moved into the cache. */
type Route = (folder: string, announce: Announce, env: Environment) => Promise<string>;

async function fetchBinary(route: Route, announce: Announce, env: Environment): Promise<TemporalBinary> {
  const target = cachedBinary(env);
  return withWorkFolder(target, async (folder, moveIntoPlace) => {
    const made = await route(folder, announce, env);
    const binary = await examineBinary(made);
    if (!('path' in binary)) throw new Error(`the Temporal CLI that it gave ${binary.problem}`);
    await moveIntoPlace(made);
    return { path: target, version: binary.version };
  });
}

const cachedBinary = (env: Environment): string =>
  join(cacheDirectory(env), 'temporal-cli', cliVersion, 'temporal');

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
