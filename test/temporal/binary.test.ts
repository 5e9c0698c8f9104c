import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { cliVersion, findBinary, installedBinary } from '../../src/temporal/binary/find.js';

let home: string;
let lines: string[];
let mirror: Server | undefined;
const announce = (line: string) => lines.push(line);

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'blueprint-binary-'));
  lines = [];
});
afterEach(async () => {
  mirror?.closeAllConnections();
  mirror?.close();
  mirror = undefined;
  await rm(home, { recursive: true, force: true });
});

/** A machine with the usual commands, no temporal and no go. */
const environment = (more: Record<string, string> = {}): Record<string, string> => ({
  HOME: home,
  XDG_CACHE_HOME: join(home, 'cache'),
  PATH: '/usr/bin:/bin',
  ...more,
});

const cacheFolder = () => join(home, 'cache', 'blueprint', 'temporal-cli', cliVersion);

/** A stand-in for the 200 MB command, which knows its version. */
async function makeCommand(path: string, server = '1.29.1'): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  const text = `#!/bin/sh\necho 'temporal version ${cliVersion} (Server ${server}, UI 2.42.1)'\n`;
  await writeFile(path, text, { mode: 0o755 });
  return path;
}

interface Release {
  archive: Buffer;
  checksums: string;
}

async function makeRelease(): Promise<Release> {
  const folder = join(home, 'release');
  await makeCommand(join(folder, 'temporal'));
  // Bytes that do not compress, so that half of the archive is half of something.
  await writeFile(join(folder, 'LICENSE'), randomBytes(300_000));
  await execa('tar', ['-czf', join(home, 'release.tar.gz'), '-C', folder, 'LICENSE', 'temporal']);
  const archive = await readFile(join(home, 'release.tar.gz'));
  const sum = createHash('sha256').update(archive).digest('hex');
  const machine = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const checksums = `${'0'.repeat(64)}  temporal_cli_${cliVersion}_plan9_arm.tar.gz\n${sum}  temporal_cli_${cliVersion}_${machine}.tar.gz\n`;
  return { archive, checksums };
}

type Answer = 'whole' | 'half' | 'half, as if whole' | 'other content' | 'missing';

