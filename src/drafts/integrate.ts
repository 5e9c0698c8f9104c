/** Putting an approved draft on the feature's branch: exactly once, however often this is begun. */

import { whatBroke } from '../checks/broken.js';
import { checkCommit } from '../checks/run.js';
import type { IntegrateInput, IntegrateOutcome } from '../domain/tasks/steps.js';
import type { WorkScope } from '../feature/scope.js';
import { commitForChecks, commitIntegration, mergeDraft, resumeIntegration } from '../workspace/integrate.js';
import { featureHead } from '../workspace/repository.js';

/** Puts a draft on the branch, or says why it does not go there. */
export async function integrate(input: IntegrateInput, scope: WorkScope): Promise<IntegrateOutcome> {
  const { root } = scope.input;
  const { feature, task, attempt, featureBase, draft, at, author } = input;
  const head = (await featureHead(root, feature)) ?? featureBase;
  const key = { feature, task: task.id, attempt };
  const found = await resumeIntegration(root, { ...key, base: featureBase, head });
  if (found !== undefined) return { kind: 'integrated', commit: found };

  const merge = await mergeDraft(root, { head, base: input.base, draft });
  if (merge.kind === 'empty') return { kind: 'empty' };
  if (merge.kind === 'conflict') return { kind: 'conflict', details: merge.details };
  // On the head that it was made on, the draft's own checks have spoken.
  if (head !== input.base) {
    const red = await checkCombination(input, merge.tree, head, scope);
    if (red !== undefined) return red;
  }
  scope.signal.throwIfAborted();
  const commit = await commitIntegration(root, {
    ...key,
    title: task.title,
    body: task.description,
    tree: merge.tree,
    head,
    at,
    author,
  });
  return { kind: 'integrated', commit };
}

async function checkCombination(
  { call, preparation }: IntegrateInput,
  tree: string,
  head: string,
  scope: WorkScope,
): Promise<IntegrateOutcome | undefined> {
  if (preparation.checks.length === 0) return undefined;
  const results = await checkCommit(
    {
      ...preparation,
      call,
      worktree: { task: '_integrate' },
      commit: await commitForChecks(scope.input.root, tree, head),
      since: head,
    },
    scope,
  );
  const broken = await whatBroke(scope.directory, results);
  return broken && { kind: 'red', ...broken };
}
