/** Which Temporal server to use: the one that a person configured, else the embedded one. */
import { Problem } from '../domain/problem.js';
import { loadProfile } from './profile.js';
import { embeddedNamespace, runningServer } from './running.js';
import type { Announce } from './server.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A server and our place on it. Holds no secret: keys and certificates are read when a connection is made. */
export interface ServerAddress {
  /** host:port */
  address: string;
  namespace: string;
  /** Whether it is our own, on this machine and without authentication. */
  embedded: boolean;
  /** The base of Temporal's own pages, where it is known. */
  uiUrl?: string;
}

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
    import('./server.js'),
    import('./ready.js'),
  ]);
  const { server } = await startServer(announce, env);
  const found = embedded(server, configured.namespace);
  if (found.namespace !== embeddedNamespace) await prepareNamespace(found.address, found.namespace);
  return found;
}

/**
 * Temporal's own page for our namespace, or for one workflow of it; undefined where we cannot know its address.
 *
 * @param workflow a workflow's id
 */
export function temporalUiUrl(server: ServerAddress, workflow?: string): string | undefined {
  if (server.uiUrl === undefined) return undefined;
  const page = `${server.uiUrl}/namespaces/${encodeURIComponent(server.namespace)}/workflows`;
  return workflow === undefined ? page : `${page}/${encodeURIComponent(workflow)}`;
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

/** Temporal Cloud's pages, and start-dev's with its default port; other clusters have theirs anywhere. */
function externalUiUrl(address: string): string | undefined {
  if (/\.(tmprl\.cloud|temporal\.io):\d+$/.test(address)) return 'https://cloud.temporal.io';
  if (/^(localhost|127\.0\.0\.1):7233$/.test(address)) return 'http://localhost:8233';
  return undefined;
}
