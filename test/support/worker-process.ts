/** Workers in processes of their own, to be killed: they run what is built, as a user's do. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killHard } from './calls.js';

export interface WorkerProcess {
  child: ChildProcess;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
}

const built = (path: string): string => JSON.stringify(join(process.cwd(), 'dist', path));

/**
 * Starts a worker and returns when it polls.
 *
 * @param environment finds the tests' server
 */
export async function startWorkerProcess(
  root: string,
  environment: Record<string, string>,
): Promise<WorkerProcess> {
  const module = `
    const { findServer } = await import(${built('temporal/find-server.js')});
    const { startWorker } = await import(${built('worker/index.js')});
    const root = ${JSON.stringify(root)};
    const worker = await startWorker({ root, server: await findServer(), log: root + '/.blueprint/worker.log' });
    process.stdout.write('ready\\n');
    await worker.ended;
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', module], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`The worker ended with ${code} before it was ready.`)));
  });
  return { child, kill: () => killHard(child) };
}

/** Keeps a worker running, and kills it whenever it is told to: the next one starts at once. */
export async function keepWorker(root: string, environment: Record<string, string>) {
  let worker = await startWorkerProcess(root, environment);
  let kills = 0;
  return {
    async killAndRestart(pauseMs = 0): Promise<void> {
      await worker.kill();
      kills++;
      await delay(pauseMs);
      worker = await startWorkerProcess(root, environment);
    },
    kill: () => worker.kill(),
    async restart(): Promise<void> {
      worker = await startWorkerProcess(root, environment);
    },
    kills: () => kills,
  };
}
