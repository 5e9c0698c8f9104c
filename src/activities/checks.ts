/** Setup and checks in a worktree, through the call store; what they said is kept whole in the calls' directories. */

import { relative } from 'node:path';
import { type CallKey, stepCall } from '../domain/calls/call-key.js';
import { globMatcher } from '../domain/config/globs.js';
import type { Check } from '../domain/feature/types.js';
import type { CommitHash } from '../domain/references.js';
import { brokenChecks, type CheckResult } from '../domain/tasks/review.js';
import type { ChecksInput } from '../domain/tasks/steps.js';
import type { WorkScope } from '../feature/scope.js';
import { checkSlots } from '../models/calls/slots/slots.js';
import { type CommandResult, runCommand } from '../models/command-call.js';
import { commandEnvironment } from '../models/environment.js';
import { commandLimits } from '../models/limits.js';
import { pathsBetween } from '../workspace/contents.js';
import { prepareWorktree } from '../workspace/worktree.js';
import { scoped, type WorkerContext } from './scoped.js';
import type { Activities } from './types.js';

/** A shell that cannot find or run the command, by POSIX: the check itself did not run. */
const cannotRun = [126, 127];

export interface ChecksRun {
  /** Each command of the run is a call of its own: see `stepCall`. */
  call: CallKey;
  worktree: { task: string; label?: string | undefined };
  commit: CommitHash;
  /** What the commit changes is what differs from here; undefined: every check is asked. */
  since?: CommitHash | undefined;
  setup: string | null;
  checks: readonly Check[];
  /** Which checks were red before any change; undefined while that is being found out. */
  baseline: readonly CheckResult[] | undefined;
}

/** The name under which a setup that failed stands among the checks. */
export const setupName = 'setup';

/** One command of a run. */
interface Step {
  kind: 'setup' | 'check';
  name: string;
  command: string;
  cwd?: string | undefined;
  timeout?: number | undefined;
  /** Red checks are run once more, to tell what is broken from what is flaky. */
  turn: 1 | 2;
}

/**
 * Checks a commit in a worktree that is reset to it before and after. What is red and was not so before is run once
 * more, in a worktree that is reset in between: a check may pass on what its own first run has left.
 *
 * @returns the results in the order of the checks; those whose `paths` the change does not touch have none
 */
export async function checkCommit(run: ChecksRun, scope: WorkScope): Promise<CheckResult[]> {
  const checks = await touchedChecks(run, scope);
  if (checks.length === 0) return [];
  const { input } = scope;
  const key = {
    root: input.root,
    instance: input.instance,
    feature: input.feature,
    task: run.worktree.task,
    ...(run.worktree.label === undefined ? {} : { label: run.worktree.label }),
  };
  const turnOf = async (turn: 1 | 2, asked: readonly Check[]): Promise<Turn> => {
    const cwd = await prepareWorktree(key, run.commit, {
      steps: { name: `${run.call.name}.${run.call.round}`, turn },
      bring: { share: input.config.share },
    });
    return runTurn(run, asked, turn, cwd, scope);
  };
  const first = await turnOf(1, checks);
  const asked = run.baseline === undefined ? [] : checks.filter(({ name }) => isBroken(first, name));
  const second = asked.length === 0 ? undefined : await turnOf(2, asked);
  // What checks leave behind must not pass for a part of the draft.
  await prepareWorktree(key, run.commit);
  if (second === undefined || second.kind === 'unusable')
    return first.kind === 'unusable' ? [first.setup] : first.results;
  if (first.kind === 'unusable') return second.results;
  return first.results.map((result) =>
    withSecond(
      result,
      second.results.find((other) => other.name === result.name),
    ),
  );
}

type Turn =
  | { kind: 'checked'; results: CheckResult[] }
  /** Setup failed: the checks would say nothing of the code. */
  | { kind: 'unusable'; setup: CheckResult };

const isBroken = (turn: Turn, name: string): boolean =>
  turn.kind === 'unusable' || brokenChecks(turn.results).some((result) => result.name === name);

/** Those without `paths`, and those that have one of the changed files among theirs. */
async function touchedChecks(
  { checks, commit, since }: ChecksRun,
  { input }: WorkScope,
): Promise<readonly Check[]> {
  if (since === undefined || checks.every((check) => check.paths === undefined)) return checks;
  const changed = await pathsBetween(input.root, since, commit);
  return checks.filter(({ paths }) => paths === undefined || changed.some(globMatcher(paths)));
}

/** Green at the second time of asking: it passes, and both outputs are kept. */
function withSecond(first: CheckResult, second: CheckResult | undefined): CheckResult {
  if (second?.passed !== true) return first;
  const ended = `${second.ended} when run again, ${first.ended} before`;
  return { ...second, ended, flaky: true, redOutput: first.output };
}

async function runTurn(
  run: ChecksRun,
  checks: readonly Check[],
  turn: 1 | 2,
  cwd: string,
  scope: WorkScope,
): Promise<Turn> {
  const perform = (step: Omit<Step, 'turn'>) => runStep(run, { ...step, turn }, cwd, scope);
  if (run.setup !== null) {
    const setup = await perform({ kind: 'setup', name: setupName, command: run.setup });
    if (!setup.passed) return { kind: 'unusable', setup };
  }
  const results: CheckResult[] = [];
  for (const beside of besides(checks))
    results.push(...(await allEnded(beside.map((check) => perform({ kind: 'check', ...check })))));
  return { kind: 'checked', results };
}

/** Waits for all, also where one fails: none may run on in a worktree that others begin to use. */
async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** The checks in order; neighbours that may run beside each other are together. */
function besides(checks: readonly Check[]): Check[][] {
  const groups: Check[][] = [];
  for (const check of checks) {
    const last = groups.at(-1);
    if (check.parallel === true && last?.[0]?.parallel === true) last.push(check);
    else groups.push([check]);
  }
  return groups;
}

async function runStep(
  run: ChecksRun,
  { kind, name, command, cwd: folder, timeout, turn }: Step,
  cwd: string,
  scope: WorkScope,
): Promise<CheckResult> {
  const { input } = scope;
  scope.registerCall(run.call);
  const seconds = timeout ?? input.config.limits.checkSeconds;
  const result = await runCommand(
    scope.calls,
    {
      call: stepCall(run.call, { kind, name, command, folder, commit: run.commit, turn }),
      kind,
      command,
      cwd,
      folder,
      limits: commandLimits(input.config, seconds),
      environment: commandEnvironment(process.env),
      slots: checkSlots(input.root, input.config),
    },
    { signal: scope.signal, now: scope.now },
  );
  return {
    name,
    passed: result.status === 0 && result.endedBy === undefined,
    redBefore: run.baseline?.some((before) => before.name === name && !before.passed) ?? false,
    output: relative(scope.directory, result.outputPath),
    ended: howEnded(result, seconds),
    durationMs: result.durationMs,
  };
}

function howEnded(result: CommandResult, limitSeconds: number): string {
  if (result.endedBy !== undefined) return `timed out after ${limitSeconds} s`;
  if (cannotRun.includes(result.status)) return `cannot be run, exit status ${result.status}`;
  return `exit status ${result.status}`;
}

/** Whether a check could not be run at all, so that its result says nothing of the code. */
export const couldNotRun = (result: CheckResult): boolean => result.ended.startsWith('cannot be run');

export const createRunChecks = (worker: WorkerContext): Activities['runChecks'] =>
  scoped(worker, (input: ChecksInput, scope) =>
    checkCommit(
      {
        ...input.preparation,
        call: input.call,
        worktree: input.place,
        commit: input.commit,
        since: input.since,
      },
      scope,
    ),
  );
