/** Connections to the server that was found. */
import { Client } from '@temporalio/client';
import { Problem } from '../../domain/problem.js';
import { firstLineOf } from '../../host/reason.js';
import { isNamespaceMissing } from './namespace.js';
import { openConnection } from './open.js';
import { loadProfile, profileConnectionOptions } from './profile.js';
import type { ServerAddress } from './server-address.js';

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

/** The embedded server is plain; for any other, keys, certificates and metadata come from the person's configuration. */
export const connectionOptions = (server: ServerAddress) =>
  server.embedded
    ? { address: server.address }
    : { ...profileConnectionOptions(loadProfile()), address: server.address };

/** What to say when the connection could not be made. */
export function noAnswer(server: ServerAddress, error: unknown): Problem {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const advice = server.embedded
    ? 'stop it and start it again'
    : 'check TEMPORAL_ADDRESS, its key and its certificates, or unset it to use the embedded server';
  return new Problem(
    'server-silent',
    `No Temporal server answers at ${server.address} (${firstLineOf(cause)}): ${advice}.`,
    { embedded: server.embedded, cause: error },
  );
}
