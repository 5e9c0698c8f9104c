/** The embedded server that runs, by its state file. Looking loads no client and connects to nothing. */

import type { Environment } from '../../host/environment.js';
import { isAlive, type ProcessIdentity } from '../../host/processes.js';
import { serverFiles } from './files.js';
import { readServerState, type ServerState } from './state.js';

/** Where features live on the embedded server. */
export const embeddedNamespace = 'blueprint';

export interface EmbeddedServer {
  /** host:port */
  address: string;
  uiUrl: string;
  pid: number;
  /** The server's version, such as 1.29.1. */
  version: string;
  binary: string;
  startedAt: string;
  database: string;
  log: string;
}

/** The embedded server whose process lives. */
export async function runningServer(env: Environment = process.env): Promise<EmbeddedServer | undefined> {
  const state = await readServerState(env);
  return state?.process !== undefined && (await isAlive(state.process))
    ? describeServer(state, state.process, env)
    : undefined;
}

/** What a state file says of the process in it. */
export const describeServer = (
  state: ServerState,
  process: ProcessIdentity,
  env: Environment,
): EmbeddedServer => ({
  address: `127.0.0.1:${state.ports.grpc}`,
  uiUrl: `http://127.0.0.1:${state.ports.ui}`,
  pid: process.pid,
  version: state.version,
  binary: state.binary,
  startedAt: state.startedAt,
  database: serverFiles(env).database,
  log: serverFiles(env).log,
});
