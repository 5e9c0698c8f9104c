/** The integration queue: approved drafts go on the branch one at a time. */
import { integrateCall } from '../../domain/calls/call-key.js';
import type { OpenDraft } from '../../domain/feature/types.js';
import { because, type CorrectionReason } from '../../domain/reasons.js';
import type { CommitHash } from '../../domain/references.js';
import type { Task } from '../../domain/tasks/plan.js';
import { redChecks } from '../../domain/tasks/review.js';
import type { FeatureRun } from './run.js';

export type Integrated =
  /** Without a commit where the task changes no files, or nothing that is not there already. */
  { kind: 'integrated'; commit?: CommitHash | undefined } | { kind: 'sent-back'; reason: CorrectionReason };

export interface IntegrationQueue {
  /** Waits for its turn, and puts an approved draft on the feature's head. */
  integrate(task: Task, draft: OpenDraft): Promise<Integrated>;
}

export function createIntegrationQueue(run: FeatureRun): IntegrationQueue {
  const { input, state, journal } = run;
  let turn: Promise<unknown> = Promise.resolve();

  const apply = async (task: Task, draft: OpenDraft, commit: CommitHash): Promise<Integrated> => {
    if (draft.base === undefined || input.base === undefined)
      throw new Error(`unreachable: the draft of ${task.id} has a commit and no base`);
    const base = draft.base;
    const featureBase = input.base;
    await journal.write({ kind: 'step', task: task.id, step: 'integrate', iteration: 0 });
    const { attempt, author } = draft;
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
    switch (outcome.kind) {
      case 'integrated':
        state.head = outcome.commit;
        await journal.write({
          kind: 'integrated',
          task: task.id,
          attempt: draft.attempt,
          commit: outcome.commit,
        });
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
  };

  return {
    integrate(task, draft) {
      const commit = draft.commit;
      if (commit === undefined) return Promise.resolve({ kind: 'integrated' });
      const mine = turn.then(() => apply(task, draft, commit));
      // A turn ends however it ends; who follows must not inherit its failure.
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
