/** Setup and checks on a commit, in a worktree: for a draft, an integration, the result, a merge and the base alike. */
import { globMatcher } from '../domain/config/globs.js';
import type { Check } from '../domain/config/schema.js';
import type { CommitHash } from '../domain/references.js';
import { brokenChecks, type CheckResult } from '../domain/tasks/checks.js';
import type { WorkScope } from '../feature/scope.js';
import { pathsBetween } from '../workspace/contents.js';
import { prepareWorktree, type WorktreeKey } from '../workspace/worktree.js';
import { type RunOfCommands, runStep, type Step } from './command.js';
import { projectChecks } from './detect/index.js';

/** Whose worktree. Work of no task's has a name that begins with `_`; a task's id begins with a letter. */
export interface ChecksPlace {
  task: string;
  label?: string | undefined;
}

export interface ChecksRun extends RunOfCommands {
  worktree: ChecksPlace;
  /** What the commit changes is what differs from here; undefined: every check is asked. */
  since?: CommitHash | undefined;
  setup: string | null;
  checks: readonly Check[];
}

/** The name under which a setup that failed stands among the checks. */
export const setupName = 'setup';

/**
 * Checks a commit in a worktree that is reset to it before and after. What is red and was not so before is run once
 * more, in a worktree that is reset in between: a check may pass on what its own first run has left.
 *
 * @returns the results in the order of the checks; those whose `paths` the change does not touch have none
 */
export async function checkCommit(run: ChecksRun, scope: WorkScope): Promise<CheckResult[]> {
  const checks = await touchedChecks(run, scope);
  if (checks.length === 0) return [];
  const key = worktreeOf(scope, run.worktree);
  const turnOf = async (turn: 1 | 2, asked: readonly Check[]): Promise<Turn> => {
    const cwd = await prepareWorktree(key, run.commit, {
      steps: { name: `${run.call.name}.${run.call.round}`, turn },
      bring: { share: scope.input.config.share },
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

/** What a project's setup and checks are at a commit: the configured ones, else what its files say there. */
export async function checksAt(
  commit: CommitHash,
  place: ChecksPlace,
  scope: WorkScope,
): Promise<{ setup: string | null; checks: Check[] }> {
  return projectChecks(scope.input.config, await prepareWorktree(worktreeOf(scope, place), commit));
}

const worktreeOf = (
  { input: { root, instance, feature } }: WorkScope,
  { task, label }: ChecksPlace,
): WorktreeKey => ({ root, instance, feature, task, ...(label === undefined ? {} : { label }) });

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

/** Green at the second time of asking: it passes, and both ends and outputs are kept. */
function withSecond(first: CheckResult, second: CheckResult | undefined): CheckResult {
  if (second?.passed !== true) return first;
  return { ...second, flaky: { ended: first.ended, output: first.output } };
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
