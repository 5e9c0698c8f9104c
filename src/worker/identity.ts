/** How a worker names itself to the server, so that whoever reads the name on its machine can tell whether it lives. */
import { hostname } from 'node:os';
import { identify, isAlive } from '../host/processes.js';

const prefix = 'blueprint';

/** This process, as a worker. */
export async function workerIdentity(): Promise<string> {
  const self = await identify(process.pid);
  if (self === undefined) throw new Error('unreachable: this process exists');
  return [prefix, self.pid, hostname(), self.boot, self.birth].join('@');
}

/** Whether the name is that of a worker of this machine which runs no more. Of any other nobody here can say. */
export async function isLostWorker(identity: string): Promise<boolean> {
  const [word, pid, host, boot, ...birth] = identity.split('@');
  if (word !== prefix || host !== hostname() || boot === undefined) return false;
  return !(await isAlive({ pid: Number(pid), boot, birth: birth.join('@') }));
}
