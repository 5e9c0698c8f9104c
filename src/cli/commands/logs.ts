/** `blueprint logs`: what happened to a feature or a task, with what its calls printed. */

import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type CallAbout, taskOfCall } from '../../domain/calls/stored-call.js';
import type { JournalEntry } from '../../domain/journal/entries.js';
import { applyEntry, emptyView } from '../../domain/journal/view.js';
import { Problem } from '../../domain/problem.js';
import { followJournal, readJournal } from '../../feature/journal.js';
import { featureDirectory } from '../../feature/project.js';
import { isMissing } from '../../host/files.js';
import { listCalls } from '../../models/calls/store/list.js';
import { withTask } from '../../present/entry-text.js';
import {
  failedTryLine,
  liveOutputLine,
  logLines,
  openCallLines,
  outputLine,
} from '../../present/log-text.js';
import { finishedCalls, followCalls, readAbout, textFile } from '../call-output.js';
import { type GlobalOptions, openContext, requireFeature, shownPath } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { listenForInterrupt } from '../interrupt.js';
import { note, print } from '../output.js';
import { readRawText } from '../raw-text.js';

interface LogsOptions {
  follow?: boolean;
  json?: boolean;
}

export async function logs(
  global: GlobalOptions,
  name: string,
  task: string | undefined,
  { follow, json }: LogsOptions,
): Promise<number> {
  const { root } = await openContext(global);
  await requireFeature(root, name);
  const directory = featureDirectory(root, name);
  const journal = await readJournal(directory);
  if (task !== undefined) refuseUnknownTask(name, task, journal);
  const log = openLog(directory, name, task, json === true);
  if (follow === true) return followLog(log, directory);
  for (const entry of journal) await log.entry(entry);
  if (json !== true) await log.openCalls();
  return exitStatus.done;
}

function refuseUnknownTask(name: string, task: string, journal: readonly JournalEntry[]): void {
  const known = new Set(
    journal.flatMap((entry) => (entry.kind === 'plan' ? entry.tasks.map(({ id }) => id) : [])),
  );
  if (known.has(task)) return;
  const what = known.size === 0 ? 'it has no tasks yet' : `it has ${[...known].join(', ')}`;
  throw new Problem('task-missing', `${name} has no task ${task}; ${what}.`);
}

interface Log {
  entry(entry: JournalEntry): Promise<void>;
  /** Calls that no entry tells of. */
  openCalls(): Promise<void>;
  /** What running calls print, from here on; their entries do not print it again. */
  live(): Promise<() => Promise<void>>;
}

function openLog(directory: string, name: string, task: string | undefined, json: boolean): Log {
  const view = emptyView();
  const calls = join(directory, 'calls');
  const shownDirectory = shownPath(directory);
  /** Calls whose text was shown. */
  const told = new Set<string>();
  const owner = (call: string, about: CallAbout) =>
    taskOfCall(
      call,
      about,
      view.tasks.map(({ id }) => id),
    );

  const showText = async (call: string): Promise<void> => {
    if (told.has(call)) return;
    told.add(call);
    const about = (await readAbout(join(calls, call))) ?? {};
    const names = await readdir(join(calls, call)).catch((): string[] => []);
    const last = Math.max(0, ...names.filter((one) => /^[1-9]\d*$/.test(one)).map(Number));
    const file = last > 0 ? await textFile(join(calls, call, String(last)), about) : undefined;
    if (file !== undefined) await printFile(file.path);
  };

  return {
    async entry(entry) {
      applyEntry(view, entry);
      if (task !== undefined && !('task' in entry && entry.task === task)) return;
      if (json) {
        print(JSON.stringify(entry));
        return;
      }
      const rawText = entry.kind === 'error' ? await readRawText(directory, entry.rawOutput) : undefined;
      print(...logLines(entry, { feature: name, directory: shownDirectory, view, rawText }));
      if (entry.kind === 'call') await showText(entry.call);
      if (entry.kind === 'checks')
        for (const { output } of entry.results) await showText(callOfOutput(output));
    },

    async openCalls() {
      for (const call of await listCalls(calls)) {
        if (told.has(call.call) || (task !== undefined && owner(call.call, call.about) !== task)) continue;
        print(...openCallLines(call));
        await showText(call.call);
      }
    },

    async live() {
      const output = followCalls(calls, await finishedCalls(calls));
      return async () => {
        for (const { call, about, lines, failure } of await output.read()) {
          const whose = owner(call, about);
          if (task !== undefined && whose !== task) continue;
          told.add(call);
          const what = about.purpose ?? about.kind ?? 'call';
          print(...lines.map((line) => liveOutputLine(whose, what, line)));
          if (failure !== undefined) print(withTask(whose, failedTryLine(what, failure)));
        }
      };
    },
  };
}

/** `calls/T003-checks.1-0a1b2c3d/1/stdout` is the output of `T003-checks.1-0a1b2c3d`. */
const callOfOutput = (output: string): string => dirname(dirname(output)).split('/').at(-1) ?? '';

async function printFile(path: string): Promise<void> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) print(outputLine(line));
  } catch (error) {
    // The call ended before it printed anything.
    if (!isMissing(error)) throw error;
  }
}

const pollMs = 200;

async function followLog(log: Log, directory: string): Promise<number> {
  const interrupt = listenForInterrupt();
  const end = new AbortController();
  const signal = AbortSignal.any([interrupt.signal, end.signal]);
  const showLive = await log.live();
  let reading: Promise<void> = Promise.resolve();
  const read = () => {
    reading = reading.then(showLive).catch((error: unknown) => {
      note(`The calls' output cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    });
    return reading;
  };
  const timer = setInterval(() => void read(), pollMs);
  try {
    for await (const { entry } of followJournal(directory, { signal })) {
      // What a call printed comes before the entry that says that it ended.
      if (entry.kind === 'call' || entry.kind === 'checks') await read();
      await log.entry(entry);
      if (entry.kind === 'phase' && entry.phase === 'done') break;
    }
    await read();
  } finally {
    clearInterval(timer);
    end.abort();
    interrupt.dispose();
  }
  return interrupt.signal.aborted ? exitStatus.interrupted : exitStatus.done;
}
