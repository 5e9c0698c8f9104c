/** The Temporal CLI, built from the official Go module: where the download cannot be reached but modules can. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { definedOnly, type Environment } from '../../host/environment.js';
import type { Announce } from '../announce.js';

const versionTimeoutMs = 30_000;

// Measured: 3 to 4 minutes on two cores. Ten times that is a slow machine; beyond, something hangs.
const buildTimeoutMs = 40 * 60_000;

// Often enough to see that it goes on, seldom enough to be read.
const progressMs = 15_000;

/**
 * Builds the command with `go install`.
 *
 * @param version of the release, such as 1.5.1
 * @param folder where to work: modules, caches and the build itself stay in it, 3 GB, and go with it
 * @returns the path of the command, in that folder
 */
export async function buildBinary(
  version: string,
  folder: string,
  announce: Announce,
  env: Environment,
): Promise<string> {
  const source = `github.com/temporalio/cli/cmd/temporal@v${version}`;
  const go = await execa('go', ['version'], {
    env: definedOnly(env),
    extendEnv: false,
    reject: false,
    timeout: versionTimeoutMs,
  });
  if (go.failed) throw new Error(`go is not installed, so that ${source} cannot be built`);
  announce(`Building it with go install ${source} (about 3 minutes, and 3 GB of disk while it builds) ...`);
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const started = Date.now();
  let fetched = 0;
  let compiled = 0;
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    announce(`Building: ${seconds} s, ${fetched} modules fetched, ${compiled} packages compiled`);
  }, progressMs);
  const last: string[] = [];
  try {
    // -v: a line for each package, beside those for each module. No symbols: the command is 100 MB smaller.
    const build = execa('go', ['install', '-v', '-ldflags', '-s -w', source], {
      cwd: folder,
      env: buildEnvironment(folder, temporary, env),
      extendEnv: false,
      stdin: 'ignore',
      stdout: 'ignore',
      buffer: false,
      timeout: buildTimeoutMs,
    });
    for await (const line of build.iterable({ from: 'stderr' })) {
      if (line.startsWith('go: ')) fetched += 1;
      else compiled += 1;
      last.push(line);
      if (last.length > 3) last.shift();
    }
  } catch (error) {
    throw new Error(`go install ${source} failed: ${last.join('; ').slice(0, 400)}`, { cause: error });
  } finally {
    clearInterval(progress);
  }
  return join(folder, 'bin', 'temporal');
}

/** The person's proxy and module settings, but nothing kept outside the folder and no other platform. */
const buildEnvironment = (folder: string, temporary: string, env: Environment): Record<string, string> => ({
  ...definedOnly({ ...env, GOOS: undefined, GOARCH: undefined }),
  GOPATH: join(folder, 'go'),
  GOMODCACHE: join(folder, 'go', 'pkg', 'mod'),
  GOCACHE: join(folder, 'cache'),
  GOBIN: join(folder, 'bin'),
  GOTMPDIR: temporary,
  // Modules are read-only by default, and could not be removed.
  GOFLAGS: '-modcacherw',
  // As the official release is built, and without a C compiler.
  CGO_ENABLED: '0',
});
