/** A worker's connection. Apart from the client's: it brings a native library, which a client alone can do without. */
import { NativeConnection } from '@temporalio/worker';
import type { ServerAddress } from './address.js';
import { connectionOptions, noAnswer } from './connect.js';

/**
 * A connection for workers. The caller closes it, after its workers have ended.
 *
 * @throws Problem when nothing answers there
 */
export const connectWorker = (server: ServerAddress): Promise<NativeConnection> =>
  NativeConnection.connect(connectionOptions(server)).catch((error: unknown) => {
    throw noAnswer(server, error);
  });
