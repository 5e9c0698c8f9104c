/** `blueprint server`: the embedded Temporal server. */

import { openServer, type TemporalStatus } from '../../app/index.js';
import { columns } from '../../present/table.js';
import type { Program, Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { note, print, printJson } from '../output.js';

export function addServer(program: Program, run: Run): void {
  const server = program.command('server').description('the embedded Temporal server');
  server.command('start').description('start it, unless it runs').action(run.anywhere(start));
  server.command('stop').description('stop it; what it stored stays').action(run.anywhere(stop));
  server
    .command('status')
    .description('how it is')
    .option('--json', 'as JSON')
    .action(run.anywhere((_global, { json }) => status(json === true)));
}

async function start(): Promise<number> {
  const { started, state } = await (await openServer(note)).start();
  if (state.state === 'configured')
    note(`TEMPORAL_ADDRESS or a Temporal profile names ${state.address}, so no server of ours is started.`);
  else if (state.state !== 'stopped')
    print(
      `The Temporal server ${started ? 'runs' : 'runs already'} at ${state.server.address}; its pages are at ${state.server.uiUrl}`,
    );
  return exitStatus.done;
}

async function stop(): Promise<number> {
  const stopped = await (await openServer(note)).stop();
  print(
    stopped ? 'The Temporal server is stopped; what it stored stays.' : 'No Temporal server of ours runs.',
  );
  return exitStatus.done;
}

async function status(json: boolean): Promise<number> {
  const state = await (await openServer(note)).status();
  if (json) printJson(state);
  else print(...statusLines(state));
  return state.state === 'unresponsive' ? exitStatus.error : exitStatus.done;
}

function statusLines(state: TemporalStatus): string[] {
  if (state.state === 'configured') return [`Configured: ${state.address}, namespace ${state.namespace}`];
  if (state.state === 'stopped') return ['No Temporal server of ours runs; commands that need one start it.'];
  const { server, webUi } = state;
  return columns([
    ['State', state.state],
    ['Address', server.address],
    ['Pages', webUi],
    ['Process', String(server.pid)],
    ['Version', server.version],
    ['Started', server.startedAt],
    ['Database', server.database],
    ['Log', server.log],
  ]);
}
