/** Ends calls from outside, whether anybody follows them or not. */
import { mkdir, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { unreadable } from '../../../domain/file-format.js';
import { readClaim } from './claim.js';
import { type CallRound, parseCallName } from './key.js';
import { killProcessesOf, processesOf } from './processes.js';
import { forbidRound, readLaunch, stopCall, tryNumbers } from './records.js';

/** The watchdog looks once a second; what it has not begun after these it does no more. */
const watchdogTicks = 3;

/**
 * Stops every call of a key's name and round, whatever its inputs, and returns when no process of theirs is left. One that would start later
 * does not start. Nothing need be there; doing it again changes nothing.
 *
 * @throws when a process cannot be killed
 */
export async function stopCalls(callsDirectory: string, { name, round }: CallRound): Promise<void> {
  await mkdir(callsDirectory, { recursive: true, mode: 0o700 });
  // First the mark, then the look: a call that is made in between sees the mark.
  await forbidRound(callsDirectory, { name, round });
  const names = await readdir(callsDirectory);
  const calls = names.filter((one) => {
    const parsed = parseCallName(one);
    return parsed?.name === name && parsed.round === round;
  });
  await Promise.all(calls.map((call) => stopOne(join(callsDirectory, call))));
}

async function stopOne(directory: string): Promise<void> {
  const callDirectory = await realpath(directory);
  await stopCall(callDirectory);
  // Without its request it is ended at once: a damaged file must keep nobody from stopping what runs.
  const request = await readLaunch(callDirectory).catch((error) => void unreadable(error));
  const graceSeconds = request?.limits.graceSeconds ?? 0;
  for (const tryNumber of await tryNumbers(callDirectory)) {
    const claim = await readClaim(join(callDirectory, String(tryNumber)));
    // Without a claim nothing was started, and a wrapper that takes it from here on sees the stop.
    if (claim === undefined || claim === 'void') continue;
    const processes = { callDirectory, tryNumber, claim };
    // The watchdog ends the group: TERM, grace, KILL. It may be dead itself, hence the limit.
    const limitMs = (graceSeconds + watchdogTicks) * 1_000;
    for (let waited = 0; waited < limitMs; waited += 50) {
      if ((await processesOf(processes)).group.length === 0) break;
      await delay(50);
    }
    await killProcessesOf(processes);
  }
}
