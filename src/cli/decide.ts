/** What the commands by which a person decides have in common. */
import { Problem, type Project } from '../app/index.js';
import { type Move, moveOn } from './move-on.js';

/** Says what a person has decided to a feature that is not done, and follows it. */
export async function decide(project: Project, move: Move): Promise<number> {
  const { phase, name } = await move.feature.status();
  if (phase === 'done')
    throw new Problem('feature-done', `${name} is done; nothing of it waits for a decision.`);
  return moveOn(project, move);
}
