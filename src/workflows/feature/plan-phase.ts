/** Spec → tasks → refined tasks, and the plan's gate. */
import { isCancellation } from '@temporalio/workflow';
import type { Answered } from '../../domain/calls/answer.js';
import { planCall, refineCall } from '../../domain/calls/call-key.js';
import { gateAsks } from '../../domain/feature/gates.js';
import type { PlanOutcome } from '../../domain/feature/planning.js';
import type { KeptPlan } from '../../domain/feature/types.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { FileReference } from '../../domain/references.js';
import type { Plan } from '../../domain/tasks/plan.js';
import { reasonOf } from '../failures.js';
import { noteCall } from '../models.js';
import { local } from '../options.js';
import type { FeatureRun } from './run.js';

/**
 * Leaves an approved plan in the state, or none and no spec when the spec was reopened.
 *
 * @param spec the approved specification
 */
export async function planPhase(run: FeatureRun, spec: FileReference): Promise<void> {
  const { state } = run;
  await run.enter('plan');
  while (!state.planApproved && state.spec !== undefined) {
    if (state.plan === undefined && state.planProblem === undefined) await makePlan(run, spec);
    await decide(run, spec);
  }
}

async function makePlan(run: FeatureRun, spec: FileReference): Promise<void> {
  const { input, state } = run;
  const round = ++state.rounds.plan;
  const needs = { role: 'parser', purpose: 'plan', contentChars: state.specChars } as const;
  const rejected =
    state.rejection === undefined
      ? undefined
      : { plan: state.rejection.file, reason: state.rejection.reason };
  const answer = await run.models().ask<PlanOutcome>(needs, (ask) => {
    const about = { spec, rejected };
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
  const refined = await refine(run, spec, answer.plan, round);
  await keepPlan(run, refined.ok ? refined.plan : answer.plan, { refined: refined.ok });
}

/** The reviewer's refinement. One that is no valid plan leaves the original tasks as they are. */
async function refine(
  run: FeatureRun,
  spec: FileReference,
  plan: Plan,
  round: number,
): Promise<Answered<PlanOutcome> | { ok: false }> {
  const { input, state, journal } = run;
  const needs = { role: 'reviewer', purpose: 'refine', contentChars: state.specChars } as const;
  const warn = (why: Reason) =>
    journal.note({ kind: 'warning', reason: because('refinement-failed', { why }) });
  try {
    const answer = await run.models().call(needs, (ask) => {
      const about = { spec, plan };
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
  state.plan = { plan, file: await local.savePlan({ feature: input.feature, plan }) };
  await journal.write(planEvent(state.plan, made));
}

function planEvent({ plan, file }: KeptPlan, made: { refined: boolean } | { edited: true }) {
  const tasks = plan.tasks.map(({ id, title, type, dependsOn }) => ({ id, title, type, dependsOn }));
  return { kind: 'plan', file, tasks, refined: false, ...made } as const;
}

async function decide(run: FeatureRun, spec: FileReference): Promise<void> {
  const { input, state } = run;
  if (
    state.plan !== undefined &&
    state.planProblem === undefined &&
    !gateAsks('plan', input.config.gates, state.mode)
  ) {
    approve(run, state.plan.plan);
    return;
  }
  const decision = await run.gates.wait('plan', {
    reason: state.planProblem ?? because('plan-ready', { tasks: state.plan?.plan.tasks.length ?? 0 }),
    about: state.plan?.file,
    mayBeAutomatic: state.planProblem === undefined,
    blocksAll: true,
  });
  if (decision.kind === 'rejected') return reject(run, spec, decision.message, decision.reopenSpec);
  // What stands on disk is what is approved: the person may have edited it.
  const taken = await local.takePlan({ feature: input.feature });
  if (!taken.ok) {
    state.planProblem = because('plan-file-unusable', { text: taken.problem });
    await run.journal.write({ kind: 'error', reason: state.planProblem });
    return;
  }
  const { plan, file } = taken;
  const edited = file.sha256 !== state.plan?.file.sha256;
  state.plan = { plan, file };
  state.planProblem = undefined;
  if (edited) await run.journal.write(planEvent(state.plan, { edited: true }));
  approve(run, plan);
}

function approve({ state, tasks }: FeatureRun, plan: Plan): void {
  state.planApproved = true;
  tasks.follow(plan);
  for (const id of state.stoppedEarly) if (tasks.find(id) !== undefined) tasks.note(id, { kind: 'stop' });
}

async function reject(
  run: FeatureRun,
  spec: FileReference,
  reason: string,
  reopenSpec: boolean,
): Promise<void> {
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
  state.rejection = { file: reopenSpec ? spec : (state.plan?.file ?? spec), reason };
  state.plan = undefined;
  state.planProblem = undefined;
  if (reopenSpec) state.spec = undefined;
}
