/** Setup and checks in a worktree, through the call store; what they said is kept whole in the calls' directories. */
import { join, relative } from 'node:path';
import type { Check } from '../domain/feature.js';
import type { CommitHash } from '../domain/references.js';
import { brokenChecks, type CheckResult } from '../domain/supervision.js';
import { readEnd } from '../models/calls/tail.js';
import { type CommandResult, runCommand } from '../models/command-call.js';
import { commandEnvironment } from '../models/environment.js';
import { prepareWorktree } from '../workspace/worktree.js';
import { commandLimits, type WorkerContext } from './context.js';
import { type Following, following } from './following.js';
import type { Activities, ChecksInput } from './types.js';

/** How much of a check's output a model or a person is shown: the end, where test runners say what failed. */
const outputBytes = 16_000;

/** A shell that cannot find or run the command, by POSIX: the check itself did not run. */
const cannotRun = [126, 127];

export interface ChecksRun {
  /** First part of the calls' names. */
  name: string;
  round: number;
  worktree: { task: string; label?: string | undefined };
  commit: CommitHash;
  setup: string | null;
  checks: readonly Check[];
  /** Which checks were red before any change. */
  baseline: readonly CheckResult[];
  /** See `ChecksInput`. */
  untilBroken?: boolean | undefined;
}

/** The name under which a setup that failed stands among the checks. */
export const setupName = 'setup';

/** Checks a commit in a worktree that is reset to it before and after. */
export async function checkCommit(run: ChecksRun, follow: Following): Promise<CheckResult[]> {
  const { input } = follow;
  const key = {
    root: input.root,
    instance: input.instance,
    feature: input.feature,
    task: run.worktree.task,
    ...(run.worktree.label === undefined ? {} : { label: run.worktree.label }),
  };
  const cwd = await prepareWorktree(key, run.commit);
  const perform = async (kind: 'setup' | 'check', name: string, command: string): Promise<CheckResult> => {
    follow.begins(run.name, run.round);
    const result = await runCommand(
      follow.calls,
      {
        name: run.name,
        round: run.round,
        inputs: { kind, name, command, commit: run.commit },
        kind,
        command,
        cwd,
        limits: commandLimits(follow),
        environment: commandEnvironment(process.env),
      },
      { letGo: follow.letGo, now: follow.now },
    );
    return {
      name,
      passed: result.status === 0 && result.endedBy === undefined,
      redBefore: run.baseline.some((before) => before.name === name && !before.passed),
      output: relative(follow.directory, result.outputPath),
      ended: howEnded(result, input.config.limits.checkSeconds),
      durationMs: result.durationMs,
    };
  };

  if (run.setup !== null) {
    const setup = await perform('setup', setupName, run.setup);
    // Without it the checks would say nothing of the code.
    if (!setup.passed) return [setup];
  }
  const results: CheckResult[] = [];
  for (const check of run.checks) {
    results.push(await perform('check', check.name, check.command));
    if (run.untilBroken === true && brokenChecks(results).length > 0) break;
  }
  // What checks leave behind must not pass for a part of the draft.
  await prepareWorktree(key, run.commit);
  return results;
}

function howEnded(result: CommandResult, limitSeconds: number): string {
  if (result.endedBy !== undefined) return `timed out after ${limitSeconds} s`;
  if (cannotRun.includes(result.status)) return `cannot be run, exit status ${result.status}`;
  return `exit status ${result.status}`;
}

/** Whether a check could not be run at all, so that its result says nothing of the code. */
export const couldNotRun = (result: CheckResult): boolean => result.ended.startsWith('cannot be run');

/** The end of what a check printed. */
export const outputEnd = (directory: string, result: CheckResult): Promise<string> =>
  readEnd(join(directory, result.output), outputBytes);

export const createRunChecks = (worker: WorkerContext): Activities['runChecks'] =>
  following(worker, (input: ChecksInput, follow) =>
    checkCommit(
      {
        ...input.preparation,
        name: input.name,
        round: input.attempt,
        worktree: input.place,
        commit: input.commit,
        untilBroken: input.untilBroken,
      },
      follow,
    ),
  );
