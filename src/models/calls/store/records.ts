/**
 * What a call's directory holds, and in which order it comes to hold it:
 *
 *     <calls>/<name>.<round>.stop      no call of this name and round starts any more
 *     <call>/prompt.md, request.json   made once, never again
 *     <call>/stop                      the wrappers of this call start nothing and end what runs
 *     <call>/<n>/claim                 who runs the try
 *     <call>/<n>/stdout, stderr, exit, ended-by
 *     <call>/<n>/outcome.json          how the try failed, and when the next one may begin
 *     <call>/result.json               the call is finished
 *     <call>/adopted, reused           a line each time
 */
import { appendFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileFormat } from '../../../domain/file-format.js';
import { createFileAtomic, writeFileAtomic } from '../../../host/atomic-file.js';
import { exists, readFileAs, readIfExists } from '../../../host/files.js';
import {
  type KeptOutcome,
  type KeptRequest,
  type KeptResult,
  outcomeFormat,
  requestFormat,
} from './formats.js';
import { type CallRound, roundName } from './key.js';
import type { CallRequest } from './types.js';

export const readRequest = (call: string) => readFileAs(join(call, 'request.json'), requestFormat);
export const readResult = <T>(call: string, format: FileFormat<KeptResult<T>>) =>
  readFileAs(join(call, 'result.json'), format);
export const readOutcome = (tryDirectory: string) =>
  readFileAs(join(tryDirectory, 'outcome.json'), outcomeFormat);

/** The request as the first attempt made it: later ones make none. */
export async function openRequest(call: string, make: () => Promise<CallRequest>): Promise<KeptRequest> {
  const kept = await readRequest(call);
  if (kept !== undefined) return kept;
  const { prompt, command, limits, about } = await make();
  // The prompt is first, so that what has a request has everything.
  await createFileAtomic(join(call, 'prompt.md'), prompt);
  const request: KeptRequest = { command, limits, about, madeAt: Date.now() };
  if (await createFileAtomic(join(call, 'request.json'), requestFormat.text(request))) return request;
  return (await readRequest(call)) ?? request;
}

/** Two followers keep the same result: it is made of the same files. */
export async function keepResult<T>(
  call: string,
  format: FileFormat<KeptResult<T>>,
  result: KeptResult<T>,
): Promise<void> {
  await writeFileAtomic(join(call, 'result.json'), format.text(result));
}

/** Two followers see two clocks: the first one's outcome counts, and is returned. */
export async function keepOutcome(tryDirectory: string, outcome: KeptOutcome): Promise<KeptOutcome> {
  if (await createFileAtomic(join(tryDirectory, 'outcome.json'), outcomeFormat.text(outcome))) return outcome;
  return (await readOutcome(tryDirectory)) ?? outcome;
}

/** Counts how a call was come by. One short append: nobody's line tears another's. */
export async function mark(call: string, what: 'adopted' | 'reused'): Promise<void> {
  await appendFile(join(call, what), `${Date.now()}\n`);
}

export async function countMarks(call: string, what: 'adopted' | 'reused'): Promise<number> {
  const text = await readIfExists(join(call, what));
  return text === undefined ? 0 : text.split('\n').length - 1;
}

/** The tries that there are, in order. */
export async function tryNumbers(call: string): Promise<number[]> {
  const names = await readdir(call);
  return names
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

export async function makeTry(call: string, tryNumber: number): Promise<string> {
  const directory = join(call, String(tryNumber));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** The exit status that was recorded, whole: it ends with a line end. */
export async function readExit(tryDirectory: string): Promise<number | undefined> {
  const text = await readIfExists(join(tryDirectory, 'exit'));
  return text?.endsWith('\n') ? Number(text) : undefined;
}

/** What the watchdog ended the try for. */
export async function readEndedBy(tryDirectory: string): Promise<string | undefined> {
  return (await readIfExists(join(tryDirectory, 'ended-by')))?.trim();
}

/** Forbids every call of this name and round, those that have no directory yet as well. */
export async function forbidRound(calls: string, key: CallRound): Promise<void> {
  await createFileAtomic(join(calls, `${roundName(key)}.stop`), '');
}

export async function roundIsForbidden(calls: string, key: CallRound): Promise<boolean> {
  return exists(join(calls, `${roundName(key)}.stop`));
}

export async function stopCall(call: string): Promise<void> {
  await createFileAtomic(join(call, 'stop'), '');
}

export async function callIsStopped(call: string): Promise<boolean> {
  return exists(join(call, 'stop'));
}
