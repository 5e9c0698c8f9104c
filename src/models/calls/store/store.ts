/**
 * The call store: a call is a directory, and whatever an interrupted attempt left there, the next one goes on from it.
 * A finished call is never made again, a running one survives its worker, and only one process of a call runs.
 */
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallKey } from '../../../domain/calls/call-key.js';
import { callErrorHandling, retryDelayMs } from '../../../domain/models/call-errors.js';
import { tailFile } from '../../../host/tail.js';
import { CallError, keptFailure, withoutSecrets } from '../../errors.js';
import { followTry, type TryEnd } from './follow.js';
import { type KeptLaunch, type KeptOutcome, resultFormat } from './formats.js';
import { callDirectoryName } from './key.js';
import {
  callIsStopped,
  keepOutcome,
  keepResult,
  makeTry,
  mark,
  openLaunch,
  readOutcome,
  readResult,
  roundIsForbidden,
  stopCall,
  tryDirectory,
  tryNumbers,
} from './records.js';
import type { CallAnswer, CallOptions, CallReader, FinishedCall, Launch, TryRef } from './types.js';

/**
 * Gives the result of a call: the one that is there, or that of the process that runs, or that of one it starts.
 *
 * @param callsDirectory absolute; made when it is not there
 * @param launch says how its processes are started; asked only when the call has not begun yet
 * @throws {Problem} when a file of the call is damaged, or of a newer version
 * @throws CallError when the call failed, was stopped, or failed before and may not be tried again yet
 * @throws the reason of `options.signal` when that is aborted: the process goes on
 */
export async function runCall<T>(
  callsDirectory: string,
  key: CallKey,
  launch: () => Promise<Launch>,
  { result, reader }: CallAnswer<T>,
  options: CallOptions,
): Promise<FinishedCall<T>> {
  const call = callDirectoryName(key);
  const made = join(callsDirectory, call);
  const format = resultFormat(result);
  const found = await readResult(made, format);
  if (found !== undefined) {
    await mark(made, 'reused');
    return { call, directory: made, source: 'reused', ...found };
  }
  // Nobody else may read what a model is told and answers.
  await mkdir(made, { recursive: true, mode: 0o700 });
  const directory = await realpath(made);
  // After the directory is made: a stop that did not see the directory has left its mark before.
  if (await roundIsForbidden(callsDirectory, key)) await stopCall(directory);
  if ((await callIsStopped(directory)) && (await tryNumbers(directory)).length === 0) throw stopped();
  const kept = await openLaunch(directory, launch);

  for (;;) {
    options.signal.throwIfAborted();
    const tryNumber = (await tryNumbers(directory)).at(-1) ?? 1;
    const one: TryRef = { call, callDirectory: directory, tryNumber };
    const before = await readOutcome(await makeTry(one));
    if (before !== undefined) {
      await mayTryAgain(before, one, kept, options);
      await makeTry({ ...one, tryNumber: tryNumber + 1 });
      continue;
    }
    const finished = await finishTry(one, kept, reader(one), options);
    if (finished === undefined) continue;
    const { source, ...answer } = finished;
    await keepResult(directory, format, answer);
    return { call, directory: made, source, ...answer };
  }
}

/** Follows a try to its result. Undefined: it failed, which is kept; what follows from it is seen next. */
async function finishTry<T>(
  one: TryRef,
  launch: KeptLaunch,
  reader: CallReader<T>,
  options: CallOptions,
): Promise<Pick<FinishedCall<T>, 'tryNumber' | 'source' | 'result' | 'durationMs'> | undefined> {
  const { tryNumber } = one;
  const onLine = reader.line?.bind(reader);
  const tail = onLine && tailFile(join(tryDirectory(one), 'stdout'), onLine);
  try {
    const ended = await followTry(one, launch, tail, options);
    const read = ended.kind === 'ended' ? await reader.finish(ended.end) : failed(ended, launch);
    if (read.ok && ended.kind === 'ended') {
      const { source, durationMs } = ended;
      return { tryNumber, source, durationMs, result: read.result };
    }
    if (!read.ok) await keepFailure(read, ended, one, options);
    return undefined;
  } finally {
    reader.close?.();
  }
}

interface Failed {
  ok: false;
  error: CallError;
  unreached?: boolean;
}

const stopped = () => new CallError({ kind: 'cancelled', message: 'The call was stopped.' });

function failed(ended: TryEnd, { about }: KeptLaunch): Failed {
  if (ended.kind !== 'crashed') return { ok: false, error: stopped() };
  const who = about.model ?? about.kind ?? 'call';
  return {
    ok: false,
    error: new CallError({ kind: 'crashed', message: `The ${who} process was lost: ${ended.reason}.` }),
  };
}

async function keepFailure(
  { error, unreached = false }: Failed,
  ended: TryEnd,
  one: TryRef,
  options: CallOptions,
): Promise<void> {
  const { tryNumber } = one;
  const failure = withoutSecrets(keptFailure(error), options.environment);
  if (!callErrorHandling[error.kind].retryable) {
    await keepOutcome(tryDirectory(one), { error: failure });
    return;
  }
  // What was killed with its worker says nothing against trying again at once; a second time it may be the cause.
  const delay = ended.kind === 'crashed' && tryNumber === 1 ? 0 : retryDelayMs(tryNumber, error.retryAfterMs);
  const marks = {
    ...(ended.kind === 'crashed' ? { lost: true } : {}),
    ...(unreached ? { unreached } : {}),
  };
  await keepOutcome(tryDirectory(one), { error: failure, retryAt: (await clock(options)) + delay, ...marks });
}

/** Returns when the next try may begin; else throws the failure of this one again. */
async function mayTryAgain(
  { error, retryAt }: KeptOutcome,
  one: TryRef,
  { limits }: KeptLaunch,
  options: CallOptions,
): Promise<void> {
  if (retryAt === undefined) throw new CallError(error, 'final');
  if (await callIsStopped(one.callDirectory)) throw stopped();
  const counted = await countedTries(one);
  if (counted >= limits.tries) {
    const message = counted === 1 ? error.message : `${error.message} (${counted} tries)`;
    throw new CallError({ ...error, message }, 'final');
  }
  const retryInMs = retryAt - (await clock(options));
  if (retryInMs > 0) throw new CallError(error, { retryInMs });
}

/** A network that is away for an hour uses up no tries. */
async function countedTries({ callDirectory, tryNumber: last }: TryRef): Promise<number> {
  const tries = Array.from({ length: last }, (_, index) => ({ callDirectory, tryNumber: index + 1 }));
  const outcomes = await Promise.all(tries.map((one) => readOutcome(tryDirectory(one))));
  return outcomes.filter((outcome) => outcome?.unreached !== true).length;
}

const clock = async ({ now = Date.now }: CallOptions): Promise<number> => now();
