/** A feature, from its brief to its branch: the phases, in order, for as long as they take. */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import { baselineCall } from '../../domain/calls/call-key.js';
import { gateAsks } from '../../domain/feature/gates.js';
import { initialState } from '../../domain/feature/state.js';
import type { FeatureInput, FeatureState, KeptPlan } from '../../domain/feature/types.js';
import { routingRules, standIns } from '../../domain/models/routing.js';
import { missingModels } from '../../domain/models/unavailable.js';
import type { CommitHash, FileReference } from '../../domain/references.js';
import type { Plan } from '../../domain/tasks/plan.js';
import { reasonOf } from '../failures.js';
import { temporal } from '../runtime.js';
import { createExecution } from './execution.js';
import { createIntegrationQueue } from './integration.js';
import { takeEdit } from './manual-edits.js';
import { handleMessages } from './messages.js';
import { planPhase } from './plan-phase.js';
import { resultPhase } from './result-phase.js';
import { createRewinds } from './rewind.js';
import { createRounds, type Rounds } from './rounds.js';
import { createRun, type FeatureRun } from './run.js';
import { specPhase } from './spec-phase.js';
import { createTaskDriver, type DriverDeps } from './task-driver.js';

export interface FeatureResult {
  head?: CommitHash | undefined;
}

/** @param carried the state of the run before, when this one continues it */
export async function featureWorkflow(input: FeatureInput, carried?: FeatureState): Promise<FeatureResult> {
  const run = createRun(input, carried ?? initialState(input));
  const { state, journal } = run;
  const rounds = createRounds(run);
  let phases = new CancellationScope();
  const rewinds = createRewinds(run, () => phases.cancel());
  handleMessages({ run, rounds, rewinds, stopAll: () => phases.cancel() });

  let ended: PhasesEnd | undefined;
  while (ended === undefined) {
    if (rewinds.isAsked()) await rewinds.carryOut();
    try {
      ended = await phases.run(() => runPhases(run, rounds));
    } catch (error) {
      // A stop must leave no process behind, and a failure no call that nobody waits for.
      await CancellationScope.nonCancellable(async () => {
        await run.openCalls.end();
        await journal.write();
      });
      if (!isCancellation(error)) await halt(run, error);
      else if (!state.stopped && !rewinds.isAsked()) throw error;
      run.publish();
      await condition(() => !state.stopped || rewinds.isAsked());
      phases = new CancellationScope();
    }
    if (ended === undefined) continue;
    // What was noted last: the next run begins without it.
    await journal.write();
    await condition(() => allHandlersFinished() || rewinds.isAsked());
    // Asked for while the last of it ended: the end was none.
    if (rewinds.isAsked()) {
      ended = undefined;
      phases = new CancellationScope();
    }
  }
  if (ended === 'done') return { head: state.head };
  return continueAsNew<typeof featureWorkflow>(input, { ...state, journalSequence: journal.sequence() });
}

type PhasesEnd = 'done' | 'continue-as-new';

/**
 * What no phase can go on from (no model is logged in, setup fails) stops the feature where it stands: a person
 * puts it right and resumes, and nothing that was paid for is lost.
 */
async function halt(run: FeatureRun, error: unknown): Promise<void> {
  const reason = reasonOf(error);
  run.state.stopped = true;
  run.journal.note({ kind: 'error', reason });
  await run.enter('failed', reason);
}

async function runPhases(run: FeatureRun, rounds: Rounds): Promise<PhasesEnd> {
  const { state } = run;
  if (state.preparation === undefined) await prepare(run);
  while (!state.resultApproved) {
    const { spec, plan } = await approvedWork(run);
    // A person may edit the plan meanwhile.
    const planNow = () => (state.plan ?? plan).plan;
    const runRound: DriverDeps['runRound'] = (task, record) =>
      rounds.run({ spec, plan: planNow() }, task, record);
    if ((await execute(run, planNow, runRound)) === 'continue-as-new') return 'continue-as-new';
    await resultPhase(run, planNow);
  }
  await run.activities.cleanUp({ feature: run.input.feature });
  await run.enter('done');
  return 'done';
}

/** Goes through the phases before the execution, as far as what they make is not there yet. */
async function approvedWork(run: FeatureRun): Promise<{ spec: FileReference; plan: KeptPlan }> {
  for (;;) {
    const { spec, plan, planApproved } = run.state;
    if (planApproved && spec !== undefined && plan !== undefined) return { spec, plan };
    await planPhase(run, spec ?? (await specPhase(run)));
  }
}

async function execute(
  run: FeatureRun,
  plan: () => Plan,
  runRound: DriverDeps['runRound'],
): Promise<PhasesEnd> {
  const { input, state } = run;
  await run.enter('execution');
  const driver = createTaskDriver({
    ...run,
    runtime: temporal,
    runRound,
    integrate: createIntegrationQueue(run, input.base),
    takeEdit: (task, draft, opening) => takeEdit(run, task, draft, opening),
    endCalls: (task) => run.openCalls.end(task),
    asksPerson: () => gateAsks('task', input.config.gates, state.mode),
    raises: run.budget.raises,
  });
  run.execution = createExecution({
    ...run,
    plan,
    driver,
    runtime: temporal,
    maxParallelTasks: input.config.maxParallelTasks,
    shouldContinueAsNew: () => workflowInfo().continueAsNewSuggested,
  });
  try {
    return await run.execution.run();
  } finally {
    run.execution = undefined;
  }
}

/** Everything that can go wrong before anything is paid for goes wrong here. */
async function prepare(run: FeatureRun): Promise<void> {
  await run.enter('prepare');
  const round = ++run.state.rounds.prepare;
  const call = baselineCall(round, run.input.base);
  const { head, ...preparation } = await run.openCalls.track(call, () =>
    run.activities.prepare({ feature: run.input.feature, call }),
  );
  run.state.preparation = preparation;
  run.state.head = head;
  const { config } = run.input;
  const notThere = missingModels(preparation.missing);
  const instead = standIns(routingRules(config), preparation.available, notThere);
  for (const reason of instead) run.journal.note({ kind: 'warning', reason });
  await run.journal.write({
    kind: 'prepared',
    setup: preparation.setup,
    checks: preparation.checks.map((check) => check.name),
    baseline: preparation.baseline,
    available: preparation.available,
  });
}
