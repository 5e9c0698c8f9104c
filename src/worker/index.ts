/** Running a worker: in a command's own process, or for long. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { openProject } from '../feature/project.js';
import { startRunner } from '../host/runner.js';
import { connectWorker } from '../temporal/connection/connect-worker.js';
import type { ServerAddress } from '../temporal/connection/server-address.js';
import { createWorker } from './create.js';
import { recoverLost } from './recover.js';

export interface RunningWorker {
  /** Settles when the worker has ended; rejects when it failed. */
  ended: Promise<void>;
  /** Ends the worker. Running calls go on into their directories, and the next worker takes them over. */
  stop(): Promise<void>;
}

/**
 * Starts a worker for a project, after putting right what lost workers left.
 *
 * @param options.log the file that Temporal's own log lines go to
 * @throws Problem when the server does not answer
 */
export async function startWorker(options: {
  root: string;
  server: ServerAddress;
  log: string;
}): Promise<RunningWorker> {
  const { server, log } = options;
  const { root, instance } = await openProject(options.root);
  // From here on the native part keeps the process alive until its last connection is closed.
  logTo(log);
  const connection = await connectWorker(server);
  const client = new Client({ connection, namespace: server.namespace });
  // Side by side: creating a worker mostly waits for the thread that workflows run in.
  const [worker] = await Promise.all([
    createWorker({ root, instance, connection, namespace: server.namespace, embedded: server.embedded }),
    recoverLost(client, { root, instance, embedded: server.embedded }),
  ]).catch(async (error: unknown) => {
    // An open connection would keep the process alive.
    await connection.close();
    throw error;
  });
  startRunner();
  const ended = worker.run().finally(() => connection.close());
  return {
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

let logging: string | undefined;

/** Temporal's runtime is one for the whole process, and so is its log. */
function logTo(file: string): void {
  if (logging !== undefined) return;
  logging = file;
  mkdirSync(dirname(file), { recursive: true });
  Runtime.install({
    // The worker's own signal handlers would end it before the command has said how to go on.
    shutdownSignals: [],
    // The native part's lines too: on the console they would stand between the command's own.
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
    logger: new DefaultLogger('WARN', ({ level, message, meta, timestampNanos }) => {
      const at = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
      const error = meta?.error instanceof Error ? ` ${meta.error.stack}` : '';
      appendFileSync(file, `${at} ${level} ${message}${error}\n`);
    }),
  });
}
