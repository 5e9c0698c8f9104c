/** Connections to the server that was found. */

import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { Problem } from '../domain/problem.js';
import type { ServerAddress } from './address.js';
import { isNamespaceMissing } from './namespace.js';
import { reasonOf } from './problem.js';
import { loadProfile, profileConnectionOptions } from './profile.js';

// A local server answers in milliseconds, a far one in a second: this is for one under load. gRPC waits for it to the
// end even where the connection is refused.
const connectTimeout = '5 seconds';

/**
 * A client for our namespace. The caller closes `client.connection`.
 *
 * @throws Problem when nothing answers there, or the namespace is missing
 */
export async function connectClient(server: ServerAddress): Promise<Client> {
  const connection = await openConnection(connectionOptions(server)).catch((error: unknown) => {
    throw noAnswer(server, error);
  });
  if (!server.embedded && (await isNamespaceMissing(connection, server.namespace))) {
    await connection.close();
    throw new Problem(
      'namespace-missing',
      `The Temporal server at ${server.address} has no namespace ${server.namespace}: create it, or set TEMPORAL_NAMESPACE to one that it has.`,
    );
  }
  return new Client({ connection, namespace: server.namespace });
}

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

/** The embedded server is plain; for any other, keys, certificates and metadata come from the person's configuration. */
export const connectionOptions = (server: ServerAddress) =>
  server.embedded
    ? { address: server.address }
    : { ...profileConnectionOptions(loadProfile()), address: server.address };

/** What to say when the connection could not be made. */
export function noAnswer(server: ServerAddress, error: unknown): Problem {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const advice = server.embedded
    ? 'start it again with `blueprint server stop` and `blueprint server start`'
    : 'check TEMPORAL_ADDRESS, its key and its certificates, or unset it to use the embedded server';
  return new Problem(
    'server-silent',
    `No Temporal server answers at ${server.address} (${reasonOf(cause)}): ${advice}.`,
    { cause: error },
  );
}
