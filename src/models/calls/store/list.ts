/** Looks at the calls of a feature without touching any: for status and logs. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallErrorKind } from '../../../domain/models/call-errors.js';
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

/**
 * `starting`: no process has taken the claim. `running`: one runs. `ended`: it ended, and nobody has read the answer
 * yet. `done`: it gave the call's result. `failed`: see the error. `lost`: its process died and nobody has noticed yet.
 */
type TryState = 'starting' | 'running' | 'ended' | 'done' | 'failed' | 'lost';

interface TrySummary {
  number: number;
  state: TryState;
  /** Milliseconds since 1970. */
  startedAt?: number;
  endedAt?: number;
  error?: { kind: CallErrorKind; message: string };
  /** Its process was lost, with whatever it was paid. */
  lost: boolean;
}

export interface CallSummary {
  /** The call directory's name. */
  call: string;
  name: string;
  round: number;
  about: Record<string, string>;
  /** Milliseconds since 1970. */
  madeAt: number;
  finished: boolean;
  /** A person, or the workflow, has ended it for good. */
  stopped: boolean;
  tries: TrySummary[];
  /** Processes that were started, processes taken over from a lost worker, and times a finished answer was used. */
  sources: { made: number; adopted: number; reused: number };
}

/** The calls that have a request, oldest first; none where there is no such directory. Reads small files only. */
export async function listCalls(callsDirectory: string): Promise<CallSummary[]> {
  const names = await readdir(callsDirectory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const calls: CallSummary[] = [];
  for (const call of names) {
    const summary = await summarize(callsDirectory, call);
    if (summary !== undefined) calls.push(summary);
  }
  return calls.sort((a, b) => a.madeAt - b.madeAt);
}

async function summarize(callsDirectory: string, call: string): Promise<CallSummary | undefined> {
  const parsed = parseCallName(call);
  if (parsed === undefined) return undefined;
  const directory = join(callsDirectory, call);
  const request = await readRequest(directory);
  if (request === undefined) return undefined;
  const result = await readResult(directory);
  const tries: TrySummary[] = [];
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

async function summarizeTry(directory: string, number: number, done: boolean): Promise<TrySummary> {
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
