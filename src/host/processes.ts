/** Who a process is, beyond its number: numbers are used again, after a reboot all of them. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process, told apart from any other that ever has the same number on this machine. */
export interface ProcessIdentity {
  pid: number;
  /** When it was started, in the platform's own terms: clock ticks since boot on Linux, a date elsewhere. */
  birth: string;
  boot: string;
}

/** The identity of a process that exists, or undefined. A zombie does not count: it runs no more. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const [state, boot] = await Promise.all([readState(pid), bootId()]);
  return state === undefined || state.zombie ? undefined : { pid, birth: state.birth, boot };
}

/** Whether this very process still runs. */
export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  const now = await identify(process.pid);
  return now !== undefined && now.birth === process.birth && now.boot === process.boot;
}

let boot: Promise<string> | undefined;

/** An id that changes with every boot of the machine. */
export function bootId(): Promise<string> {
  boot ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    // macOS. Its boot time moves when the clock is set, its session's id does not.
    .catch(async () => (await run('sysctl', ['-n', 'kern.bootsessionuuid'])).stdout)
    .then((text) => text.trim());
  return boot;
}

interface ProcessState {
  birth: string;
  zombie: boolean;
}

async function readState(pid: number): Promise<ProcessState | undefined> {
  if (process.platform === 'linux') return readProcStat(pid);
  return readPs(pid);
}

/** proc(5): the name, in parentheses, may hold anything; field 3 is the state, field 22 the start time. */
async function readProcStat(pid: number): Promise<ProcessState | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { zombie: fields[0] === 'Z' || fields[0] === 'X', birth: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** Where there is no /proc. Exported for its test. */
export async function readPs(pid: number): Promise<ProcessState | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      // It prints a local date: one zone for all who compare it.
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC0' },
    });
    const match = /^(\S+)\s+(.+)$/.exec(stdout.trim());
    return match?.[1] === undefined || match[2] === undefined
      ? undefined
      : { zombie: match[1].startsWith('Z'), birth: match[2] };
  } catch {
    return undefined;
  }
}
