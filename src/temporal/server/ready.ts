/** Whether the embedded server answers. */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstLineOf } from '../../host/reason.js';
import { ensureNamespace } from '../connection/namespace.js';
import { openConnection } from '../connection/open.js';
import { embeddedNamespace } from './running.js';

// Measured: 0.4 s with a warm disk. A cold disk reads 200 MB first, and a busy machine takes its time.
const startMs = 60_000;
const pollMs = 25;

// A look, for `server status`: a server that lives answers in milliseconds.
const lookMs = 3_000;

/**
 * Waits until the server answers for our namespace, which is made on its first start.
 *
 * @param address host:port
 * @param isAlive whether its process still runs: a dead one is not waited for
 */
export async function waitUntilReady(address: string, isAlive: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + startMs;
  let last: unknown = new Error('its port is closed');
  while (Date.now() < deadline) {
    if (!(await isAlive())) throw new Error('The Temporal server ended while it was starting.');
    // A refused connection makes gRPC wait for a second before it tries again; an open port is looked for first.
    if (await isOpen(address))
      try {
        return await prepareNamespace(address, embeddedNamespace);
      } catch (error) {
        last = error;
      }
    await sleep(pollMs);
  }
  throw new Error(`The Temporal server did not answer within ${startMs / 1000} s: ${firstLineOf(last)}.`);
}

/** Makes the namespace when it is missing, and returns when the server answers for it. */
export async function prepareNamespace(address: string, namespace: string): Promise<void> {
  const connection = await openConnection({ address });
  try {
    await ensureNamespace(connection, namespace);
  } finally {
    await connection.close();
  }
}

/** Whether the server at the address answers a request. */
export async function isAnswering(address: string): Promise<boolean> {
  if (!(await isOpen(address))) return false;
  try {
    const connection = await openConnection({ address, connectTimeout: lookMs });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

function isOpen(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host: host ?? '', port: Number(port), timeout: lookMs }, () => {
      socket.destroy();
      resolve(true);
    });
    const fail = () => {
      socket.destroy();
      resolve(false);
    };
    socket.once('error', fail).once('timeout', fail);
  });
}
