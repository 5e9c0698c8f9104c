/** What a feature's calls print, read from their files: watching costs nothing and misses nothing. */
import { createHash, type Hash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallAbout, FailedTry, RunningCall } from '../domain/calls/stored-call.js';
import { unreadable } from '../domain/file-format.js';
import { type LineSplitter, lineSplitter, readFrom } from '../host/tail.js';
import { answerFile, answersToCome } from '../models/answer-writer.js';
import { readLaunch, readOutcome } from '../models/calls/store/records.js';

/** What came of one call since it was last looked at. */
interface CallLines {
  /** The call directory's name. */
  call: string;
  about: CallAbout;
  lines: string[];
  /** The try that is the last so far has failed; told once. What fails for good is in the journal as well. */
  failure: FailedTry | undefined;
  /** Nothing comes any more. */
  ended: boolean;
}

interface CallOutput {
  /** Reads what came. */
  read(): Promise<CallLines[]>;
  /** As of the last `read`. */
  running(): RunningCall[];
}

interface Followed {
  call: string;
  about: CallAbout | undefined;
  tryNumber: number;
  /** That this try has failed was told. */
  isFailureTold: boolean;
  position: number;
  /** Of all that was read. */
  hash: Hash;
  /** What was read is the beginning of the file that it is in for good. */
  isFinal: boolean;
  text: LineSplitter;
  /** The whole lines that came since they were last taken. */
  lines: string[];
  lastLine: string;
  running: boolean;
}

/** A line that is longer is shown in pieces: it must not fill the memory. */
const lineMaxLength = 64 * 1024;

/**
 * @param callsDirectory need not be there yet
 * @param known calls that are passed over
 */
export function followCalls(callsDirectory: string, known: Iterable<string> = []): CallOutput {
  const followed = new Map<string, Followed>();
  const over = new Set(known);

  const look = async (call: string): Promise<CallLines | undefined> => {
    const directory = join(callsDirectory, call);
    // Listed before the output is read: what the list says is over has been written whole.
    const names = await namesIn(directory);
    const finished = names.includes('result.json');
    const state = followed.get(call) ?? begin(call);
    followed.set(call, state);
    state.about ??= await readAbout(directory);
    const tryNumber = Math.max(0, ...names.filter((name) => /^[1-9]\d*$/.test(name)).map(Number));
    if (state.about === undefined || tryNumber === 0) return undefined;
    if (tryNumber !== state.tryNumber) Object.assign(state, begin(call), { about: state.about, tryNumber });
    const tryDirectory = join(directory, String(tryNumber));
    const tryNames = await namesIn(tryDirectory);
    state.running = !finished && tryNames.includes('claim') && !tryNames.includes('exit');
    const file = await textFile(tryDirectory, state.about);
    if (file?.isFinal === true && !state.isFinal) await becomeFinal(file.path, state);
    if (file !== undefined) await readLines(file.path, state);
    if (finished) {
      over.add(call);
      followed.delete(call);
      state.text.end();
    }
    const lines = state.lines.splice(0);
    state.lastLine = lines.findLast(saysSomething) ?? state.lastLine;
    const failure = state.isFailureTold ? undefined : await readFailure(tryDirectory, tryNumber);
    state.isFailureTold ||= failure !== undefined;
    return { call, about: state.about, lines, failure, ended: finished };
  };

  return {
    async read() {
      const calls = (await namesIn(callsDirectory)).filter((call) => isCall(call) && !over.has(call)).sort();
      const found: CallLines[] = [];
      for (const call of calls) {
        const lines = await look(call);
        if (lines === undefined) continue;
        if (lines.lines.length > 0 || lines.failure !== undefined || lines.ended) found.push(lines);
      }
      return found;
    },
    running: () =>
      [...followed.values()]
        .filter((call) => call.running)
        .map(({ call, about = {}, text, lastLine }) => ({
          call,
          about,
          lastLine: saysSomething(text.rest()) ? text.rest() : lastLine,
        })),
  };
}

async function readFailure(tryDirectory: string, number: number): Promise<FailedTry | undefined> {
  try {
    const outcome = await readOutcome(tryDirectory);
    return outcome === undefined ? undefined : { number, message: outcome.error.message };
  } catch (error) {
    return { number, message: unreadable(error).message };
  }
}

/** The calls that have their result. */
export async function finishedCalls(callsDirectory: string): Promise<string[]> {
  const finished: string[] = [];
  for (const call of await namesIn(callsDirectory))
    if (isCall(call) && (await namesIn(join(callsDirectory, call))).includes('result.json'))
      finished.push(call);
  return finished;
}

/**
 * The file that a try's text is in: a model's answer, or all that a command printed. An answer that still comes is
 * written aside; of several followers' files the longest is the one that goes on.
 */
export async function textFile(
  tryDirectory: string,
  { purpose }: CallAbout,
): Promise<{ path: string; isFinal: boolean } | undefined> {
  if (purpose === undefined) return { path: join(tryDirectory, 'stdout'), isFinal: true };
  const names = await namesIn(tryDirectory);
  if (names.includes(answerFile)) return { path: join(tryDirectory, answerFile), isFinal: true };
  let longest: { path: string; size: number } | undefined;
  for (const name of answersToCome(names)) {
    const path = join(tryDirectory, name);
    const { size } = await stat(path).catch(() => ({ size: 0 }));
    if (longest === undefined || size > longest.size) longest = { path, size };
  }
  return longest === undefined ? undefined : { path: longest.path, isFinal: false };
}

/** What a call is about; undefined while it has no request. */
export async function readAbout(callDirectory: string): Promise<CallAbout | undefined> {
  try {
    return (await readLaunch(callDirectory))?.about;
  } catch (error) {
    unreadable(error);
    return {};
  }
}

const isCall = (name: string): boolean => /\.\d+-[0-9a-f]{8}$/.test(name);

function begin(call: string): Followed {
  const lines: string[] = [];
  return {
    call,
    about: undefined,
    tryNumber: 0,
    isFailureTold: false,
    position: 0,
    hash: createHash('sha256'),
    isFinal: false,
    text: lineSplitter((line) => lines.push(line), lineMaxLength),
    lines,
    lastLine: '',
    running: false,
  };
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch((): string[] => []);

/** Rules, brackets and dots say nothing of how far a call has come. */
const saysSomething = (line: string): boolean => /[\p{L}\p{N}]/u.test(line);

/** Goes on behind what was read, or from the beginning where the answer is not what was said on the way to it. */
async function becomeFinal(path: string, state: Followed): Promise<void> {
  state.isFinal = true;
  if (state.position === 0) return;
  const beginning = (await readFile(path)).subarray(0, state.position);
  const same = createHash('sha256').update(beginning).digest().equals(state.hash.copy().digest());
  if (same) return;
  state.text.end();
  state.position = 0;
  state.hash = createHash('sha256');
}

async function readLines(path: string, state: Followed): Promise<void> {
  state.position = await readFrom(path, state.position, (bytes) => {
    state.hash.update(bytes);
    state.text.add(bytes);
  });
}
