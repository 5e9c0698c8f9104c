/** Follows one try to its end: starts it when nobody runs it, takes it over when somebody does. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallSource } from '../../../domain/journal/entries.js';
import type { ProcessIdentity } from '../../../host/processes.js';
import { readEnd, type Tail } from '../../../host/tail.js';
import { type Changes, watchChanges } from '../../../host/watch.js';
import { claimIsAlive, readClaim, voidClaim } from './claim.js';
import type { KeptLaunch } from './formats.js';
import { killProcessesOf, processesOf, type TryProcesses, wrapperEndsSoon } from './processes.js';
import { callIsStopped, mark, readEndedBy, readExit, tryDirectory } from './records.js';
import { type StartedWrapper, startWrapper } from './spawn.js';
import type { CallEnd, CallOptions, TryBeginning, TryRef } from './types.js';
import { defaultWrapper } from './wrapper.js';

/** How a try came to its end, when all its processes are gone. */
export type TryEnd =
  | { kind: 'ended'; end: CallEnd; source: CallSource; durationMs: number }
  | { kind: 'stopped' }
  /** Its processes died, or never were, and nobody recorded an end. */
  | { kind: 'crashed'; reason: string };

/** A command is shown with what it said last: enough for a stack trace. */
const stderrTailBytes = 4_000;

/** Looking whether the wrapper lives is cheap, and a dead one has nobody else who tells. */
const aliveCheckMs = 1_000;

/** A killed wrapper's watchdog notices at its next tick, then gives the grace time; past that it is dead as well. */
const watchdogTicks = 3;

export async function followTry(
  one: TryRef,
  launch: KeptLaunch,
  tail: Tail | undefined,
  options: CallOptions,
): Promise<TryEnd> {
  const { callDirectory } = one;
  const directory = tryDirectory(one);
  const changes = watchChanges(directory);
  try {
    const claimed = await findOrStart(one, launch, changes, options);
    if (claimed.kind !== 'claimed') return claimed;
    const { claim, source, beginning } = claimed;
    if (source === 'adopted') await mark(callDirectory, 'adopted');
    const processes = { ...one, claim };

    const status = await exitOf(directory, processes, launch, tail, changes, options.signal);
    await wrapperEndsSoon(claim);
    await killProcessesOf(processes);
    await beginning?.ended();
    // Nothing writes any more.
    await tail?.read();
    tail?.end();

    const endedBy = await readEndedBy(directory);
    if (endedBy === 'stopped' || (await callIsStopped(callDirectory))) return { kind: 'stopped' };
    if (status === undefined || endedBy === 'crashed')
      return { kind: 'crashed', reason: 'its processes were killed' };
    if (endedBy === 'unstarted')
      return { kind: 'crashed', reason: `its folder ${launch.command.cwd} is not there` };
    const end: CallEnd = {
      status,
      stderrTail: await readEnd(join(directory, 'stderr'), stderrTailBytes),
      lineTooLong: tail?.lineTooLong() ?? false,
      ...(endedBy === 'timeout' || endedBy === 'inactive' ? { endedBy } : {}),
    };
    return { kind: 'ended', end, source, durationMs: await durationOf(directory) };
  } finally {
    changes.close();
  }
}

type Claimed =
  | {
      kind: 'claimed';
      claim: ProcessIdentity;
      source: CallSource;
      /** What this follower made ready. */
      beginning: TryBeginning | undefined;
    }
  | { kind: 'stopped' }
  | { kind: 'crashed'; reason: string };

async function findOrStart(
  one: TryRef,
  launch: KeptLaunch,
  changes: Changes,
  options: CallOptions,
): Promise<Claimed> {
  const directory = tryDirectory(one);
  let started: StartedWrapper | undefined;
  let beginning: TryBeginning | undefined;
  for (;;) {
    // In this order: a wrapper that is over took its claim before.
    const over = started?.isOver() === true;
    const claim = await readClaim(directory);
    if (claim === 'void') return { kind: 'crashed', reason: 'its process could not be started' };
    if (claim !== undefined)
      return { kind: 'claimed', claim, source: claim.pid === started?.pid ? 'made' : 'adopted', beginning };
    if (over) {
      const reason = `its process could not be started (${whyOver(await started?.ended)})`;
      // A wrapper that comes late must not start what is given up here; one that came first is followed.
      await voidClaim(directory);
      if ((await readClaim(directory)) === 'void') return { kind: 'crashed', reason };
      continue;
    }
    options.signal.throwIfAborted();
    if (started === undefined) {
      // The wrapper looks for the stop again, after it took the claim.
      if (await callIsStopped(one.callDirectory)) return { kind: 'stopped' };
      beginning = await options.beforeTry?.(one);
      started = startWrapper(
        one,
        launch,
        { ...options.environment, ...beginning?.environment },
        options.wrapper ?? defaultWrapper,
      );
    }
    await changes.next(options.signal, started.ended);
  }
}

function whyOver(ended: { status: number | null } | { problem: string } | undefined): string {
  if (ended === undefined) return 'unknown';
  if ('problem' in ended) return ended.problem;
  if (ended.status === 74) return 'it could not take its claim: is the disk full?';
  if (ended.status === 75) return 'the file system has no hard links';
  return ended.status === null ? 'it was killed' : `exit status ${ended.status}`;
}

/** The recorded status, or undefined when all processes of the try are gone and none recorded one. */
async function exitOf(
  directory: string,
  processes: TryProcesses,
  launch: KeptLaunch,
  tail: Tail | undefined,
  changes: Changes,
  signal: AbortSignal,
): Promise<number | undefined> {
  let nextCheck = 0;
  let deadSince: number | undefined;
  for (;;) {
    const status = await readExit(directory);
    if (status !== undefined) return status;
    await tail?.read();
    const now = performance.now();
    if (now >= nextCheck) {
      nextCheck = now + aliveCheckMs;
      if (!(await claimIsAlive(processes.claim))) {
        deadSince ??= now;
        const waited = now - deadSince;
        const lost = waited > (launch.limits.graceSeconds + watchdogTicks) * 1_000;
        // It may have recorded its end between the two looks.
        if (lost || (await processesOf(processes)).group.length === 0) return readExit(directory);
      }
    }
    await changes.next(signal);
  }
}

/** By the file system's clock: whoever follows, it is the same. */
async function durationOf(directory: string): Promise<number> {
  const [from, to] = await Promise.all([stat(join(directory, 'claim')), stat(join(directory, 'exit'))]);
  return Math.max(0, Math.round(to.mtimeMs - from.mtimeMs));
}
