/** Calls for tests: real shells and real processes in a folder that is removed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { CallKey } from '../../src/domain/calls/call-key.js';
import { runCall } from '../../src/models/calls/store/store.js';
import type {
  CallEnd,
  CallLimits,
  CallOptions,
  CallReader,
  FinishedCall,
  WrapperShell,
} from '../../src/models/calls/store/types.js';
import { defaultWrapper, wrapperScript } from '../../src/models/calls/store/wrapper.js';
import { CallError } from '../../src/models/errors.js';
import { testFolder, transpiledCode } from './source-process.js';

/** A feature's calls. `command` lines append to the ledger as their first act. */
export interface CallSite {
  folder: string;
  calls: string;
  ledger: string;
}

/** What a test's call is: plain data, so that a follower in a process of its own can be told. */
export interface TestCall {
  site: CallSite;
  name?: string;
  round?: number;
  /** Run by `sh -c`, after it wrote itself into the ledger. */
  script: string;
  prompt?: string;
  limits?: Partial<CallLimits>;
  wrapper?: WrapperShell;
  /** The making of the request never ends. */
  hangInRequest?: boolean;
}

export type TestResult = z.infer<typeof resultSchema>;
const resultSchema = z.object({
  lines: z.array(z.string()),
  status: z.number(),
  endedBy: z.string().optional(),
});

export async function callSite(): Promise<CallSite> {
  const folder = await realpath(await mkdtemp(join(testFolder(), 'calls-')));
  return { folder, calls: join(folder, 'calls'), ledger: join(folder, 'ledger') };
}

export const testLimits: CallLimits = {
  totalSeconds: 60,
  inactivitySeconds: 60,
  graceSeconds: 1,
  tries: 3,
};

export const keyOf = ({ name = 'test', round = 1 }: TestCall): CallKey => ({ name, round, inputs: { v: 1 } });

/** Follows a call. Its result is the lines, whatever the status. */
export function follow(
  call: TestCall,
  options: Partial<CallOptions> & {
    finish?: (end: CallEnd, lines: string[]) => ReturnType<CallReader<TestResult>['finish']>;
    onRequest?: () => void;
  } = {},
): Promise<FinishedCall<TestResult>> {
  const { site, script, prompt = 'the prompt', limits, wrapper } = call;
  const { finish, onRequest, ...rest } = options;
  return runCall(
    site.calls,
    keyOf(call),
    async () => {
      onRequest?.();
      if (call.hangInRequest) await delay(600_000);
      const line = `echo "$BLUEPRINT_CALL $BLUEPRINT_TRY $$" >>"$0"\n${script}`;
      return {
        command: { file: '/bin/sh', args: ['-c', line, site.ledger], cwd: site.folder },
        prompt,
        limits: { ...testLimits, ...limits },
        about: { kind: 'test' },
      };
    },
    {
      result: resultSchema,
      reader: () => {
        const lines: string[] = [];
        return {
          line: (line) => lines.push(line),
          finish: async (end) => {
            if (finish !== undefined) return finish(end, lines);
            const { status, endedBy } = end;
            return { ok: true, result: { lines, status, ...(endedBy === undefined ? {} : { endedBy }) } };
          },
        };
      },
    },
    {
      environment: { PATH: process.env.PATH ?? '' },
      signal: new AbortController().signal,
      ...(wrapper === undefined ? {} : { wrapper }),
      ...rest,
    },
  );
}

/** The error that a call fails with. */
export async function failureOf(call: Promise<unknown>): Promise<CallError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CallError) return error;
    throw error;
  }
  throw new Error('The call succeeded.');
}

/** A follower in a process of its own, to be killed: see `follow-call.ts`. */
export function followElsewhere(call: TestCall): ChildProcess {
  const script = join(transpiledCode(), 'test', 'support', 'follow-call.js');
  return spawn(process.execPath, [script, JSON.stringify(call)], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Kills a process without a warning, and waits until it is gone. */
export async function killHard(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** Everything that a process printed on standard output, as JSON, when it has ended. */
export async function printed<T>(child: ChildProcess): Promise<T> {
  let text = '';
  for await (const chunk of child.stdout ?? []) text += chunk;
  return JSON.parse(text) as T;
}

/** Looks again and again until there is something. */
export async function until<T>(
  look: () => T | Promise<T>,
  what = 'what was waited for',
  patienceMs = 30_000,
): Promise<NonNullable<T>> {
  for (const end = Date.now() + patienceMs; Date.now() < end; ) {
    const found = await look();
    if (found) return found;
    await delay(10);
  }
  throw new Error(`${what} did not come.`);
}

/** The commands that were started: try and process id. */
export function started(site: CallSite): { call: string; tryNumber: number; pid: number }[] {
  if (!existsSync(site.ledger)) return [];
  return readFileSync(site.ledger, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [call = '', tryNumber, pid] = line.split(' ');
      return { call, tryNumber: Number(tryNumber), pid: Number(pid) };
    });
}

/** The one call directory of a site. */
export async function callDirectory({ calls }: CallSite): Promise<string> {
  const names = await readdir(calls);
  const call = names.find((name) => /-[0-9a-f]{8}$/.test(name));
  if (call === undefined) throw new Error(`There is no call in ${calls}.`);
  return join(calls, call);
}

/** The pid in a try's claim, once it is there. */
export const claimedBy = (site: CallSite, tryNumber = 1): Promise<number> =>
  until(async () => {
    if (!existsSync(site.calls) || (await readdir(site.calls)).length === 0) return 0;
    const path = join(await callDirectory(site), String(tryNumber), 'claim');
    return existsSync(path) ? Number((await readFile(path, 'utf8')).split('\n')[0]) : 0;
  }, 'the claim');

/** Whether a process runs; a zombie does not. Linux only, as the tests that use it. */
export function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]$/.test(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? 'X');
  } catch {
    return false;
  }
}

const shell = (path: string, options: string[]): WrapperShell => ({
  shell: path,
  options,
  script: wrapperScript,
});

/** The wrapper as it finds itself on a system without /proc. */
const psScript = wrapperScript.replace('/proc/$1/stat', '/nowhere/$1/stat');

const allWrappers: { title: string; wrapper: WrapperShell }[] = [
  { title: 'dash', wrapper: shell('/bin/dash', []) },
  { title: 'bash --posix', wrapper: shell('/bin/bash', ['--posix']) },
  { title: 'ps in the place of /proc', wrapper: { ...defaultWrapper, script: psScript } },
].filter(({ wrapper }) => existsSync(wrapper.shell));

/** The shells that the wrapper is tried under: the first that is there, or, as jest's project `shells`, all of them. */
export const wrappers =
  Reflect.get(globalThis, 'everyShell') === true ? allWrappers : allWrappers.slice(0, 1);

/** Those that differ in their language. */
export const shells = wrappers.filter(({ wrapper }) => wrapper.script === wrapperScript);

/** The same wrapper with a line put in before another one of its own, to be killed there. */
export function withLine(wrapper: WrapperShell, line: string, before: string): WrapperShell {
  if (!wrapper.script.includes(`\n${before}`)) throw new Error(`The wrapper has no line ${before}`);
  return { ...wrapper, script: wrapper.script.replace(`\n${before}`, () => `\n${line}\n${before}`) };
}
