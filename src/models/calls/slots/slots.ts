/**
 * How many processes run at once, over all features and workers of a project: those of models share one folder of
 * slots, those of checks another.
 *
 * Whoever is to start a try puts a ticket at the end of the line, and has a slot when fewer than there are slots stand
 * before it: first come, first served, so a feature with many tasks stands in the same line as all others. A ticket
 * holds its place while the try's process lives, whatever became of the worker that started it; before there is one,
 * while the worker lives that waits. So nothing has to be given back after a crash: what nobody holds is free.
 *
 * Tickets are written and removed under a lock; who waits looks without it.
 */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../../domain/config/schema.js';
import { writeFileAtomic } from '../../../host/atomic-file.js';
import { exists, readIfExists, unlessMissing } from '../../../host/files.js';
import { withLock } from '../../../host/lock.js';
import { identify, isAlive, type ProcessIdentity } from '../../../host/processes.js';
import { watchChanges } from '../../../host/watch.js';
import { claimIsAlive, readClaim, voidClaim } from '../store/claim.js';
import { processesOf } from '../store/processes.js';
import { tryDirectory } from '../store/records.js';
import type { TryRef } from '../store/types.js';

export interface Slots {
  /** Absolute, where the tickets are; the same for all who share the slots. Made when missing. */
  folder: string;
  /** How many there are, as this caller sees it: it takes none from this number on. */
  count: number;
  /** What a try has left running holds its slot too, as a port is held that its number stands for. */
  heldByStrays: boolean;
}

/** The slots of a project's calls to models. @param root the project's root folder */
export const modelSlots = (root: string, { maxParallelCalls }: Config): Slots => ({
  folder: join(root, '.blueprint', 'slots'),
  count: maxParallelCalls,
  heldByStrays: false,
});

/** The slots of a project's setups and checks. @param root the project's root folder */
export const checkSlots = (root: string, { maxParallelChecks }: Config): Slots => ({
  folder: join(root, '.blueprint', 'check-slots'),
  count: maxParallelChecks,
  heldByStrays: true,
});

/** A slot that is held. */
export interface Slot {
  /** From 0. No other try has it at the same time. */
  number: number;
  /** Frees it at once. For a try whose processes are all gone: what still runs would not be counted any more. */
  giveBack(): Promise<void>;
}

/** Stands for one try, whose files it names. */
interface Ticket extends Omit<TryRef, 'call'> {
  /** The worker that starts the try. */
  owner: ProcessIdentity;
  /** Absent while it waits. */
  slot?: number;
}

interface Placed extends Ticket {
  /** The ticket's file. It begins with its place in the line. */
  name: string;
}

/** A look at who stands before costs some file reads; a dead process's slot may stay free for as long. */
const lookMs = 250;

/** Under the lock some files of a few bytes are read and written. */
const lockPollMs = 5;

/**
 * Takes a slot for a try that is about to be started; waits while all are held. A try that has one keeps it, and one
 * that stands in the line keeps its place, whichever worker asks.
 *
 * @throws the signal's reason when it is aborted; the place in the line is given up
 */
export async function takeSlot(slots: Slots, one: TryRef, signal: AbortSignal): Promise<Slot> {
  const owner = await identify(process.pid);
  if (owner === undefined) throw new Error(`Process ${process.pid} cannot be identified on this system.`);
  signal.throwIfAborted();
  const own = { callDirectory: one.callDirectory, tryNumber: one.tryNumber, owner };
  let ticket = await underLock(slots, () => standInLine(slots, own));
  try {
    while (ticket.slot === undefined) {
      await turnSeemsToCome(slots, ticket, signal);
      ticket = await underLock(slots, () => standInLine(slots, own));
    }
  } catch (error) {
    await underLock(slots, () => leaveLine(slots, own));
    throw error;
  }
  const held = ticket;
  return { number: ticket.slot, giveBack: () => removeTicket(slots.folder, held) };
}

const turns = new Map<string, Promise<unknown>>();

/** Those of this process take turns among themselves, so that not each of them has to look at the lock on disk. */
function underLock<T>({ folder }: Slots, work: () => Promise<T>): Promise<T> {
  const before = turns.get(folder) ?? Promise.resolve();
  const mine = before.then(() => withLock(join(folder, 'lock'), work, undefined, lockPollMs));
  turns.set(
    folder,
    mine.catch(() => undefined),
  );
  return mine;
}

/** Takes a ticket, or over the one that the try has; and a slot with it, if it is its turn. */
async function standInLine(slots: Slots, own: Ticket): Promise<Placed> {
  const tickets = await livingTickets(slots, own);
  const mine = tickets.find((ticket) => isSameTry(ticket, own));
  const name = mine?.name ?? ticketName(placeOf(tickets.at(-1)?.name ?? '0-') + 1, own);
  const slot = mine?.slot ?? freeSlot(slots, tickets, mine);
  const ticket: Ticket = slot === undefined ? own : { ...own, slot };
  await writeFileAtomic(join(slots.folder, name), `${JSON.stringify(ticket)}\n`, { flush: false });
  return { ...ticket, name };
}

