/**
 * How many commands run at once, over all features and workers of a project: each holds one of a few numbered slots.
 *
 * A slot's file names the try that has it. The try's own processes hold it, from the wrapper that took the claim to
 * the last one that it left behind, so a slot outlives the worker that took it and never the processes. Until the
 * wrapper is there, its starter holds it. Nothing has to be given back: what nobody holds is free.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeFileAtomic } from '../../../host/atomic-file.js';
import { exists } from '../../../host/files.js';
import { withLock } from '../../../host/lock.js';
import { identify, isAlive, type ProcessIdentity } from '../../../host/processes.js';
import { claimIsAlive, readClaim, voidClaim } from '../store/claim.js';
import { processesOf } from '../store/processes.js';

export interface Slots {
  /** Where they are kept; the same for all who share them. Made when missing. */
  folder: string;
  /** How many there are, as this caller sees it: it takes none from this number on. */
  count: number;
}

/** A look costs some file reads; commands that share slots run for seconds. */
const lookMs = 200;

interface Holder {
  /** Real path. */
  tryDirectory: string;
  starter: ProcessIdentity;
}

/**
 * Takes a slot for a try that is about to be started; waits while all are held. A try that has one keeps it.
 *
 * @param tryDirectory real path
 * @returns the slot's number, from 0
 * @throws the signal's reason when it is aborted
 */
export async function takeSlot(slots: Slots, tryDirectory: string, signal: AbortSignal): Promise<number> {
  const starter = await identify(process.pid);
  if (starter === undefined) throw new Error(`Process ${process.pid} cannot be identified on this system.`);
  for (;;) {
    signal.throwIfAborted();
    const taken = await withLock(join(slots.folder, 'lock'), () => take(slots, { tryDirectory, starter }));
    if (taken !== undefined) return taken;
    await delay(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

async function take({ folder, count }: Slots, own: Holder): Promise<number | undefined> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const holders = await Promise.all(numbers.map((number) => readHolder(slotFile(folder, number))));
  const before = holders.findIndex((holder) => holder?.tryDirectory === own.tryDirectory);
  const order = before === -1 ? numbers : [before];
  for (const number of order) {
    const holder = holders[number];
    if (before === -1 && holder !== undefined && (await isHeld(holder))) continue;
    await writeFileAtomic(slotFile(folder, number), `${JSON.stringify(own)}\n`);
    return number;
  }
  return undefined;
}

const slotFile = (folder: string, number: number): string => join(folder, `${number}.json`);

async function readHolder(path: string): Promise<Holder | undefined> {
  // Written by us, whole or not at all.
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Holder);
}

async function isHeld({ tryDirectory, starter }: Holder): Promise<boolean> {
  const isThere = await exists(tryDirectory);
  if (!isThere) return false;
  let claim = await readClaim(tryDirectory);
  if (claim === undefined) {
    if (await isAlive(starter)) return true;
    // A wrapper may have been started just before its starter died: it must not begin in a slot that is given away.
    await voidClaim(tryDirectory);
    claim = await readClaim(tryDirectory);
  }
  if (claim === undefined || claim === 'void') return false;
  if (await claimIsAlive(claim)) return true;
  const target = { callDirectory: dirname(tryDirectory), tryNumber: Number(basename(tryDirectory)), claim };
  const { group, strays } = await processesOf(target);
  return group.length + strays.length > 0;
}
