/** Opening a connection to a server, wherever it is. */
import { Connection, type ConnectionOptions } from '@temporalio/client';

// A local server answers in milliseconds, a far one in a second: this is for one under load. gRPC waits for it to the
// end even where the connection is refused.
const connectTimeout = '5 seconds';

/** A connection that has been answered. Leaves nothing open when it fails. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const connection = Connection.lazy({ connectTimeout, ...options });
  try {
    await connection.ensureConnected();
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}
