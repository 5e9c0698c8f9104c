/** What a model that has tools for it may read: the project at a commit, in a worktree. */
import type { FeatureInput } from '../domain/feature/types.js';
import type { CommitHash } from '../domain/references.js';
import { prepareWorktree, worktreePath } from '../workspace/worktree.js';
import type { Workplace } from './ask.js';

/**
 * A worktree to read in. Never the person's checkout, which holds what is not committed and lacks what tasks did.
 *
 * @param place whose worktree; by default the one of what is no task's. A task's id begins with a letter.
 * @returns undefined outside git, where there is nothing that a draft could build on
 */
export function readableAt(
  { input: { root, instance, feature } }: { input: Pick<FeatureInput, 'root' | 'instance' | 'feature'> },
  commit: CommitHash | undefined,
  place: { task: string; label?: string } = { task: '_read' },
): Workplace | undefined {
  if (commit === undefined) return undefined;
  const key = { root, instance, feature, ...place };
  return {
    worktree: worktreePath(key),
    prepare: async () => {
      await prepareWorktree(key, commit);
    },
  };
}
