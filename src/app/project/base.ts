/** The commit that a feature would build on. */
import { Problem } from '../../domain/problem.js';
import type { CommitHash } from '../../domain/references.js';
import { gitVersionProblem, resolveBase } from '../../workspace/repository.js';

/**
 * @param revision the checkout's HEAD by default
 * @throws Problem when git is too old, or there is no such commit
 */
export async function usableBase(root: string, revision: string | undefined): Promise<CommitHash> {
  const problem = await gitVersionProblem();
  if (problem !== undefined) throw new Problem('git-unusable', problem);
  return resolveBase(root, revision);
}
