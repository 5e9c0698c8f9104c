/** What a person changed by hand in a task's worktree: taken at its approval, checked, and theirs. */
import { manualChecksCall } from '../../domain/calls/call-key.js';
import { because } from '../../domain/reasons.js';
import { redChecks } from '../../domain/tasks/checks.js';
import type { Task } from '../../domain/tasks/plan.js';
import type { CommittedDraft, OpenDraft } from '../../domain/tasks/record.js';
import type { FeatureRun } from './run.js';
import type { TakenEdit } from './task-driver.js';

/**
 * The draft as it stands in the task's worktree.
 *
 * @param opening the number of the gate's opening that was approved
 */
export async function takeEdit(
  run: FeatureRun,
  task: Task,
  draft: OpenDraft,
  opening: number,
): Promise<TakenEdit> {
  if (draft.commit === undefined) return { ok: true, draft };
  const { input, journal } = run;
  const { attempt, label, outputs } = draft;
  const { changed, author, ...taken } = await run.activities.takeWorktree({
    ...{ feature: input.feature, task, attempt, draft, opening },
  });
  if (taken.commit === undefined) return { ok: true, draft };
  const { commit, base, files } = taken;
  // The worktree stays the one that the draft was made in.
  const edited: CommittedDraft = { attempt, commit, base, files, outputs, label };
  if (changed !== true) return { ok: true, draft: edited };
  await journal.write({ kind: 'taken', task: task.id, attempt, commit, files, author: author?.name });
  if (author === undefined)
    journal.note({ kind: 'warning', reason: because('author-unknown', { task: task.id }) });
  return check(run, task, { ...edited, author }, opening);
}

async function check(
  run: FeatureRun,
  task: Task,
  draft: CommittedDraft,
  opening: number,
): Promise<TakenEdit> {
  const preparation = run.preparation();
  if (preparation.checks.length === 0) return { ok: true, draft };
  const { attempt, commit, label } = draft;
  const call = manualChecksCall(task, opening, commit);
  // Where the person worked: what they wrote stands there as it was, should they go on.
  const place = { task: task.id, label };
  const results = await run.openCalls.track(
    call,
    () =>
      run.activities.runChecks.executeWithOptions({ summary: `${task.id} checks of a manual edit` }, [
        { feature: run.input.feature, call, place, commit, preparation },
      ]),
    task.id,
  );
  await run.journal.write({ kind: 'checks', task: task.id, attempt, results, label: 'by-hand' });
  const checks = redChecks(results);
  return checks.length === 0
    ? { ok: true, draft }
    : { ok: false, draft, reason: because('edit-breaks', { checks }) };
}
