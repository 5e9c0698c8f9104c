/** Starting the server's process so that it outlives its starter and never runs unknown to the state file. */

import { open, rename, stat } from 'node:fs/promises';
import { execa } from 'execa';
import type { Environment } from '../../host/environment.js';
import { identify, type ProcessIdentity } from '../../host/processes.js';
import { serverFiles } from './files.js';
import { serverArguments } from './flags.js';
import type { ServerPorts } from './ports.js';

// Months of warnings. One older file is kept beside it.
const logBytes = 5_000_000;

// What the end of the log may hold of one failed start.
const tailBytes = 16_384;

/** A process that waits to become the server. */
export interface LaunchedServer {
  process: ProcessIdentity;
  /** Lets it become the server. If we die before, it ends by itself. */
  release(): void;
  /** What it wrote to the log, by lines, bounded. */
  log(): Promise<string[]>;
}

/**
 * Starts the process in a session of its own, which a terminal's Ctrl+C does not reach, and holds it: a shell waits
 * for a line before it becomes the server, keeping its process id and its birth. So the state file names the server
 * before it touches the database, and a starter that is killed in between leaves none behind.
 */
export async function launchServer(
  binary: string,
  ports: ServerPorts,
  env: Environment,
): Promise<LaunchedServer> {
  const { folder, database, log } = serverFiles(env);
  const begin = await keepLogSmall(log);
  const child = execa('/bin/sh', ['-c', hold, 'sh', log, binary, ...serverArguments(database, ports)], {
    cwd: folder,
    // The server needs nothing of the person's: no keys, and no Temporal configuration that it might read.
    env: { HOME: folder, PATH: env.PATH ?? '', TMPDIR: env.TMPDIR ?? '/tmp' },
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
  });
  // A write to a process that was killed meanwhile fails here; its end is noticed by whoever waits for it.
  child.stdin.on('error', () => {});
  const process = child.pid === undefined ? undefined : await identify(child.pid);
  if (process === undefined) throw new Error('The Temporal server ended before it began.');
  child.unref();
  return {
    process,
    release: () => child.stdin.end('go\n'),
    log: () => readLines(log, begin),
  };
}

// After exec it is the same process, with the same birth. Without the line, `read` fails and nothing is started.
const hold = 'read -r go && log=$1 && shift && exec "$@" </dev/null >>"$log" 2>&1';

/** Moves a long log aside. Returns the size of the one that is there, in bytes. */
async function keepLogSmall(log: string): Promise<number> {
  const size = await stat(log).then(
    (entry) => entry.size,
    () => 0,
  );
  if (size <= logBytes) return size;
  await rename(log, `${log}.1`);
  return 0;
}

async function readLines(log: string, begin: number): Promise<string[]> {
  const file = await open(log, 'r').catch(() => undefined);
  if (file === undefined) return [];
  try {
    const from = Math.max(begin, (await file.stat()).size - tailBytes);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(tailBytes), position: from });
    return buffer
      .toString('utf8', 0, bytesRead)
      .split('\n')
      .filter((line) => line.trim() !== '');
  } finally {
    await file.close();
  }
}
