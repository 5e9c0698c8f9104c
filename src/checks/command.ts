/** One command of a run of setup and checks: a call of its own, in one of the project's slots. */
import { relative } from 'node:path';
import { type CallKey, stepCall } from '../domain/calls/call-key.js';
import type { CommitHash } from '../domain/references.js';
import type { CheckResult } from '../domain/tasks/checks.js';
import type { WorkScope } from '../feature/scope.js';
import { checkSlots } from '../models/calls/slots/slots.js';
import { runCommand } from '../models/command-call.js';
import { commandEnvironment } from '../models/environment.js';
import { commandLimits } from '../models/limits.js';
import { checkEnd } from './outcome.js';

/** What all commands of a run have in common. */
export interface RunOfCommands {
  /** Each command of the run is a call of its own: see `stepCall`. */
  call: CallKey;
  commit: CommitHash;
  /** Which checks were red before any change; undefined while that is being found out. */
  baseline: readonly CheckResult[] | undefined;
}

export interface Step {
  kind: 'setup' | 'check';
  name: string;
  command: string;
  /** Where it runs, below the worktree. */
  cwd?: string | undefined;
  /** In seconds; the configuration's own limit where it is absent. */
  timeout?: number | undefined;
  /** Red checks are run once more, to tell what is broken from what is flaky. */
  turn: 1 | 2;
}

/**
 * Runs a command, or gives the outcome that it had before.
 *
 * @param worktree where the run's commit is checked out
 * @throws the reason of `scope.signal` when that is aborted: the command goes on
 */
export async function runStep(
  run: RunOfCommands,
  { kind, name, command, cwd: folder, timeout, turn }: Step,
  worktree: string,
  scope: WorkScope,
): Promise<CheckResult> {
  const { config, root } = scope.input;
  scope.registerCall(run.call);
  const seconds = timeout ?? config.limits.checkSeconds;
  const result = await runCommand(
    scope.calls,
    {
      call: stepCall(run.call, { kind, name, command, folder, commit: run.commit, turn }),
      kind,
      command,
      cwd: worktree,
      folder,
      limits: commandLimits(config, seconds),
      environment: commandEnvironment(process.env),
      slots: checkSlots(root, config),
    },
    { signal: scope.signal, now: scope.now },
  );
  const ended = checkEnd(result, seconds);
  return {
    name,
    passed: ended.kind === 'exit' && ended.status === 0,
    redBefore: run.baseline?.some((before) => before.name === name && !before.passed) ?? false,
    output: relative(scope.directory, result.outputPath),
    ended,
    durationMs: result.durationMs,
  };
}
