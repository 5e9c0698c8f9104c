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
  waiting: Map<number, { resolve(end: CommandEnd): void; reject(error: Error): void }>;
}

let runner: Runner | undefined;
let orders = 0;

/** Has commands run by a runner from when it listens; until then, and when it is lost, this process runs them. */
export function startRunner(): void {
  const main = ['dist/bin/runner.js', 'dist/host/runner-main.js'].map(packageFile).find(existsSync);
  if (main === undefined || runner !== undefined) return;
  const child = fork(main, {
    serialization: 'advanced',
    // Ctrl+C is this process's to answer: what it has running is ended in order.
    detached: true,
    stdio: 'ignore',
    cwd: '/',
    env: {},
    execArgv: [],
  });
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
    waiting.get(report.id)?.resolve(report.end);
    waiting.delete(report.id);
    if (waiting.size === 0) child.channel?.unref();
  });
  const lost = () => {
    if (runner === started) runner = undefined;
    // Whether a command was run nobody knows: its activity is tried again, and looks.
    for (const { reject } of waiting.values())
      reject(new Error('The process that runs git for the worker was lost.'));
    waiting.clear();
  };
  child.on('error', lost);
  child.on('exit', lost);
}

/**
 * Runs a command, in the runner where there is one.
 *
 * @throws Error when the runner is lost meanwhile
 */
export function runCommand(command: Command): Promise<CommandEnd> {
  const now = runner;
  if (now === undefined || !now.listens) return execute(command);
  const id = ++orders;
  return new Promise((resolve, reject) => {
    now.waiting.set(id, { resolve, reject });
    now.child.channel?.ref();
    const order: Order = { id, command };
    now.child.send(order, (error) => {
      if (error === null) return;
      now.waiting.delete(id);
      reject(error);
    });
  });
}
