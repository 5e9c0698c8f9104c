/** Spec → tasks → refined tasks, and the plan's gate. */
import { isCancellation } from '@temporalio/workflow';
import type { Answered } from '../../domain/calls/answer.js';
import { planCall, refineCall } from '../../domain/calls/call-key.js';
import { gateAsks } from '../../domain/feature/gates.js';
import type { PlanOutcome } from '../../domain/feature/planning.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { Plan } from '../../domain/tasks/plan.js';
import { reasonOf } from '../failures.js';
import { noteCall } from '../models.js';
import { local } from '../options.js';
import type { FeatureRun } from './run.js';

/** Leaves an approved plan in the state, or none and no spec when the spec was reopened. */
export async function planPhase(run: FeatureRun): Promise<void> {
  const { state } = run;
  await run.enter('plan');
  while (!state.planApproved && state.spec !== undefined) {
    if (state.plan === undefined && state.planProblem === undefined) await makePlan(run);
    await decide(run);
  }
}

async function makePlan(run: FeatureRun): Promise<void> {
  const { input, state } = run;
  const round = ++state.rounds.plan;
  const needs = { role: 'parser', purpose: 'plan', contentChars: state.specChars } as const;
  const rejected =
    state.rejection === undefined
      ? undefined
      : { plan: state.rejection.file, reason: state.rejection.reason };
  const answer = await run.models().ask<PlanOutcome>(needs, (ask) => {
    const about = { spec: run.spec(), rejected };
    const call = planCall(ask, round, about);
    const { model, previous } = ask;
    return run.openCalls.track(call, () =>
      run.activities.makePlan.executeWithOptions({ summary: `plan ${round} by ${model}` }, [
        { feature: input.feature, call, model, previous, ...about },
      ]),
    );
  });
  state.rejection = undefined;
  if (!answer.ok) {
    state.planProblem = because('no-usable-plan', { text: answer.problem, answer: answer.raw.path });
    return;
  }
  const refined = await refine(run, answer.plan, round);
  await keepPlan(run, refined.ok ? refined.plan : answer.plan, { refined: refined.ok });
}

/** The reviewer's refinement. One that is no valid plan leaves the original tasks as they are. */
async function refine(
  run: FeatureRun,
  plan: Plan,
  round: number,
): Promise<Answered<PlanOutcome> | { ok: false }> {
  const { input, state, journal } = run;
  const needs = { role: 'reviewer', purpose: 'refine', contentChars: state.specChars } as const;
  const warn = (why: Reason) =>
    journal.note({ kind: 'warning', reason: because('refinement-failed', { why }) });
  try {
    const answer = await run.models().call(needs, (ask) => {
      const about = { spec: run.spec(), plan };
      const call = refineCall(ask, round, about);
      const { model, previous } = ask;
      return run.openCalls.track(call, () =>
        run.activities.refinePlan.executeWithOptions({ summary: `refinement ${round} by ${model}` }, [
          { feature: input.feature, call, model, previous, ...about },
        ]),
      );
    });
    noteCall(journal, needs, answer.call);
    if (!answer.ok) warn(because('plan-invalid', { text: answer.problem }));
    return answer;
  } catch (error) {
    if (isCancellation(error)) throw error;
    warn(reasonOf(error));
    return { ok: false };
  }
}

/** Saves a plan as `tasks.json` and takes it as the one that is worked on. */
export async function keepPlan(
  run: FeatureRun,
  plan: Plan,
  made: { refined: boolean } | { edited: true },
): Promise<void> {
  const { input, state, journal } = run;
  state.planFile = await local.savePlan({ feature: input.feature, plan });
  state.plan = plan;
  await journal.write(planEvent(run, plan, made));
}

function planEvent({ state }: FeatureRun, plan: Plan, made: { refined: boolean } | { edited: true }) {
  if (state.planFile === undefined) throw new Error('unreachable: the plan was saved');
  const tasks = plan.tasks.map(({ id, title, type, dependsOn }) => ({ id, title, type, dependsOn }));
  return { kind: 'plan', file: state.planFile, tasks, refined: false, ...made } as const;
}

async function decide(run: FeatureRun): Promise<void> {
  const { input, state } = run;
  if (state.planProblem === undefined && !gateAsks('plan', input.config.gates, state.mode)) {
    approve(run);
    return;
  }
  const decision = await run.gates.wait('plan', {
    reason: state.planProblem ?? because('plan-ready', { tasks: state.plan?.tasks.length ?? 0 }),
    about: state.planFile,
    mayBeAutomatic: state.planProblem === undefined,
    blocksAll: true,
  });
  if (decision.kind === 'rejected') return reject(run, decision.message, decision.reopenSpec);
  // What stands on disk is what is approved: the person may have edited it.
  const taken = await local.takePlan({ feature: input.feature });
  if (!taken.ok) {
    state.planProblem = because('plan-file-unusable', { text: taken.problem });
    await run.journal.write({ kind: 'error', reason: state.planProblem });
    return;
  }
  const edited = taken.file.sha256 !== state.planFile?.sha256;
  state.plan = taken.plan;
  state.planFile = taken.file;
  state.planProblem = undefined;
  if (edited) await run.journal.write(planEvent(run, taken.plan, { edited: true }));
  approve(run);
}

function approve({ state, tasks }: FeatureRun): void {
  state.planApproved = true;
  if (state.plan !== undefined) tasks.follow(state.plan);
  for (const id of state.stoppedEarly) if (tasks.find(id) !== undefined) tasks.note(id, { kind: 'stop' });
}

async function reject(run: FeatureRun, reason: string, reopenSpec: boolean): Promise<void> {
  const { input, state, journal } = run;
  const of = reopenSpec ? 'spec' : 'plan';
  if (state.revisions[of] >= input.config.maxRevisions) {
    await journal.write({
      kind: 'warning',
      reason: because('revisions-used', { of, times: state.revisions[of] }),
    });
    return;
  }
  state.revisions[of]++;
  const file = reopenSpec ? state.spec : (state.planFile ?? state.spec);
  if (file === undefined) throw new Error('unreachable: a plan is made from a spec');
  state.rejection = { file, reason };
  state.plan = undefined;
  state.planProblem = undefined;
  if (reopenSpec) state.spec = undefined;
}
