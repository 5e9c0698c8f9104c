/** The real server that all tests of a run share, made by the first one that asks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../../src/host/package-files.js';
import type { ServerAddress } from '../../src/temporal/connection/server-address.js';
import { startServer } from '../../src/temporal/server/lifecycle.js';
import { testFolder } from './source-process.js';

/**
 * The environment in which our code, and every command of ours, finds the tests' server and no other: set for a
 * child process, or given to `ensureServer`.
 */
export const testServerEnvironment = (): Record<string, string> => ({
  ...variables(),
  XDG_STATE_HOME: join(testFolder(), 'state'),
  // No profile of the person's.
  TEMPORAL_CONFIG_FILE: join(testFolder(), 'no-temporal.toml'),
});

/** The server of this test run. */
export async function testServer(): Promise<ServerAddress> {
  const { server } = await startServer(() => {}, testServerEnvironment());
  return { address: server.address, namespace: 'blueprint', embedded: true, uiUrl: server.uiUrl };
}

/** The workflows as they are built: the set-up of the run has seen to it that they are today's. */
export const builtWorkflows = (): { code: string } => ({
  code: readFileSync(packageFile('dist/workflow-bundle.js'), 'utf8'),
});

const variables = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
