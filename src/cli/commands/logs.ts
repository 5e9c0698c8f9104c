/** `blueprint logs`: what happened to a feature or a task, with what its calls printed. */

import { dirname } from 'node:path';
import {
  applyEntry,
  type CallAbout,
  emptyView,
  type Feature,
  type JournalEntry,
  Problem,
  taskOfCall,
} from '../../app/index.js';
import { withTask } from '../../present/entry-text.js';
import {
  failedTryLine,
  liveOutputLine,
  logLines,
  openCallLines,
  outputLine,
} from '../../present/log-text.js';
import { type Program, type Run, shownPath } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { listenForInterrupt } from '../interrupt.js';
import { note, print } from '../output.js';

export function addLogs(program: Program, run: Run): void {
  program
    .command('logs <name> [task]')
    .description('what happened, and what the calls printed')
    .option('-f, --follow', 'go on with what comes')
    .option('--json', 'the journal as JSON, an entry a line')
    .action(
      run.inProject((project, name, task, options) => logs(project.feature(name), { task, ...options })),
    );
}

export interface LogsOptions {
  task?: string | undefined;
  follow?: boolean | undefined;
  json?: boolean | undefined;
}

export async function logs(feature: Feature, { task, follow, json }: LogsOptions = {}): Promise<number> {
  const journal = await feature.entries();
  if (task !== undefined) refuseUnknownTask(feature.name, task, journal);
  const log = openLog(feature, task, json === true);
  if (follow === true) return followLog(feature, log);
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
  /** Calls that no entry names. */
  openCalls(): Promise<void>;
  /** What running calls print, from here on; their entries do not print it again. */
  live(): Promise<() => Promise<void>>;
}

function openLog(feature: Feature, task: string | undefined, json: boolean): Log {
  const { name } = feature;
  const view = emptyView();
  const directory = shownPath(feature.directory);
  /** Calls whose text was shown. */
  const shown = new Set<string>();
  const owner = (call: string, about: CallAbout) =>
    taskOfCall(
      call,
      about,
      view.tasks.map(({ id }) => id),
    );

  const showText = async (call: string): Promise<void> => {
    if (shown.has(call)) return;
    shown.add(call);
    for await (const { lines } of feature.output(call)) print(...lines.map(outputLine));
  };

  return {
    async entry(entry) {
      applyEntry(view, entry);
      if (task !== undefined && !('task' in entry && entry.task === task)) return;
      if (json) {
        print(JSON.stringify(entry));
        return;
      }
      const rawText = entry.kind === 'error' ? await feature.rawOutput(entry.rawOutput) : undefined;
      print(...logLines(entry, { feature: name, directory, view, rawText }));
      if (entry.kind === 'call') await showText(entry.call);
      if (entry.kind === 'checks')
        for (const { output } of entry.results) await showText(callOfOutput(output));
    },

    async openCalls() {
      for (const call of await feature.calls()) {
        if (shown.has(call.call) || (task !== undefined && owner(call.call, call.about) !== task)) continue;
        print(...openCallLines(call));
        await showText(call.call);
      }
    },

    async live() {
      const output = await feature.liveOutput();
      return async () => {
        for (const { call, about, lines, failure } of await output.read()) {
          const whose = owner(call, about);
          if (task !== undefined && whose !== task) continue;
          shown.add(call);
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

const pollMs = 200;

async function followLog(feature: Feature, log: Log): Promise<number> {
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
    for await (const { entry } of feature.events({ signal })) {
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
