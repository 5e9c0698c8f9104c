/** The finished branch: checked once more as a whole, and shown to a person. */
import { type CallKey, resultChecksCall } from '../../domain/calls/call-key.js';
import { gateAsks } from '../../domain/feature/gates.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { CommitHash } from '../../domain/references.js';
import { brokenChecks, type CheckResult, redChecks } from '../../domain/tasks/checks.js';
import { nextTaskId, type Plan, type Task } from '../../domain/tasks/plan.js';
import { keepPlan } from './plan-phase.js';
import type { FeatureRun } from './run.js';

/** Leaves the result approved, or a new task in the plan that says what is wrong with it. */
export async function resultPhase(run: FeatureRun, plan: () => Plan): Promise<void> {
  const { input, state } = run;
  await run.enter('result');
  const checks = await check(run);
  const broken = brokenChecks(checks);
  if (broken.length === 0 && !gateAsks('result', input.config.gates, state.mode)) {
    state.resultApproved = true;
    return;
  }
  const decision = await run.gates.wait('result', {
    reason: whyAsked(checks),
    // Never called done by itself when the checks do not pass.
    mayBeAutomatic: broken.length === 0,
    blocksAll: true,
  });
  if (decision.kind === 'rejected') await addTask(run, plan(), decision.message);
  else state.resultApproved = true;
}

function whyAsked(checks: CheckResult[]): Reason {
  const broken = redChecks(checks);
  if (broken.length > 0) return because('result-breaks', { checks: broken });
  const red = checks.filter((check) => !check.passed).map((check) => check.name);
  if (red.length > 0) return because('result-still-red', { checks: red });
  return checks.length === 0 ? because('result-unchecked') : because('result-passes');
}

async function check(run: FeatureRun): Promise<CheckResult[]> {
  const { state, journal } = run;
  const preparation = run.preparation();
  const round = ++state.rounds.result;
  const commit = state.head;
  const checks =
    commit === undefined || preparation.checks.length === 0
      ? []
      : await checkCommit(run, resultChecksCall(round, commit), commit);
  await journal.write({
    kind: 'result',
    head: commit,
    verified: checks.length > 0 && checks.every((result) => result.passed),
    checks,
  });
  return checks;
}

const checkCommit = (run: FeatureRun, call: CallKey, commit: CommitHash): Promise<CheckResult[]> =>
  run.openCalls.track(call, () =>
    run.activities.runChecks.executeWithOptions({ summary: 'checks of the finished branch' }, [
      {
        feature: run.input.feature,
        call,
        place: { task: '_result' },
        commit,
        since: run.input.base,
        preparation: run.preparation(),
      },
    ]),
  );

/** A rejected result becomes a task with the reason as its description. */
async function addTask(run: FeatureRun, before: Plan, reason: string): Promise<void> {
  const task: Task = {
    id: nextTaskId(before),
    title: 'Put right what the result was rejected for',
    description: reason,
    type: 'code',
    dependsOn: [],
  };
  const plan = { tasks: [...before.tasks, task] };
  await keepPlan(run, plan, { edited: true });
  run.tasks.follow(plan);
}
