/**
 * A small process that runs short commands for a large one. Starting a child copies the tables of the parent's memory:
 * 1 ms from a process of 50 MB and 6 ms from one of 200 MB, in which nothing else goes on.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Command, type CommandEnd, execute } from './commands.js';
import { packageFile } from './package-files.js';

/** To the runner. */
export interface Order {
  id: number;
  command: Command;
}

/** From the runner: that it listens, or how a command ended. */
export type Report = 'ready' | { id: number; end: CommandEnd };

interface Runner {
  child: ChildProcess;
  listens: boolean;
  waiting: Map<number, (end: CommandEnd) => void>;
}

/** Whether the command was run nobody knows: whoever wanted it looks, as after a kill. */
const lostEnd: CommandEnd = {
  status: undefined,
  code: 'the process that runs it for the worker was lost',
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  truncated: false,
  timedOut: false,
};

let runner: Runner | undefined;
let orders = 0;

/** Has commands run by a runner from when it listens; until then, and when it is lost, this process runs them. */
export function startRunner(): void {
  const main = ['dist/bin/runner.js', 'dist/host/runner-main.js'].map(packageFile).find(existsSync);
  if (main === undefined || runner !== undefined) return;
  const child = tryFork(main);
  if (child === undefined) return;
  child.unref();
  child.channel?.unref();
  const started: Runner = { child, listens: false, waiting: new Map() };
  runner = started;
  const { waiting } = started;
  child.on('message', (report: Report) => {
    if (report === 'ready') {
      started.listens = true;
      return;
    }
    waiting.get(report.id)?.(report.end);
    waiting.delete(report.id);
    if (waiting.size === 0) child.channel?.unref();
  });
  const lost = () => {
    if (runner === started) runner = undefined;
    for (const resolve of waiting.values()) resolve(lostEnd);
    waiting.clear();
  };
  child.on('error', lost);
  child.on('exit', lost);
}

/** Undefined where the machine has no room for it: a worker can do without. */
function tryFork(main: string): ChildProcess | undefined {
  try {
    return fork(main, {
      serialization: 'advanced',
      // Ctrl+C is this process's to answer: what it has running is ended in order.
      detached: true,
      stdio: 'ignore',
      cwd: '/',
      env: {},
      execArgv: [],
    });
  } catch {
    return undefined;
  }
}

/** Runs a command, in the runner where there is one. Never rejects. */
export function runCommand(command: Command): Promise<CommandEnd> {
  const now = runner;
  if (now === undefined || !now.listens) return execute(command);
  const id = ++orders;
  return new Promise((resolve) => {
    now.waiting.set(id, resolve);
    now.child.channel?.ref();
    const order: Order = { id, command };
    now.child.send(order, (error) => {
      if (error === null) return;
      now.waiting.delete(id);
      resolve(lostEnd);
    });
  });
}
