/**
 * Sources of open-source projects as their package registries have them: fetched by the package managers themselves,
 * as they are configured on this machine, at exact versions and checked, once into the user's cache.
 */
import { createHash } from 'node:crypto';
import { chmod, cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError, execa } from 'execa';
import { madeOnce } from './made-once.js';
import { registryEnvironment } from './source-process.js';

export interface SourceArchive {
  manager: 'npm' | 'pip' | 'go';
  name: string;
  version: string;
  /** Of the archive: SHA-512 in base64 (npm), SHA-256 in hexadecimal (pip), as `go.sum` writes it (go). */
  hash: string;
}

// Some ten kilobytes; pip installs what the archive is built with besides. Minutes only behind a slow mirror.
const fetchTimeoutMs = 3 * 60_000;

/** For a test's hook that fetches. */
export const fetchingMs = 3 * fetchTimeoutMs;

/**
 * The folder with a project's sources. It belongs to all tests: copy it.
 *
 * @throws an Error that says in one sentence what could not be fetched, and why
 */
export function projectSources(archive: SourceArchive): Promise<string> {
  return fetched(archive, 'sources', (aside) => fetchers[archive.manager](archive, aside));
}

/**
 * The folder `node_modules` with a command and all that it needs. It belongs to all tests: copy it.
 *
 * @throws an Error that says in one sentence what could not be installed, and why
 */
export async function npmModules(tool: { name: string; version: string }): Promise<string> {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
  const folder = await fetched({ manager: 'npm', ...tool }, 'tools', async (aside) => {
    const args = ['install', '--prefix', aside, ...options, `${tool.name}@${tool.version}`];
    // Else npm takes the project around it for the one that it installs into.
    await execa('npm', args, { ...quietly, cwd: aside });
  });
  return join(folder, 'node_modules');
}

const quietly = { timeout: fetchTimeoutMs, stdin: 'ignore', env: registryEnvironment() } as const;

async function fetched(
  { manager, name, version }: Omit<SourceArchive, 'hash'>,
  kind: 'sources' | 'tools',
  fetch: (aside: string) => Promise<void>,
): Promise<string> {
  const folder = `${manager}-${name.replaceAll('/', '-')}-${version}`;
  try {
    return await madeOnce(join('test-projects', kind, folder), fetch);
  } catch (error) {
    // The end of what a package manager says is why it gave up.
    const why = error instanceof ExecaError ? String(error.stderr || error.shortMessage) : String(error);
    throw new Error(
      `The tests need ${name} ${version} from the package registry, which ${manager} could not fetch: run them where it can. ${why.trim().slice(-400)}`,
      { cause: error },
    );
  }
}

const fetchers: Record<SourceArchive['manager'], (archive: SourceArchive, aside: string) => Promise<void>> = {
  async npm({ name, version, hash }, aside) {
    await execa('npm', ['pack', '--silent', '--pack-destination', aside, `${name}@${version}`], {
      ...quietly,
      cwd: aside,
    });
    await unpack(aside, { algorithm: 'sha512', encoding: 'base64', hash });
  },

  async pip({ name, version, hash }, aside) {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--no-binary', ':all:'];
    const args = ['-m', 'pip', 'download', ...options, '--dest', aside, `${name}==${version}`];
    await execa('python3', args, { ...quietly, cwd: aside });
    await unpack(aside, { algorithm: 'sha256', encoding: 'hex', hash });
  },

  async go({ name, version, hash }, aside) {
    const args = ['mod', 'download', '-json', `${name}@${version}`];
    const { stdout } = await execa('go', args, { ...quietly, cwd: aside });
    const { Dir: folder, Sum: sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
    if (sum !== hash) throw new Error(`Its hash is ${sum} and should be ${hash}.`);
    await cp(folder, aside, { recursive: true });
    // Go's cache is read-only.
    for (const entry of await readdir(aside, { recursive: true, withFileTypes: true }))
      await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
    await chmod(aside, 0o755);
  },
};

/** Unpacks the one archive in a folder, without the folder that everything in it is in. */
async function unpack(
  aside: string,
  { algorithm, encoding, hash }: { algorithm: string; encoding: 'base64' | 'hex'; hash: string },
): Promise<void> {
  const [file, ...others] = await readdir(aside);
  if (file === undefined || others.length > 0) throw new Error('It is not one archive of sources.');
  const found = createHash(algorithm)
    .update(await readFile(join(aside, file)))
    .digest(encoding);
  if (found !== hash) throw new Error(`Its hash is ${found} and should be ${hash}.`);
  await execa('tar', ['-xzf', file, '--strip-components=1'], { ...quietly, cwd: aside });
  await rm(join(aside, file));
}
