/** Looks at the calls of a feature without touching any: for status and logs. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { StoredCall, StoredTry, TryState } from '../../../domain/calls/stored-call.js';
import { unreadable } from '../../../domain/file-format.js';
import { unlessMissing } from '../../../host/files.js';
import { claimIsAlive, readClaim } from './claim.js';
import { type KeptOutcome, resultFormat } from './formats.js';
import { parseCallName } from './key.js';
import {
  callIsStopped,
  countMarks,
  readExit,
  readLaunch,
  readOutcome,
  readResult,
  tryNumbers,
} from './records.js';

/** Whatever a call came to. */
const anyResult = resultFormat(z.unknown());

/**
 * The calls that have a request, oldest first; none where there is no such directory. Reads small files only. One with
 * a damaged file is among them, and says so.
 */
export async function listCalls(callsDirectory: string): Promise<StoredCall[]> {
  const names = (await unlessMissing(readdir(callsDirectory))) ?? [];
  const calls: StoredCall[] = [];
  for (const call of names) {
    const summary = await summarize(callsDirectory, call);
    if (summary !== undefined) calls.push(summary);
  }
  return calls.sort((a, b) => a.madeAt - b.madeAt);
}

async function summarize(callsDirectory: string, call: string): Promise<StoredCall | undefined> {
  const parsed = parseCallName(call);
  if (parsed === undefined) return undefined;
  const directory = join(callsDirectory, call);
  const damage: string[] = [];
  const note = (error: unknown) => {
    damage.push(unreadable(error).message);
    return undefined;
  };
  const request = await readLaunch(directory).catch(note);
  if (request === undefined && damage.length === 0) return undefined;
  const result = await readResult(directory, anyResult).catch(note);
  const tries: StoredTry[] = [];
  for (const number of await tryNumbers(directory)) {
    const tryDirectory = join(directory, String(number));
    const outcome = await readOutcome(tryDirectory).catch(note);
    tries.push(await summarizeTry(tryDirectory, number, outcome, result?.tryNumber === number));
  }
  return {
    call,
    ...parsed,
    about: request?.about ?? {},
    madeAt: request?.madeAt ?? (await writtenAt(join(directory, 'launch.json'))),
    damage,
    finished: result !== undefined,
    stopped: await callIsStopped(directory),
    tries,
    sources: {
      made: tries.filter((one) => one.startedAt !== undefined).length,
      adopted: await countMarks(directory, 'adopted'),
      reused: await countMarks(directory, 'reused'),
    },
  };
}

async function summarizeTry(
  directory: string,
  number: number,
  outcome: KeptOutcome | undefined,
  done: boolean,
): Promise<StoredTry> {
  const [claim, status] = await Promise.all([readClaim(directory), readExit(directory)]);
  const started = claim !== undefined && claim !== 'void';
  const state: TryState = done
    ? 'done'
    : outcome !== undefined
      ? 'failed'
      : status !== undefined
        ? 'ended'
        : !started
          ? 'starting'
          : (await claimIsAlive(claim))
            ? 'running'
            : 'lost';
  return {
    number,
    state,
    lost: outcome?.lost ?? false,
    ...(started ? { startedAt: await writtenAt(join(directory, 'claim')) } : {}),
    ...(status !== undefined ? { endedAt: await writtenAt(join(directory, 'exit')) } : {}),
    ...(outcome ? { error: { kind: outcome.error.kind, message: outcome.error.message } } : {}),
  };
}

const writtenAt = async (path: string): Promise<number> => (await stat(path)).mtimeMs;
