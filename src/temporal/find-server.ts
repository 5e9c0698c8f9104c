/** Which Temporal server to use: the one that a person configured, else the embedded one. */
import { Problem } from '../domain/problem.js';
import type { Environment } from '../host/environment.js';
import type { Announce } from './announce.js';
import { loadProfile } from './connection/profile.js';
import { externalUiUrl, type ServerAddress } from './connection/server-address.js';
import { embeddedNamespace, runningServer } from './server/running.js';

/**
 * The server that is there: the one from `TEMPORAL_ADDRESS` or a Temporal profile, else the embedded one when it
 * runs. Starts nothing and connects to nothing.
 *
 * @throws Problem when the Temporal configuration cannot be read
 */
export async function findServer(env: Environment = process.env): Promise<ServerAddress | undefined> {
  const configured = readConfiguration(env);
  if (configured.server !== undefined) return configured.server;
  const running = await runningServer(env);
  return running === undefined ? undefined : embedded(running, configured.namespace);
}

/**
 * The configured server, else the embedded one, started when it does not run.
 *
 * @param announce is given a line for each thing that takes a person's time
 * @throws Problem when the configuration cannot be read, or the embedded server cannot be started
 */
export async function ensureServer(
  announce: Announce,
  env: Environment = process.env,
): Promise<ServerAddress> {
  const configured = readConfiguration(env);
  if (configured.server !== undefined) return configured.server;
  // Loaded where it is needed: it brings the client, which takes longer to load than all of a look.
  const [{ startServer }, { prepareNamespace }] = await Promise.all([
    import('./server/lifecycle.js'),
    import('./server/ready.js'),
  ]);
  const { server } = await startServer(announce, env);
  const found = embedded(server, configured.namespace);
  if (found.namespace !== embeddedNamespace) await prepareNamespace(found.address, found.namespace);
  return found;
}

const embedded = (
  running: { address: string; uiUrl: string },
  namespace = embeddedNamespace,
): ServerAddress => ({ address: running.address, namespace, embedded: true, uiUrl: running.uiUrl });

interface Configuration {
  server?: ServerAddress;
  /** Named without an address: it is meant for the embedded server. */
  namespace?: string;
}

function readConfiguration(env: Environment): Configuration {
  const profile = loadProfile(env);
  if (profile.address) {
    const namespace = profile.namespace ?? 'default';
    const uiUrl = externalUiUrl(profile.address);
    const server = { address: profile.address, namespace, embedded: false };
    return { server: uiUrl === undefined ? server : { ...server, uiUrl } };
  }
  if (env.TEMPORAL_PROFILE)
    throw new Problem(
      'temporal-config-unusable',
      `The Temporal profile ${env.TEMPORAL_PROFILE} has no address: give it one, or unset TEMPORAL_PROFILE to use the embedded server.`,
    );
  return profile.namespace ? { namespace: profile.namespace } : {};
}
