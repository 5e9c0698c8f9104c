/** The project's checks on what a merge comes to, in a worktree of its own and through the feature's call store. */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { projectChecks } from '../checks/detect/index.js';
import { type CallKey, mergeChecksCall, stepCall } from '../domain/calls/call-key.js';
import type { Check, FeatureInput } from '../domain/feature/types.js';
import type { CommitHash } from '../domain/references.js';
import type { CheckResult } from '../domain/tasks/review.js';
import { checkSlots } from '../models/calls/slots/slots.js';
import { parseCallName } from '../models/calls/store/key.js';
import { stopCalls } from '../models/calls/store/stop.js';
import type { CallLimits } from '../models/calls/store/types.js';
import { runCommand } from '../models/command-call.js';
import { commandEnvironment } from '../models/environment.js';
import { prepareWorktree, removeWorktree } from '../workspace/worktree.js';

/** Work of no task's; a task's id begins with a letter. */
const mergeWorktree = '_merge';

/**
 * Runs setup and checks on a commit. A run that was broken off is ended first, and its number not used again.
 *
 * @param baseline which checks were red before the feature's first change
 * @param signal aborted: ends the checks, and throws its reason
 */
export async function checkMerge(
  input: FeatureInput,
  directory: string,
  commit: CommitHash,
  baseline: readonly CheckResult[],
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const calls = join(directory, 'calls');
  const run = await nextRun(calls, commit);
  const { round } = run;
  if (round > 1) await stopCalls(calls, { name: run.name, round: round - 1 });
  const { root, instance, feature, config } = input;
  const worktree = { root, instance, feature, task: mergeWorktree };
  const cwd = await prepareWorktree(worktree, commit, { bring: { share: config.share } });
  const perform = async (kind: 'setup' | 'check', check: Check): Promise<CheckResult> => {
    const { name, command, cwd: folder, timeout = config.limits.checkSeconds } = check;
    const limits: CallLimits = {
      totalSeconds: timeout,
      // A test runner may be silent for all of its time.
      inactivitySeconds: timeout,
      graceSeconds: config.limits.graceSeconds,
      tries: config.limits.tries,
    };
    const result = await runCommand(
      calls,
      {
        call: stepCall(run, { kind, name, command, folder, commit, turn: 1 }),
        kind,
        command,
        cwd,
        folder,
        limits,
        environment: commandEnvironment(process.env),
        slots: checkSlots(root, config),
      },
      { signal },
    );
    return {
      name,
      passed: result.status === 0 && result.endedBy === undefined,
      redBefore: baseline.some((before) => before.name === name && !before.passed),
      output: relative(directory, result.outputPath),
      ended: result.endedBy === undefined ? `exit status ${result.status}` : 'timed out',
      durationMs: result.durationMs,
    };
  };
  try {
    const { setup, checks } = await projectChecks(config, cwd);
    const ready = setup === null ? undefined : await perform('setup', { name: 'setup', command: setup });
    // Without it the checks would say nothing of the code.
    if (ready?.passed === false) return [ready];
    const results: CheckResult[] = [];
    // All of them, whatever their `paths`: the other branch may have changed anything.
    for (const check of checks) results.push(await perform('check', check));
    return results;
  } catch (error) {
    if (signal.aborted) await stopCalls(calls, run);
    throw error;
  } finally {
    await removeWorktree(worktree);
  }
}

/** One more than the highest number that was used, and may have been stopped. */
async function nextRun(calls: string, commit: CommitHash): Promise<CallKey> {
  const first = mergeChecksCall(1, commit);
  const names = await readdir(calls).catch((): string[] => []);
  const rounds = names.map(parseCallName).filter((call) => call?.name === first.name);
  return mergeChecksCall(Math.max(0, ...rounds.map((call) => call?.round ?? 0)) + 1, commit);
}
