/** Setup and checks on the commit that a feature builds on: what is red there does not count against a draft. */
import type { CallKey } from '../domain/calls/call-key.js';
import type { Preparation } from '../domain/feature/types.js';
import { Problem } from '../domain/problem.js';
import { because } from '../domain/reasons.js';
import type { CommitHash } from '../domain/references.js';
import type { CheckResult } from '../domain/tasks/checks.js';
import { outputEnd } from '../feature/check-output.js';
import type { WorkScope } from '../feature/scope.js';
import { couldNotRun } from './outcome.js';
import { checkCommit, checksAt, setupName } from './run.js';

const baseWorktree = { task: '_base' };

/**
 * Finds out the project's setup and checks, and runs them.
 *
 * @param call the run
 * @throws Problem when the setup fails, or a check cannot be run at all: nothing could be verified
 */
export async function runBaseline(
  call: CallKey,
  base: CommitHash,
  scope: WorkScope,
): Promise<Pick<Preparation, 'setup' | 'checks' | 'baseline'>> {
  const { setup, checks } = await checksAt(base, baseWorktree, scope);
  const run = { call, worktree: baseWorktree, commit: base, setup, checks, baseline: undefined };
  const baseline = await checkCommit(run, scope);
  await refuseUnrunnable(baseline, scope.directory);
  return { setup, checks, baseline };
}

/** A red check is known from here on; one that cannot be run at all would say the same of every draft. */
async function refuseUnrunnable(baseline: readonly CheckResult[], directory: string): Promise<void> {
  const failed = baseline.find(
    (result) => (result.name === setupName && !result.passed) || couldNotRun(result),
  );
  if (failed === undefined) return;
  const text = (await outputEnd(directory, failed)).trim().slice(-2_000);
  const { name, ended } = failed;
  throw new Problem('setup-failed', `${name} does not work in a fresh worktree of the project.`, {
    reason: because('setup-failed', { check: { name, ended }, text }),
  });
}
