/** The integration queue: approved drafts go on the branch one at a time. */
import { integrateCall } from '../../domain/calls/call-key.js';
import { because } from '../../domain/reasons.js';
import type { CommitHash } from '../../domain/references.js';
import { redChecks } from '../../domain/tasks/checks.js';
import type { Task } from '../../domain/tasks/plan.js';
import type { CommittedDraft, OpenDraft } from '../../domain/tasks/record.js';
import type { IntegrateOutcome } from '../../domain/tasks/steps.js';
import type { FeatureRun } from './run.js';
import type { Integrated } from './task-driver.js';

/** Waits for its turn, and puts an approved draft on the feature's head. */
export type Integrate = (task: Task, draft: OpenDraft) => Promise<Integrated>;

/** @param featureBase the commit that the feature started from; undefined outside git, where no draft has a commit */
export function createIntegrationQueue(run: FeatureRun, featureBase: CommitHash | undefined): Integrate {
  /** Ends when the one before has ended, however that was. */
  let turn: Promise<unknown> = Promise.resolve();
  return async (task, draft) => {
    if (draft.commit === undefined || featureBase === undefined) return { kind: 'integrated' };
    const integrated = turn.then(() => apply(run, task, draft, featureBase));
    // Who follows must not inherit its failure.
    turn = integrated.catch(() => undefined);
    return integrated;
  };
}

async function apply(
  run: FeatureRun,
  task: Task,
  draft: CommittedDraft,
  featureBase: CommitHash,
): Promise<Integrated> {
  const { input, journal } = run;
  const { attempt, author, base, commit } = draft;
  await journal.write({ kind: 'step', task: task.id, step: 'integrate', iteration: 0 });
  const call = integrateCall({ task, attempt }, { base, draft: commit });
  const work = {
    ...{ feature: input.feature, call, task, attempt, base, featureBase, draft: commit, author },
    at: Date.now(),
    preparation: run.preparation(),
  };
  const outcome = await run.openCalls.track(
    call,
    () =>
      run.activities.integrate.executeWithOptions({ summary: `${task.id} integrate draft ${attempt}` }, [
        work,
      ]),
    task.id,
  );
  return conclude(run, task, attempt, outcome);
}

async function conclude(
  { state, journal }: FeatureRun,
  task: Task,
  attempt: number,
  outcome: IntegrateOutcome,
): Promise<Integrated> {
  switch (outcome.kind) {
    case 'integrated':
      state.head = outcome.commit;
      await journal.write({ kind: 'integrated', task: task.id, attempt, commit: outcome.commit });
      return { kind: 'integrated', commit: outcome.commit };
    case 'empty':
      await journal.write({ kind: 'warning', reason: because('draft-empty', { task: task.id }) });
      return { kind: 'integrated' };
    case 'conflict': {
      const reason = because('conflict', { text: outcome.details });
      await journal.write({ kind: 'conflict', task: task.id, reason });
      return { kind: 'sent-back', reason };
    }
    case 'red': {
      const reason = because('breaks-branch', { checks: redChecks(outcome.checks), text: outcome.output });
      await journal.write({ kind: 'conflict', task: task.id, reason });
      return { kind: 'sent-back', reason };
    }
  }
}
