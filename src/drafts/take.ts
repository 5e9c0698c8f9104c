/** A draft that a person approved, with what they changed in its worktree. */
import type { TakeInput, TakenDraft } from '../domain/tasks/steps.js';
import { savePartial } from '../feature/partial.js';
import type { WorkScope } from '../feature/scope.js';
import { exists } from '../host/files.js';
import { sameTree } from '../workspace/contents.js';
import { personOf } from '../workspace/person.js';
import { worktreePath } from '../workspace/worktree.js';
import { commitDraft } from './commit.js';

/** The draft as it stands in the task's worktree; the draft itself where that is gone. */
export async function takeWorktree(input: TakeInput, scope: WorkScope): Promise<TakenDraft> {
  const { root, instance, feature } = scope.input;
  const { task, attempt, draft, opening } = input;
  const place = draft.label === undefined ? {} : { label: draft.label };
  const worktree = worktreePath({ root, instance, feature, task: task.id, ...place });
  const isThere = await exists(worktree);
  // The draft is a commit: a worktree that is lost loses nothing but what was changed in it by hand.
  if (!isThere || draft.base === undefined) return draft;
  // Each opening has a ref of its own: who changed the worktree again is not given what was taken before.
  const label = `approved-${opening}`;
  const taken = await commitDraft(worktree, { task, attempt, label }, draft.base, scope, (content) =>
    savePartial(scope.directory, task.id, 'corrected', attempt, content),
  );
  if (draft.commit === undefined || taken.commit === undefined) return taken;
  if (await sameTree(root, draft.commit, taken.commit)) return { ...taken, changed: false };
  return { ...taken, changed: true, author: await personOf(root) };
}
