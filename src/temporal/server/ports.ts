/** The embedded server's ports: found free, and kept over restarts where possible. */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Every port that the server can be told. Unnamed ones it takes at random, where two servers could collide. */
export interface ServerPorts {
  grpc: number;
  ui: number;
  http: number;
  metrics: number;
}

// Below the ports that systems hand out by themselves (from 32768 on Linux, from 49152 on macOS): there, a passing
// connection of any program could sit on the server's port when it starts again.
const lowest = 17_000;
const highest = 31_000;
// A process killed on a busy machine counts as dead some time before its last thread has let go of its ports. Other
// ports would strand the workers that are still connected to these, so they are worth a wait.
const preferredMs = 10_000;
const pollMs = 50;
// Blocks of four to try before it is plain that something else is wrong.
const tries = 200;

/**
 * Four ports on 127.0.0.1 that are free at this moment.
 *
 * @param preferred taken when they are all free, or become so within ten seconds: a server that comes back where it was is found again by the workers
 *   and pages that are still connected to it
 */
export async function choosePorts(preferred?: ServerPorts): Promise<ServerPorts> {
  for (let waited = 0; preferred !== undefined && waited < preferredMs; waited += pollMs) {
    if (await allFree(preferred)) return preferred;
    await sleep(pollMs);
  }
  for (let n = 0; n < tries; n++) {
    const grpc = lowest + 4 * Math.floor((Math.random() * (highest - lowest)) / 4);
    const ports = { grpc, ui: grpc + 1, http: grpc + 2, metrics: grpc + 3 };
    if (await allFree(ports)) return ports;
  }
  throw new Error(`No four free ports were found between ${lowest} and ${highest} on 127.0.0.1.`);
}

const allFree = async (ports: ServerPorts): Promise<boolean> =>
  (await Promise.all(Object.values(ports).map(isFree))).every(Boolean);

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
