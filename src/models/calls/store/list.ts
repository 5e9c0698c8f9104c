/** Looks at the calls of a feature without touching any: for status and logs. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredCall, StoredTry, TryState } from '../../../domain/calls/stored-call.js';
import { unlessMissing } from '../../../host/files.js';
import { claimIsAlive, readClaim } from './claim.js';
import { parseCallName } from './key.js';
import {
  callIsStopped,
  countMarks,
  readExit,
  readOutcome,
  readRequest,
  readResult,
  tryNumbers,
} from './records.js';

/** The calls that have a request, oldest first; none where there is no such directory. Reads small files only. */
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
  const request = await readRequest(directory);
  if (request === undefined) return undefined;
  const result = await readResult(directory);
  const tries: StoredTry[] = [];
  for (const number of await tryNumbers(directory))
    tries.push(await summarizeTry(join(directory, String(number)), number, result?.tryNumber === number));
  return {
    call,
    ...parsed,
    about: request.about,
    madeAt: request.madeAt,
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

async function summarizeTry(directory: string, number: number, done: boolean): Promise<StoredTry> {
  const [claim, status, outcome] = await Promise.all([
    readClaim(directory),
    readExit(directory),
    readOutcome(directory),
  ]);
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
