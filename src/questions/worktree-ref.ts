/** The worktrees that a model's command may read or edit. */
import type { FeatureInput } from '../domain/feature/types.js';
import type { CommitHash } from '../domain/references.js';
import { prepareWorktree, worktreePath } from '../workspace/worktree.js';

/** A worktree, made ready before each try. */
export interface WorktreeRef {
  /** Absolute. */
  path: string;
  prepare: () => Promise<void>;
}

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
): WorktreeRef | undefined {
  if (commit === undefined) return undefined;
  const key = { root, instance, feature, ...place };
  return {
    path: worktreePath(key),
    prepare: async () => {
      await prepareWorktree(key, commit);
    },
  };
}
