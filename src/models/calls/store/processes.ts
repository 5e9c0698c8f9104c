/** The processes of a try: its group, and whatever left the group and carries the try in its environment. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCode } from '../../../host/files.js';
import { bootId, type ProcessIdentity } from '../../../host/processes.js';
import { claimIsAlive, isStartTick } from './claim.js';
import { tryMarks } from './spawn.js';
import type { TryRef } from './types.js';

const run = promisify(execFile);

/** Names a try's processes. */
export interface TryProcesses extends Omit<TryRef, 'call'> {
  claim: ProcessIdentity;
}

interface Listed {
  pid: number;
  group: number;
  /** Carries the marks of the try in its environment. */
  marked: boolean;
}

/** The numbers of a try's processes that run. Zombies do not. */
export interface Running {
  group: number[];
  /** Those that left the group. */
  strays: number[];
}

export async function processesOf(target: TryProcesses): Promise<Running> {
  // No process outlives a boot, and a number from before it means somebody else.
  if (target.claim.boot !== (await bootId())) return { group: [], strays: [] };
  const listed = isStartTick(target.claim.birth) ? listFromProc(target) : await listFromPs(target);
  const members = listed.filter((one) => one.group === target.claim.pid);
  // The group's number is ours while its leader is, or one of its members says so: numbers are used again.
  const groupIsOurs =
    members.length > 0 && (members.some((one) => one.marked) || (await claimIsAlive(target.claim)));
  const strays = listed.filter((one) => one.marked && !members.includes(one));
  return { group: groupIsOurs ? members.map(pidOf) : [], strays: strays.map(pidOf) };
}

const pidOf = (one: Listed): number => one.pid;

/**
 * Kills what is left of a try, and returns when nothing is.
 *
 * @throws when something still runs after half a minute: only a process that the kernel holds survives KILL
 */
export async function killProcessesOf(target: TryProcesses): Promise<void> {
  for (let waited = 0; waited < 30_000; ) {
    const { group, strays } = await processesOf(target);
    const pids = [...group, ...strays];
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    const pause = Math.min(100, 2 + waited / 4);
    await delay(pause);
    waited += pause;
  }
  throw new Error(`Processes of the call ${target.callDirectory} do not end, though they were killed.`);
}

/** Waits a moment for the wrapper to end its group by itself, which it does right after it recorded the end. */
export async function wrapperEndsSoon(claim: ProcessIdentity): Promise<void> {
  for (let i = 0; i < 25 && (await claimIsAlive(claim)); i++) await delay(1);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** Reads synchronously: some hundred tiny reads from the kernel's memory take a few milliseconds, ten times less. */
function listFromProc({ callDirectory, tryNumber, claim }: TryProcesses): Listed[] {
  const marks = tryMarks(callDirectory, tryNumber);
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const stat = read(`/proc/${name}/stat`);
    // proc(5): after the name, in parentheses, come state, parent, group and, as the 20th, the start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', , group] = fields;
    if (state === '' || state === 'Z' || state === 'X') return [];
    // What is older than the wrapper is none of its children; only a process of ours lets its environment be read.
    const younger = Number(fields[19]) >= Number(claim.birth);
    const environment = younger ? `\0${read(`/proc/${name}/environ`)}` : '';
    const marked = environment.includes(`\0${marks.call}\0`) && environment.includes(`\0${marks.number}\0`);
    return [{ pid: Number(name), group: Number(group), marked }];
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Where there is no /proc: `ps e` prints the environment after the command. */
async function listFromPs({ callDirectory, tryNumber }: TryProcesses): Promise<Listed[]> {
  const marks = tryMarks(callDirectory, tryNumber);
  const { stdout } = await run('ps', ['axeww', '-o', 'pid=,pgid=,stat=,command='], {
    // A line holds a whole environment.
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s(.*)$/.exec(line);
    if (match === null || Number(match[1]) === process.pid || match[3]?.startsWith('Z')) return [];
    const command = ` ${match[4]} `;
    const marked = command.includes(` ${marks.call} `) && command.includes(` ${marks.number} `);
    return [{ pid: Number(match[1]), group: Number(match[2]), marked }];
  });
}
