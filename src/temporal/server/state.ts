/** The state file: how a running embedded server is found again. */
import * as z from 'zod';
import { fileFormat } from '../../domain/file-format.js';
import { writeFileAtomic } from '../../host/atomic-file.js';
import type { Environment } from '../../host/environment.js';
import { readFileAs } from '../../host/files.js';
import { serverFiles } from './files.js';

const port = z.number().int().min(1).max(65_535);

const serverStateSchema = z.object({
  /** Absent once it was stopped. */
  process: z.object({ pid: z.number().int(), birth: z.string(), boot: z.string() }).optional(),
  ports: z.object({ grpc: port, ui: port, http: port, metrics: port }),
  /** The command that runs it. */
  binary: z.string(),
  /** The server's version, not the CLI's. */
  version: z.string(),
  startedAt: z.iso.datetime(),
  /** Whether this process has answered for our namespace. */
  ready: z.boolean(),
});

export type ServerState = z.infer<typeof serverStateSchema>;

const stateFormat = fileFormat(1, serverStateSchema);

/**
 * @returns undefined where no server was started yet
 * @throws {Problem} `damaged-file`, `newer-file`
 */
export const readServerState = (env: Environment = process.env): Promise<ServerState | undefined> =>
  readFileAs(serverFiles(env).state, stateFormat);

export const writeServerState = (state: ServerState, env: Environment = process.env): Promise<void> =>
  writeFileAtomic(serverFiles(env).state, stateFormat.text(state));
