/** What a person changed by hand in a task's worktree: taken at its approval, checked, and theirs. */
import { manualChecksCall } from '../../domain/calls/call-key.js';
import type { OpenDraft } from '../../domain/feature/types.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { Task } from '../../domain/tasks/plan.js';
import { redChecks } from '../../domain/tasks/review.js';
import type { FeatureRun } from './run.js';

/** `ok: false`: what the person changed breaks checks; they are asked again, with what they made as the draft. */
type Taken = { ok: true; draft: OpenDraft } | { ok: false; draft: OpenDraft; reason: Reason };

export interface HandWork {
  /** @param opening the number of the gate's opening that was approved */
  take(task: Task, draft: OpenDraft, opening: number): Promise<Taken>;
}

export function createHandWork(run: FeatureRun): HandWork {
  const { input, journal, activities } = run;

  const check = async (task: Task, draft: OpenDraft, opening: number): Promise<Taken> => {
    const preparation = run.preparation();
    const commit = draft.commit;
    if (commit === undefined || preparation.checks.length === 0) return { ok: true, draft };
    const call = manualChecksCall(task, opening, commit);
    // Where the person worked: what they wrote stands there as it was, should they go on.
    const place = { task: task.id, label: draft.label };
    const results = await run.openCalls.track(
      call,
      () =>
        activities.runChecks.executeWithOptions(
          { summary: `${task.id} checks of what was changed by hand` },
          [{ feature: input.feature, call, place, commit, preparation }],
        ),
      task.id,
    );
    await journal.write({ kind: 'checks', task: task.id, attempt: draft.attempt, results, label: 'by-hand' });
    const checks = redChecks(results);
    if (checks.length === 0) return { ok: true, draft };
    return { ok: false, draft, reason: because('edit-breaks', { checks }) };
  };

  return {
    async take(task, draft, opening) {
      if (draft.commit === undefined || draft.base === undefined) return { ok: true, draft };
      const { changed, author, ...taken } = await activities.takeWorktree({
        feature: input.feature,
        task,
        attempt: draft.attempt,
        draft,
        opening,
      });
      // The worktree stays the one that the draft was made in.
      const byHand: OpenDraft = { ...draft, ...taken, outputs: draft.outputs, label: draft.label };
      if (changed !== true) return { ok: true, draft: byHand };
      await journal.write({
        kind: 'taken',
        task: task.id,
        attempt: draft.attempt,
        commit: taken.commit,
        files: taken.files,
        author: author?.name,
      });
      if (author === undefined)
        journal.note({
          kind: 'warning',
          reason: because('author-unknown', { task: task.id }),
        });
      return check(task, { ...byHand, author }, opening);
    },
  };
}
