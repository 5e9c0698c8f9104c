/** `blueprint server`: the embedded Temporal server. */

import { columns } from '../../present/table.js';
import { temporalUiUrl } from '../../temporal/connection/server-address.js';
import { findServer } from '../../temporal/find-server.js';
import { serverStatus, startServer, stopServer } from '../../temporal/server/lifecycle.js';
import { exitStatus } from '../exit-status.js';
import { note, print, printJson } from '../output.js';

export async function start(): Promise<number> {
  const configured = await configuredServer();
  if (configured !== undefined) {
    note(configured);
    return exitStatus.done;
  }
  const { started, server } = await startServer(note);
  print(
    `The Temporal server ${started ? 'runs' : 'runs already'} at ${server.address}; its pages are at ${server.uiUrl}`,
  );
  return exitStatus.done;
}

export async function stop(): Promise<number> {
  const stopped = await stopServer();
  print(
    stopped ? 'The Temporal server is stopped; what it stored stays.' : 'No Temporal server of ours runs.',
  );
  return exitStatus.done;
}

export async function status({ json }: { json?: boolean }): Promise<number> {
  const found = await findServer();
  if (found !== undefined && !found.embedded) {
    if (json === true) printJson({ state: 'configured', ...found });
    else print(`Configured: ${found.address}, namespace ${found.namespace}`);
    return exitStatus.done;
  }
  const state = await serverStatus();
  if (json === true) printJson(state);
  else if (state.state === 'stopped')
    print('No Temporal server of ours runs; commands that need one start it.');
  else {
    const { server } = state;
    print(
      ...columns([
        ['State', state.state],
        ['Address', server.address],
        ['Pages', (found && temporalUiUrl(found)) ?? server.uiUrl],
        ['Process', String(server.pid)],
        ['Version', server.version],
        ['Started', server.startedAt],
        ['Database', server.database],
        ['Log', server.log],
      ]),
    );
  }
  return state.state === 'unresponsive' ? exitStatus.error : exitStatus.done;
}

/** The sentence about a server that a person configured, and that is not ours to start. */
async function configuredServer(): Promise<string | undefined> {
  const found = await findServer();
  if (found === undefined || found.embedded) return undefined;
  return `TEMPORAL_ADDRESS or a Temporal profile names ${found.address}, so no server of ours is started.`;
}
