/** The client's connection to Temporal: made when it is needed first, and only then. */
import type { Client } from '@temporalio/client';
import type { ServerAddress } from '../temporal/connection/server-address.js';
import { ensureServer, findServer } from '../temporal/find-server.js';

export interface ServerLink {
  /** A connected client, on a server that is started when none runs. */
  connected(): Promise<{ client: Client; server: ServerAddress }>;
  /** A client when a server answers; starts nothing. */
  ifRunning(): Promise<{ client: Client; server: ServerAddress } | undefined>;
  close(): Promise<void>;
}

/** @param announce is given a line for each thing that takes a person's time */
export function createServerLink(announce: (line: string) => void): ServerLink {
  let link: Promise<{ client: Client; server: ServerAddress }> | undefined;

  const connect = async (server: ServerAddress) => {
    // Loaded when it is needed: it brings Temporal's client, which a look does without.
    const { connectClient } = await import('../temporal/connection/connect.js');
    return { client: await connectClient(server), server };
  };

  return {
    connected() {
      link ??= ensureServer(announce).then(connect);
      return link;
    },
    async ifRunning() {
      if (link !== undefined) return link;
      const server = await findServer();
      if (server === undefined) return undefined;
      // A server that does not answer is no server for one who only looks.
      const found = await connect(server).catch(() => undefined);
      if (found !== undefined) link = Promise.resolve(found);
      return found;
    },
    async close() {
      const open = await link?.catch(() => undefined);
      link = undefined;
      await open?.client.connection.close();
    },
  };
}
