/** Where the embedded server keeps its files. */
import { join } from 'node:path';
import { stateDirectory } from '../../host/directories.js';
import type { Environment } from '../../host/environment.js';

export interface ServerFiles {
  folder: string;
  /** How a running server is found again. */
  state: string;
  database: string;
  /** What the database was last written by. */
  databaseRecord: string;
  log: string;
  lock: string;
}

export function serverFiles(env: Environment = process.env): ServerFiles {
  const folder = join(stateDirectory(env), 'temporal');
  return {
    folder,
    state: join(folder, 'server.json'),
    database: join(folder, 'temporal.db'),
    databaseRecord: join(folder, 'database.json'),
    log: join(folder, 'server.log'),
    lock: join(folder, 'lock'),
  };
}
