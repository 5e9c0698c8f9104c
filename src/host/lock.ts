/**
 * A lock between processes that a dead process never holds.
 *
 * The lock is a folder of numbered claims, each made by a hard link, so that of two only one makes it. The highest
 * claim counts: it names its holder's process, or says that the lock is free. Whoever finds it free, or its holder
 * dead, makes the next number. The highest is never removed and numbers only grow, so an old look at the folder can
 * at worst make a claim below the highest, which the second look finds out.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFileAtomic } from './atomic-file.js';
import { unlessMissing } from './files.js';
import { identify, isAlive, type ProcessIdentity } from './processes.js';

/** A person does not notice it, and a waiting process does no work between. */
const defaultPollMs = 50;

/** A claim is for processes of this boot: what a power cut loses of it, it loses of its holder too. */
const unflushed = { flush: false };

/**
 * Does the work while holding the lock. Waits as long as a living process holds it: whoever holds it bounds its own
 * steps, and a dead one's claim is taken over at once.
 *
 * @param folder where the claims are; made when missing
 * @param onWait called once with the holder's process id, when there is one to wait for
 * @param pollMs how often the holder is looked at; less for work of a few milliseconds
 */
export async function withLock<T>(
  folder: string,
  work: () => Promise<T>,
  onWait: (holder: number) => void = () => {},
  pollMs: number = defaultPollMs,
): Promise<T> {
  const own = await identify(process.pid);
  if (own === undefined) throw new Error(`Process ${process.pid} cannot be identified on this system.`);
  const claim = await acquire(folder, own, onWait, pollMs);
  try {
    return await work();
  } finally {
    await createFileAtomic(join(folder, String(claim + 1)), JSON.stringify({ free: true }), unflushed);
  }
}

async function acquire(
  folder: string,
  own: ProcessIdentity,
  onWait: (holder: number) => void,
  pollMs: number,
): Promise<number> {
  for (let told = false; ; ) {
    const highest = await highestClaim(folder);
    const holder = highest === 0 ? undefined : await readHolder(join(folder, String(highest)));
    if (holder !== undefined && (await isAlive(holder))) {
      if (!told) onWait(holder.pid);
      told = true;
      await sleep(pollMs);
      continue;
    }
    const mine = highest + 1;
    if (!(await createFileAtomic(join(folder, String(mine)), JSON.stringify(own), unflushed))) continue;
    if ((await highestClaim(folder)) === mine) {
      await removeBelow(folder, mine - 1);
      return mine;
    }
    await rm(join(folder, String(mine)), { force: true });
  }
}

async function claims(folder: string): Promise<number[]> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

const highestClaim = async (folder: string): Promise<number> => Math.max(0, ...(await claims(folder)));

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const claim = JSON.parse(await readFile(path, 'utf8')) as Partial<ProcessIdentity>;
    const { pid, birth, boot } = claim;
    return pid === undefined || birth === undefined || boot === undefined ? undefined : { pid, birth, boot };
  } catch {
    // Gone: a higher claim is there, and making the next number fails or is found out.
    return undefined;
  }
}

/** Leaves the claim just below: a folder read while claims come and go may miss both, and one of them must be seen. */
async function removeBelow(folder: string, number: number): Promise<void> {
  const old = (await claims(folder)).filter((claim) => claim < number);
  await Promise.all(old.map((claim) => rm(join(folder, String(claim)), { force: true })));
}
