/**
 * What a call's directory holds, and in which order it comes to hold it:
 *
 *     <calls>/<name>.<round>.stop      no call of this name and round starts any more
 *     <call>/prompt.md, launch.json   made once, never again
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
  type KeptLaunch,
  type KeptOutcome,
  type KeptResult,
  launchFormat,
  outcomeFormat,
} from './formats.js';
import { type CallRound, roundName } from './key.js';
import type { Launch, TryRef } from './types.js';

export const readLaunch = (call: string) => readFileAs(join(call, 'launch.json'), launchFormat);
export const readResult = <T>(call: string, format: FileFormat<KeptResult<T>>) =>
  readFileAs(join(call, 'result.json'), format);
export const readOutcome = (tryDirectory: string) =>
  readFileAs(join(tryDirectory, 'outcome.json'), outcomeFormat);

/** The launch as the first attempt made it: later ones make none. */
export async function openLaunch(call: string, make: () => Promise<Launch>): Promise<KeptLaunch> {
  const kept = await readLaunch(call);
  if (kept !== undefined) return kept;
  const { prompt, command, limits, about } = await make();
  // The prompt is first, so that what has a launch has everything.
  await createFileAtomic(join(call, 'prompt.md'), prompt);
  const launch: KeptLaunch = { command, limits, about, madeAt: Date.now() };
  if (await createFileAtomic(join(call, 'launch.json'), launchFormat.text(launch))) return launch;
  return (await readLaunch(call)) ?? launch;
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

export const callIsFinished = (call: string): Promise<boolean> => exists(join(call, 'result.json'));

/** Whether a process has taken the try, and has not ended, as far as its files say. */
export async function tryRuns(tryDirectory: string): Promise<boolean> {
  const [isTaken, hasEnded] = await Promise.all(
    ['claim', 'exit'].map((name) => exists(join(tryDirectory, name))),
  );
  return isTaken === true && hasEnded === false;
}

/** Counts how a call's answer was obtained. One short append: nobody's line tears another's. */
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

/** Where a try's files are. */
export const tryDirectory = ({ callDirectory, tryNumber }: Omit<TryRef, 'call'>): string =>
  join(callDirectory, String(tryNumber));

/** @returns the try's directory */
export async function makeTry(one: TryRef): Promise<string> {
  const directory = tryDirectory(one);
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
