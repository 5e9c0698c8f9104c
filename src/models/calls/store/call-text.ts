/** The text of a call, while it comes and afterwards: a model's answer, or all that a command prints. Looking touches nothing. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallAbout, FailedTry, RunningCall } from '../../../domain/calls/stored-call.js';
import { unreadable } from '../../../domain/file-format.js';
import { unlessMissing } from '../../../host/files.js';
import { lineSplitter, readFrom } from '../../../host/tail.js';
import { answerFile, answersToCome } from '../../answer-writer.js';
import { parseCallName } from './key.js';
import { callIsFinished, readLaunch, readOutcome, tryNumbers, tryRuns } from './records.js';

/** How far the text of a call was read: so many bytes of a try's. */
export interface TextPosition {
  tryNumber: number;
  bytes: number;
}

/** What came of one call since it was last looked at. */
export interface CallLines {
  /** The call directory's name. */
  call: string;
  about: CallAbout;
  lines: string[];
  /** Whoever goes on from here later misses no line. */
  next: TextPosition;
  /** The try that is the last so far has failed; reported once. What fails for good is in the journal as well. */
  failure: FailedTry | undefined;
  /** Nothing comes any more. */
  ended: boolean;
}

export interface CallText {
  /** Reads what came; undefined while there is no try. */
  read(): Promise<CallLines | undefined>;
  /** What has come, as of the last `read`, of a line whose end has not. */
  rest(): string;
  /** As of the last `read`; undefined when it does not run. */
  running(): RunningCall | undefined;
}

/** A line that is longer is shown in pieces: it must not fill the memory. */
const lineMaxLength = 64 * 1024;
const newline = 0x0a;

/** Every call that has a directory. */
export const callNames = async (callsDirectory: string): Promise<string[]> =>
  ((await unlessMissing(readdir(callsDirectory))) ?? [])
    .filter((name) => parseCallName(name) !== undefined)
    .sort();

/** @param from goes on from there, where the try is still the last one; from its beginning by default */
export function openCallText(callsDirectory: string, call: string, from?: TextPosition): CallText {
  const directory = join(callsDirectory, call);
  let about: CallAbout | undefined;
  let text: TryText | undefined;
  let lastLine = '';
  let runs = false;
  let reportedFailure = false;

  const openLast = async (): Promise<TryText | undefined> => {
    const last = ((await unlessMissing(tryNumbers(directory))) ?? []).at(-1);
    if (last === undefined || last === text?.tryNumber) return text;
    lastLine = '';
    reportedFailure = false;
    return openTryText(directory, last, from?.tryNumber === last ? from.bytes : 0);
  };

  return {
    async read() {
      // Looked at before the output is read: what is over then has been written whole.
      const ended = await callIsFinished(directory);
      about ??= await readAbout(directory);
      text = await openLast();
      if (about === undefined || text === undefined) return undefined;
      const { tryNumber } = text;
      const tryDirectory = join(directory, String(tryNumber));
      runs = !ended && (await tryRuns(tryDirectory));
      const lines = await text.read(about, ended);
      lastLine = lines.findLast(saysSomething) ?? lastLine;
      const failure = reportedFailure ? undefined : await readFailure(tryDirectory, tryNumber);
      reportedFailure ||= failure !== undefined;
      return { call, about, lines, next: { tryNumber, bytes: text.bytes() }, failure, ended };
    },
    rest: () => text?.rest() ?? '',
    running() {
      if (!runs || text === undefined) return undefined;
      const rest = text.rest();
      return { call, about: about ?? {}, lastLine: saysSomething(rest) ? rest : lastLine };
    },
  };
}

interface TryText {
  tryNumber: number;
  /** @param ended gives the last line too, if it has no end */
  read(about: CallAbout, ended: boolean): Promise<string[]>;
  /** Where the line begins that has not come whole. */
  bytes(): number;
  /** What has come of that line. */
  rest(): string;
}

function openTryText(directory: string, tryNumber: number, from: number): TryText {
  const tryDirectory = join(directory, String(tryNumber));
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line), lineMaxLength);
  let position = from;
  let lineStart = from;
  /** Of all that was read of an answer that still came; undefined before. */
  let hash = from === 0 ? createHash('sha256') : undefined;
  /** What was read is the beginning of the file that it is in for good. */
  let isFinal = false;

  const becomeFinal = async (path: string): Promise<void> => {
    isFinal = true;
    if (position === 0 || hash === undefined) return;
    const beginning = (await readFile(path)).subarray(0, position);
    const same = createHash('sha256').update(beginning).digest().equals(hash.digest());
    if (same) return;
    // From the beginning, where the answer is not what was said on the way to it.
    splitter.end();
    position = 0;
    lineStart = 0;
  };

  return {
    tryNumber,
    async read(about, ended) {
      const file = await textFile(tryDirectory, about);
      if (file?.isFinal === true && !isFinal) await becomeFinal(file.path);
      if (file !== undefined) {
        if (!isFinal) hash ??= createHash('sha256').update((await readFile(file.path)).subarray(0, position));
        let at = position;
        position = await readFrom(file.path, position, (bytes) => {
          if (!isFinal) hash?.update(bytes);
          const end = bytes.lastIndexOf(newline);
          if (end !== -1) lineStart = at + end + 1;
          at += bytes.length;
          splitter.add(bytes);
        });
      }
      if (ended) {
        splitter.end();
        lineStart = position;
      }
      return lines.splice(0);
    },
    bytes: () => lineStart,
    rest: () => splitter.rest(),
  };
}

/**
 * The file that a try's text is in. An answer that still comes is written aside; of several followers' files the
 * longest is the one that goes on.
 */
async function textFile(
  tryDirectory: string,
  { purpose }: CallAbout,
): Promise<{ path: string; isFinal: boolean } | undefined> {
  if (purpose === undefined) return { path: join(tryDirectory, 'stdout'), isFinal: true };
  const names = await readdir(tryDirectory).catch((): string[] => []);
  if (names.includes(answerFile)) return { path: join(tryDirectory, answerFile), isFinal: true };
  let longest: { path: string; size: number } | undefined;
  for (const name of answersToCome(names)) {
    const path = join(tryDirectory, name);
    const { size } = await stat(path).catch(() => ({ size: 0 }));
    if (longest === undefined || size > longest.size) longest = { path, size };
  }
  return longest === undefined ? undefined : { path: longest.path, isFinal: false };
}

/** Whether a call has come to its end. */
export const callHasEnded = (callsDirectory: string, call: string): Promise<boolean> =>
  callIsFinished(join(callsDirectory, call));

/** What a call is about; undefined while it has no launch. */
async function readAbout(callDirectory: string): Promise<CallAbout | undefined> {
  try {
    return (await readLaunch(callDirectory))?.about;
  } catch (error) {
    unreadable(error);
    return {};
  }
}

async function readFailure(tryDirectory: string, number: number): Promise<FailedTry | undefined> {
  try {
    const outcome = await readOutcome(tryDirectory);
    return outcome === undefined ? undefined : { number, message: outcome.error.message };
  } catch (error) {
    return { number, message: unreadable(error).message };
  }
}

/** Rules, brackets and dots say nothing of how far a call has come. */
const saysSomething = (line: string): boolean => /[\p{L}\p{N}]/u.test(line);
