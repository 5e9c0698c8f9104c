/**
 * Temporal's Java test server, fetched once with Maven into the user's cache.
 */
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { cacheDirectory } from '../../src/host/directories.js';
import { withLock } from '../../src/host/lock.js';

const version = '1.32.0';

// Forty jars: 10 s here, minutes behind a slow mirror.
const fetchTimeoutMs = 10 * 60_000;

/** A script that runs the Java test server with its arguments; undefined where that cannot be had. */
export async function testServerScript(): Promise<string | undefined> {
  const folder = join(cacheDirectory(), 'temporal-test-server', version);
  const script = join(folder, 'temporal-test-server');
  await withLock(`${folder}.lock`, async () => {
    if ((await exists(script)) || !(await runs('java')) || !(await runs('mvn'))) return;
    await mkdir(dirname(folder), { recursive: true });
    const aside = await mkdtemp(`${folder}.making-`);
    try {
      await fetchJars(aside);
      await writeFile(join(aside, 'temporal-test-server'), wrapper, { mode: 0o755 });
      await rename(aside, folder);
    } catch (error) {
      console.error(`The test server could not be fetched with Maven: ${String(error).slice(0, 500)}`);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
  return (await exists(script)) && (await runs('java')) ? script : undefined;
}

async function fetchJars(folder: string): Promise<void> {
  await writeFile(join(folder, 'pom.xml'), pom);
  await execa(
    'mvn',
    [
      '--batch-mode',
      '--quiet',
      'dependency:copy-dependencies',
      '-DoutputDirectory=lib',
      '-DincludeScope=runtime',
    ],
    { cwd: folder, timeout: fetchTimeoutMs, stdin: 'ignore' },
  );
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>blueprint</groupId>
  <artifactId>temporal-test-server-fetch</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

const wrapper = `#!/bin/sh
# Fewer compilers and a serial collector: it starts in half the time, and is not there for speed.
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;

const runs = async (command: string): Promise<boolean> =>
  !(await execa(command, ['-version'], { reject: false, stdin: 'ignore' })).failed;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
