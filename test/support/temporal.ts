/** The real server and the workflow bundle that all tests share, made by the first one that asks. */
import { join } from 'node:path';
import { execa } from 'execa';
import { exists } from '../../src/host/files.js';
import { withLock } from '../../src/host/lock.js';
import type { ServerAddress } from '../../src/temporal/connection/server-address.js';
import { startServer } from '../../src/temporal/server/lifecycle.js';
import { testFolder, transpiledCode } from './source-process.js';

/**
 * The environment in which our code, and every command of ours, finds the tests' server and no other: set for a
 * child process, or given to `ensureServer`.
 */
export const testServerEnvironment = (): Record<string, string> => ({
  ...withoutTemporal(),
  XDG_STATE_HOME: join(testFolder(), 'state'),
  // No profile of the person's.
  TEMPORAL_CONFIG_FILE: join(testFolder(), 'no-temporal.toml'),
});

/** The server of this test run. Also in `BLUEPRINT_TEST_TEMPORAL_ADDRESS` from then on. */
export async function testServer(): Promise<ServerAddress> {
  const { server } = await startServer(() => {}, testServerEnvironment());
  process.env.BLUEPRINT_TEST_TEMPORAL_ADDRESS = server.address;
  return { address: server.address, namespace: 'blueprint', embedded: true, uiUrl: server.uiUrl };
}

/** The path of the workflows' bundle. Also in `BLUEPRINT_TEST_BUNDLE` from then on. */
export async function testBundle(): Promise<string> {
  const path = join(testFolder(), 'workflow-bundle.js');
  await withLock(join(testFolder(), 'bundle-lock'), async () => {
    if (await exists(path)) return;
    const code = transpiledCode();
    const script = join(code, 'test', 'support', 'outside-jest.js');
    // Webpack, in Node's own module system.
    await execa(process.execPath, [script, 'bundle', join(code, 'src', 'workflows'), path]);
  });
  process.env.BLUEPRINT_TEST_BUNDLE = path;
  return path;
}

const withoutTemporal = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('TEMPORAL_'),
    ),
  );