/** A download server. Each request for the archive gets the next of the answers, the last one again and again. */
async function serve({ archive, checksums }: Release, answers: Answer[]): Promise<string> {
  mirror = createServer((request, response) => {
    if (request.url === `/cli/v${cliVersion}/checksums.txt`) return response.end(checksums);
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
  return `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/cli/`;
}

test('the configured command comes before the one on the PATH, and that before the cached one', async () => {
  const configured = await makeCommand(join(home, 'mine', 'my-temporal'));
  const onPath = await makeCommand(join(home, 'bin', 'temporal'));
  const cached = await makeCommand(join(cacheFolder(), 'temporal'));
  const path = `${join(home, 'bin')}:/usr/bin:/bin`;
  const find = async (env: Record<string, string>) => (await findBinary(announce, environment(env))).path;

  expect(await find({ BLUEPRINT_TEMPORAL_CLI: configured, PATH: path })).toBe(configured);
  expect(await find({ PATH: path })).toBe(onPath);
  expect(await find({})).toBe(cached);
});

test('a configured command that cannot be used is an error, not passed over', async () => {
  await makeCommand(join(cacheFolder(), 'temporal'));
  const env = environment({ BLUEPRINT_TEMPORAL_CLI: join(home, 'nowhere') });
  await expect(findBinary(announce, env)).rejects.toThrow(
    /BLUEPRINT_TEMPORAL_CLI names .*nowhere, which does not run \(ENOENT\): correct it or unset it\./,
  );
});

test('a command on the PATH that is too old, or something else, is skipped, and that is said', async () => {
  await makeCommand(join(cacheFolder(), 'temporal'));
  await makeCommand(join(home, 'bin', 'temporal'), '1.24.2');
  const env = environment({ PATH: `${join(home, 'bin')}:/usr/bin:/bin` });
  expect((await findBinary(announce, env)).path).toBe(join(cacheFolder(), 'temporal'));
  expect(lines.join()).toMatch(
    /bin\/temporal on the PATH has server 1\.24\.2, and 1\.29\.0 or later is needed/,
  );

  await writeFile(join(home, 'bin', 'temporal'), '#!/bin/sh\necho hello\n');
  expect((await findBinary(announce, env)).path).toBe(join(cacheFolder(), 'temporal'));
  expect(lines.join()).toContain('is not the Temporal CLI');
});

test('the official release is downloaded, checked, cached, and used from then on', async () => {
  const url = await serve(await makeRelease(), ['whole', 'missing']);
  const env = environment({ BLUEPRINT_TEMPORAL_DOWNLOAD_URL: url });
  const binary = await findBinary(announce, env);
  expect(binary).toEqual({ path: join(cacheFolder(), 'temporal'), version: '1.29.1' });
  expect(lines[0]).toMatch(/^Downloading the Temporal CLI 1\.5\.1 from http/);
  expect(await findBinary(announce, env)).toEqual(binary);
  expect(await readdir(cacheFolder())).toEqual(['temporal']);
});

test.each([
  ['half', /it broke off after 0\.\d of 0\.\d MB/],
  ['half, as if whole', /the archive is not the one that its checksum names/],
  ['other content', /the archive is not the one that its checksum names/],
  ['missing', /answered with HTTP status 404/],
] as const)(
  'a download that is %s leaves nothing behind, and the next one succeeds',
  async (answer, reason) => {
    const url = await serve(await makeRelease(), [answer, 'whole']);
    const env = environment({ BLUEPRINT_TEMPORAL_DOWNLOAD_URL: url });
    await expect(findBinary(announce, env)).rejects.toThrow(reason);
    expect(await readdir(cacheFolder())).toEqual([]);
    expect((await findBinary(announce, env)).path).toBe(join(cacheFolder(), 'temporal'));
  },
);

test('when none of the five ways works, the error names all five', async () => {
  const env = environment({ BLUEPRINT_TEMPORAL_DOWNLOAD_URL: 'http://127.0.0.1:9' });
  const error = await findBinary(announce, env).catch((problem: Error) => problem.message);
  expect(error).toMatch(/BLUEPRINT_TEMPORAL_CLI is not set/);
  expect(error).toMatch(/temporal is not on the PATH/);
  expect(error).toMatch(/cache.*is not there yet/);
  expect(error).toMatch(/the download from http:\/\/127\.0\.0\.1:9\/v1\.5\.1 failed/);
  expect(error).toMatch(/go is not installed/);
});

test('what a killed download left is removed, what a living one makes is not', async () => {
  const dead = execa('true');
  await dead;
  const url = await serve(await makeRelease(), ['whole']);
  const left = join(cacheFolder(), `.making-${dead.pid}-abc`);
  const others = join(cacheFolder(), `.making-${process.pid}-def`);
  await mkdir(join(left, 'go', 'pkg'), { recursive: true });
  await mkdir(others, { recursive: true });
  await findBinary(announce, environment({ BLUEPRINT_TEMPORAL_DOWNLOAD_URL: url }));
  expect((await readdir(cacheFolder())).sort()).toEqual([`.making-${process.pid}-def`, 'temporal']);
});

test('a cached command that does not run any more is fetched again', async () => {
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(join(cacheFolder(), 'temporal'), 'half a command', { mode: 0o755 });
  const url = await serve(await makeRelease(), ['whole']);
  const env = environment({ BLUEPRINT_TEMPORAL_DOWNLOAD_URL: url });
  expect((await findBinary(announce, env)).version).toBe('1.29.1');
});

test('where the download fails, go builds the command, with nothing of it outside the cache', async () => {
  const go = join(home, 'bin', 'go');
  await mkdir(join(home, 'bin'));
  // A go that records what it was asked, and leaves a module cache and a command.
  await writeFile(
    go,
    `#!/bin/sh
[ "$1" = version ] && exit
echo "$@" > ${home}/asked
env > ${home}/given
mkdir -p "$GOPATH/pkg/mod" "$GOBIN" "$GOTMPDIR" || exit
echo example.com/package >&2
printf '#!/bin/sh\\necho "temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)"\\n' > "$GOBIN/temporal"
chmod +x "$GOBIN/temporal"
`,
    { mode: 0o755 },
  );
  const env = environment({
    PATH: `${join(home, 'bin')}:/usr/bin:/bin`,
    BLUEPRINT_TEMPORAL_DOWNLOAD_URL: 'http://127.0.0.1:9',
    GOARCH: 'mips',
    GOPROXY: 'https://modules.example.com',
  });
  expect((await findBinary(announce, env)).path).toBe(join(cacheFolder(), 'temporal'));
  expect(await readdir(cacheFolder())).toEqual(['temporal']);
  expect(await readFile(join(home, 'asked'), 'utf8')).toBe(
    'install -v -ldflags -s -w github.com/temporalio/cli/cmd/temporal@v1.5.1\n',
  );
  const given = await readFile(join(home, 'given'), 'utf8');
  expect(given).toContain('GOPROXY=https://modules.example.com');
  expect(given).not.toContain('mips');
  for (const name of ['GOPATH', 'GOMODCACHE', 'GOCACHE', 'GOBIN', 'GOTMPDIR'])
    expect(given).toMatch(new RegExp(`^${name}=${cacheFolder()}/\\.making-`, 'm'));
});

test('looking for what is installed fetches nothing', async () => {
  const url = await serve(await makeRelease(), ['whole']);
  const env = environment({ BLUEPRINT_TEMPORAL_DOWNLOAD_URL: url });
  expect(await installedBinary(announce, env)).toBeUndefined();
  expect(lines).toHaveLength(2);
});
