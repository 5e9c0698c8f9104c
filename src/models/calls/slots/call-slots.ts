/**
 * How many processes of models run at once in a project, over all its features and workers.
 *
 * A folder of numbered tickets: who is to start a process takes the next number, and may start when fewer than the
 * most are alive before it. So it is first come, first served, and a feature with many tasks stands in the same line.
 * A ticket is alive while its call's process is, whatever became of the worker that started it; before there is one,
 * while the worker is that waits. Numbers only grow, as in `src/temporal/lock.ts`: the highest is never removed, so an
 * old look at the folder can at worst make a ticket below the highest, which the second look finds out.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileAtomic } from '../../../host/atomic-file.js';
import { exists, readIfExists, unlessMissing } from '../../../host/files.js';
import { identify, isAlive, type ProcessIdentity } from '../../../host/processes.js';
import { watchChanges } from '../../../host/watch.js';
import { claimIsAlive, readClaim } from '../store/claim.js';

/** The places that calls to models share. */
export interface CallSlots {
  /** Absolute; one for the project. Made when it is not there. */
  directory: string;
  /** Processes at once. */
  most: number;
}

/** Who holds a ticket: the try, and the worker that starts it. */
interface Ticket {
  try: string;
  owner: ProcessIdentity;
}

/** Between a worker's start of a process and the process's claim are milliseconds; the worker may die in between. */
const startMs = 5_000;

/**
 * Makes a hook that waits until a process may be started, for `FollowOptions.beforeTry`.
 *
 * @param signal aborted: stops waiting, and gives the place in the line up
 * @param before runs first, with nothing held
 */
export function withSlot(
  slots: CallSlots | undefined,
  signal: AbortSignal,
  before: ((tryDirectory: string) => Promise<void>) | undefined,
): ((tryDirectory: string) => Promise<void>) | undefined {
  if (slots === undefined) return before;
  return async (tryDirectory) => {
    await before?.(tryDirectory);
    await takeSlot(slots, tryDirectory, signal);
  };
}

async function takeSlot(slots: CallSlots, tryDirectory: string, signal: AbortSignal): Promise<void> {
  const owner = await identify(process.pid);
  if (owner === undefined) throw new Error('unreachable: this process exists');
  const mine = await takeTicket(slots.directory, { try: tryDirectory, owner });
  const changes = watchChanges(slots.directory);
  try {
    while (await mustWait(slots, mine, tryDirectory)) await changes.next(signal);
  } catch (error) {
    await rm(ticketPath(slots.directory, mine), { force: true });
    throw error;
  } finally {
    changes.close();
  }
}

const ticketPath = (directory: string, number: number): string => join(directory, String(number));

async function takeTicket(directory: string, ticket: Ticket): Promise<number> {
  for (;;) {
    const mine = Math.max(0, ...(await ticketNumbers(directory))) + 1;
    if (!(await createFileAtomic(ticketPath(directory, mine), JSON.stringify(ticket)))) continue;
    if (Math.max(...(await ticketNumbers(directory))) === mine) return mine;
    await rm(ticketPath(directory, mine), { force: true });
  }
}

async function ticketNumbers(directory: string): Promise<number[]> {
  const names = (await unlessMissing(readdir(directory))) ?? [];
  return names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}

/**
 * Whether so many tries hold or await a place before this one that it must wait. Tickets of the dead are removed on the
 * way; the oldest are looked at first, which are those that run, so that a long line costs each who waits in it little.
 */
async function mustWait(
  { directory, most }: CallSlots,
  mine: number,
  tryDirectory: string,
): Promise<boolean> {
  const numbers = (await ticketNumbers(directory)).filter((number) => number < mine).sort((a, b) => a - b);
  const tries = new Set<string>();
  for (const number of numbers) {
    if (tries.size >= most) return true;
    const path = ticketPath(directory, number);
    const ticket = await readTicket(path);
    // Ours is higher, and stays.
    if (ticket === undefined || !(await isTicketAlive(ticket, path))) await rm(path, { force: true });
    // Another worker may be about to start the same try: it is one process.
    else if (ticket.try !== tryDirectory) tries.add(ticket.try);
  }
  return tries.size >= most;
}

async function readTicket(path: string): Promise<Ticket | undefined> {
  const text = await readIfExists(path);
  // Written by us, whole or not at all.
  return text === undefined ? undefined : (JSON.parse(text) as Ticket);
}

async function isTicketAlive({ try: directory, owner }: Ticket, path: string): Promise<boolean> {
  const claim = await readClaim(directory);
  if (claim === 'void') return false;
  if (claim !== undefined) return claimIsAlive(claim);
  // A feature that was removed takes its calls with it.
  const isThere = await exists(directory);
  if (!isThere) return false;
  if (await isAlive(owner)) return true;
  const taken = await stat(path).catch(() => undefined);
  return taken !== undefined && Date.now() - taken.mtimeMs < startMs;
}