/** The lowest number that nobody has, for a ticket whose turn it is; for a new one where there is none yet. */
function freeSlot(
  { count }: Slots,
  tickets: readonly Placed[],
  mine: Placed | undefined,
): number | undefined {
  const before = mine === undefined ? tickets.length : tickets.indexOf(mine);
  if (before >= count) return undefined;
  const taken = new Set(tickets.map(({ slot }) => slot));
  return Array.from({ length: count }, (_, number) => number).find((number) => !taken.has(number));
}

async function leaveLine({ folder }: Slots, own: Ticket): Promise<void> {
  const mine = (await readTickets(folder)).find((ticket) => isSameTry(ticket, own));
  if (mine === undefined || mine.slot !== undefined) return;
  // Another worker may wait for the same try by now.
  if (JSON.stringify(mine.owner) === JSON.stringify(own.owner)) await removeTicket(folder, mine);
}

/** Returns when fewer than there are slots seem to stand before a ticket, or the ticket is gone. Changes nothing. */
async function turnSeemsToCome(slots: Slots, { name }: Placed, signal: AbortSignal): Promise<void> {
  const changes = watchChanges(slots.folder);
  try {
    for (let nextLook = 0; ; ) {
      await changes.next(signal);
      const names = await ticketNames(slots.folder);
      const before = names.slice(0, names.indexOf(name));
      if (!names.includes(name) || before.length < slots.count) return;
      // What died gave nothing back, and nothing happens in the folder: that is found by looking at each.
      if (performance.now() < nextLook) continue;
      nextLook = performance.now() + lookMs;
      if (!(await areHeld(slots, before))) return;
    }
  } finally {
    changes.close();
  }
}

/** Whether as many of the tickets hold a place as there are slots. */
async function areHeld(slots: Slots, names: readonly string[]): Promise<boolean> {
  let held = 0;
  // The oldest come first, which are those that run: a long line costs each who waits in it little.
  for (const name of names) {
    const ticket = await readTicket(slots.folder, name);
    if (ticket !== undefined && (await isHeld(slots, ticket))) held++;
    if (held >= slots.count) return true;
  }
  return false;
}

/** The tickets that hold a place, in order. All others are removed, but for that of the try itself. */
async function livingTickets(slots: Slots, own: Ticket): Promise<Placed[]> {
  const looked = (await readTickets(slots.folder)).map(async (ticket) => {
    if (isSameTry(ticket, own) || (await isHeld(slots, ticket)) || (await isHeldAfterAll(slots, ticket)))
      return ticket;
    await removeTicket(slots.folder, ticket);
    return undefined;
  });
  return (await Promise.all(looked)).filter((ticket) => ticket !== undefined);
}

async function isHeld({ heldByStrays }: Slots, ticket: Ticket): Promise<boolean> {
  const directory = tryDirectory(ticket);
  // A feature that was removed takes its calls with it.
  const isThere = await exists(directory);
  if (!isThere) return false;
  const claim = await readClaim(directory);
  if (claim === undefined) return isAlive(ticket.owner);
  if (claim === 'void') return false;
  if (await claimIsAlive(claim)) return true;
  if (!heldByStrays) return false;
  const { group, strays } = await processesOf({ ...ticket, claim });
  return group.length + strays.length > 0;
}

/**
 * A wrapper may have been started just before its starter died: it must not begin in a slot that is given away. So its
 * claim is taken from it, unless it was faster.
 */
async function isHeldAfterAll(slots: Slots, ticket: Ticket): Promise<boolean> {
  const directory = tryDirectory(ticket);
  if (ticket.slot === undefined || (await readClaim(directory)) !== undefined) return false;
  const isThere = await exists(directory);
  if (!isThere) return false;
  await voidClaim(directory);
  return isHeld(slots, ticket);
}

const isSameTry = (a: Ticket, b: Ticket): boolean => tryDirectory(a) === tryDirectory(b);

/** `12-1f0c9a3e`: the place, and which try it is, so that no other's ticket is ever removed in its stead. */
const ticketName = (place: number, own: Ticket): string =>
  `${place}-${createHash('sha256').update(tryDirectory(own)).digest('hex').slice(0, 8)}`;

const placeOf = (name: string): number => Number(name.split('-')[0]);

async function ticketNames(folder: string): Promise<string[]> {
  const names = (await unlessMissing(readdir(folder))) ?? [];
  return names.filter((name) => /^[1-9]\d*-[0-9a-f]{8}$/.test(name)).sort((a, b) => placeOf(a) - placeOf(b));
}

async function readTickets(folder: string): Promise<Placed[]> {
  const names = await ticketNames(folder);
  const tickets = await Promise.all(names.map((name) => readTicket(folder, name)));
  return tickets.filter((ticket) => ticket !== undefined);
}

async function readTicket(folder: string, name: string): Promise<Placed | undefined> {
  const text = await readIfExists(join(folder, name));
  if (text === undefined) return undefined;
  try {
    return { ...(JSON.parse(text) as Ticket), name };
  } catch {
    // Written whole, but not flushed: a power cut took it, and with it whoever held it.
    await removeTicket(folder, { name });
    return undefined;
  }
}

const removeTicket = (folder: string, { name }: Pick<Placed, 'name'>): Promise<void> =>
  rm(join(folder, name), { force: true });
