/**
 * A worker's connection. A module of its own, which only what runs a worker imports: it brings a native library that a
 * client can do without. Imported statically, since the bundled command gets no names from a dynamic import of a
 * package in CommonJS.
 */
import { NativeConnection } from '@temporalio/worker';
import { connectionOptions, noAnswer } from './connect.js';
import type { ServerAddress } from './server-address.js';

/**
 * A connection for workers. The caller closes it, after its workers have ended.
 *
 * @throws Problem when nothing answers there
 */
export const connectWorker = (server: ServerAddress): Promise<NativeConnection> =>
  NativeConnection.connect(connectionOptions(server)).catch((error: unknown) => {
    throw noAnswer(server, error);
  });
