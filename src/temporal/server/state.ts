/** The state file: how a running embedded server is found again, and what its database was last written by. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomic } from '../../host/atomic-file.js';
import { stateDirectory } from '../../host/directories.js';
import type { Environment } from '../../host/environment.js';

const port = z.number().int().min(1).max(65_535);

const serverStateSchema = z.object({
  /** Absent once it was stopped. */
  process: z.object({ pid: z.number().int(), birth: z.string(), boot: z.string() }).optional(),
  ports: z.object({ grpc: port, ui: port, http: port, metrics: port }),
  /** The command that runs it. */
  binary: z.string(),
  /** The server's version, not the CLI's: a database belongs to it. */
  version: z.string(),
  startedAt: z.iso.datetime(),
  /** Whether this process has answered for our namespace. */
  ready: z.boolean(),
  /** Whether any process ever did: if not, the database may be half made, and nothing is in it. */
  databaseUsed: z.boolean(),
});

export type ServerState = z.infer<typeof serverStateSchema>;

/** Where the embedded server keeps its files. */
export function serverFiles(env: Environment = process.env) {
  const folder = join(stateDirectory(env), 'temporal');
  return {
    folder,
    state: join(folder, 'server.json'),
    database: join(folder, 'temporal.db'),
    log: join(folder, 'server.log'),
    lock: join(folder, 'lock'),
  };
}

/** The state file's content; undefined when there is none or it is not one of ours. */
export async function readServerState(env: Environment = process.env): Promise<ServerState | undefined> {
  try {
    return serverStateSchema.safeParse(JSON.parse(await readFile(serverFiles(env).state, 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const writeServerState = (state: ServerState, env: Environment = process.env): Promise<void> =>
  writeFileAtomic(serverFiles(env).state, `${JSON.stringify(state, undefined, 2)}\n`);
