/** The embedded server: one for each user, started detached, found again through its state file. */

import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../domain/problem.js';
import type { Environment } from '../../host/environment.js';
import { withLock } from '../../host/lock.js';
import { isAlive, type ProcessIdentity } from '../../host/processes.js';
import type { Announce } from '../announce.js';
import { findBinary } from '../binary/find.js';
import { findDatabase, prepareDatabase, recordDatabase } from './database.js';
import { serverFiles } from './files.js';
import { launchServer } from './launch.js';
import { choosePorts } from './ports.js';
import { isAnswering, waitUntilReady } from './ready.js';
import { describeServer, type EmbeddedServer, runningServer } from './running.js';
import { readServerState, type ServerState, writeServerState } from './state.js';

export type ServerStatus =
  /** Its process lives and it answers. */
  | { state: 'running'; server: EmbeddedServer }
  /** Its process lives and it does not answer: it is starting, or it hangs. */
  | { state: 'unresponsive'; server: EmbeddedServer }
  | { state: 'stopped' };

// A graceful end was measured at 1.3 s; WAL survives a kill, so waiting longer would gain nothing.
const stopMs = 5_000;
const pollMs = 50;

// A port may be taken between our look and the server's: then others are chosen.
const portTries = 3;

/** How the embedded server is. Starts nothing. */
export async function serverStatus(env: Environment = process.env): Promise<ServerStatus> {
  const server = await runningServer(env);
  if (server === undefined) return { state: 'stopped' };
  return { state: (await isAnswering(server.address)) ? 'running' : 'unresponsive', server };
}

/**
 * Starts the embedded server, unless it runs. Several commands may do so at once: one starts it, the others wait.
 *
 * @param announce is given a line for each thing that takes a person's time
 * @returns when our namespace answers
 * @throws Problem when it cannot be had or does not come up
 */
export async function startServer(
  announce: Announce,
  env: Environment = process.env,
): Promise<{ started: boolean; server: EmbeddedServer }> {
  const seen = await readServerState(env);
  if (seen?.process !== undefined && seen.ready && (await isAlive(seen.process)))
    return { started: false, server: describeServer(seen, seen.process, env) };
  // Nobody else's business, like the database in it.
  await mkdir(serverFiles(env).folder, { recursive: true, mode: 0o700 });
  return withLock(
    serverFiles(env).lock,
    async () => {
      const last = await readServerState(env);
      if (last?.process !== undefined && (await isAlive(last.process))) {
        // Its starter was killed after it let go of the server: it comes up by itself.
        if (!last.ready) await awaitForeignStart(last, last.process, env);
        return { started: false, server: describeServer(last, last.process, env) };
      }
      return { started: true, server: await start(last, announce, env) };
    },
    (holder) =>
      announce(`Waiting for another command (process ${holder}) that starts the Temporal server ...`),
  );
}

/**
 * Stops the embedded server: gracefully, then by force. What it stored stays.
 *
 * @returns whether there was one to stop
 */
export async function stopServer(env: Environment = process.env): Promise<boolean> {
  // Looking comes first, so that stopping nothing makes no folder.
  if ((await runningServer(env)) === undefined) return false;
  return withLock(serverFiles(env).lock, async () => {
    const state = await readServerState(env);
    if (state?.process === undefined || !(await isAlive(state.process))) return false;
    await end(state.process);
    const { process: _ended, ...rest } = state;
    await writeServerState({ ...rest, ready: false }, env);
    return true;
  });
}

async function start(
  last: ServerState | undefined,
  announce: Announce,
  env: Environment,
): Promise<EmbeddedServer> {
  const database = await findDatabase(env);
  const lastWriter = database.state === 'written' ? database.by : undefined;
  const binary = await findBinary(announce, { env, lastWriter });
  await prepareDatabase(database, binary, announce, env);
  for (let attempt = 1; ; attempt++) {
    const ports = await choosePorts(attempt === 1 ? last?.ports : undefined);
    const launched = await launchServer(binary.path, ports, env);
    const state: ServerState = {
      process: launched.process,
      ports,
      binary: binary.path,
      version: binary.version,
      startedAt: new Date().toISOString(),
      ready: false,
    };
    await writeServerState(state, env);
    await recordDatabase(binary, database.state !== 'empty', env);
    launched.release();
    try {
      await becomeReady(state, launched.process, env);
      const server = describeServer(state, launched.process, env);
      announce(`Started a Temporal server in the background; its pages are at ${server.uiUrl}.`);
      return server;
    } catch (error) {
      await end(launched.process);
      const lines = await launched.log();
      if (attempt < portTries && lines.some(isPortTaken)) continue;
      const reason = lines.filter((line) => !line.startsWith('time=')).at(-1) ?? lines.at(-1);
      throw new Problem(
        'server-not-started',
        `The Temporal server did not start: ${reason?.slice(0, 300) ?? 'it said nothing'}. Its log is ${serverFiles(env).log}.`,
        { cause: error },
      );
    }
  }
}

const isPortTaken = (line: string): boolean => /address already in use|can't set .*port/i.test(line);

async function becomeReady(state: ServerState, process: ProcessIdentity, env: Environment): Promise<void> {
  await waitUntilReady(`127.0.0.1:${state.ports.grpc}`, () => isAlive(process));
  // First the database: one that counts as unused would be made again.
  await recordDatabase({ path: state.binary, version: state.version }, true, env);
  await writeServerState({ ...state, ready: true }, env);
}

async function awaitForeignStart(
  state: ServerState,
  process: ProcessIdentity,
  env: Environment,
): Promise<void> {
  try {
    await becomeReady(state, process, env);
  } catch (error) {
    throw new Problem(
      'server-silent',
      `The Temporal server (process ${process.pid}) runs but does not answer: stop it, then try again. Its log is ${serverFiles(env).log}.`,
      { embedded: true, cause: error },
    );
  }
}

async function end(process: ProcessIdentity): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isAlive(process))) return;
    send(process.pid, signal);
    for (let waited = 0; waited < stopMs && (await isAlive(process)); waited += pollMs) await sleep(pollMs);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
