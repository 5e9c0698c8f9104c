/**
 * The attempts that are under way, as files in `.blueprint/attempts`: which worker has each, and the token that ends
 * it. A worker that starts finds those of dead workers there and ends them at once, instead of waiting for their
 * heartbeats to be missed.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../host/atomic-file.js';
import { identify, isAlive } from '../host/processes.js';

const attemptSchema = z.object({
  host: z.string(),
  worker: z.object({ pid: z.number(), birth: z.string(), boot: z.string() }),
  taskToken: z.base64(),
  activity: z.string(),
});
type Attempt = z.infer<typeof attemptSchema>;

const attemptsDirectory = (root: string): string => join(root, '.blueprint', 'attempts');

/**
 * Records that this process works on an attempt.
 *
 * @param taskToken base64
 * @returns removes the record
 */
export async function recordAttempt(
  root: string,
  taskToken: string,
  activity: string,
): Promise<() => Promise<void>> {
  const worker = await identify(process.pid);
  if (worker === undefined) throw new Error('unreachable: this process exists');
  const path = join(attemptsDirectory(root), `${randomUUID()}.json`);
  const attempt: Attempt = { host: hostname(), worker, taskToken, activity };
  await writeFileAtomic(path, JSON.stringify(attempt));
  return () => rm(path, { force: true });
}

/**
 * Ends the attempts of dead workers of this machine, and forgets them.
 *
 * @param end fails one attempt by its token; what it throws (the server has given the attempt up already) is ignored
 */
export async function endLostAttempts(
  root: string,
  end: (taskToken: Uint8Array, activity: string) => Promise<void>,
): Promise<void> {
  const directory = attemptsDirectory(root);
  await mkdir(directory, { recursive: true });
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const attempt = await readAttempt(path);
      if (attempt === undefined || attempt.host !== hostname() || (await isAlive(attempt.worker))) return;
      await end(Buffer.from(attempt.taskToken, 'base64'), attempt.activity).catch(() => undefined);
      await rm(path, { force: true });
    }),
  );
}

/** A record that is gone already, or that we do not understand, is nothing to act on. */
async function readAttempt(path: string): Promise<Attempt | undefined> {
  try {
    return attemptSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
