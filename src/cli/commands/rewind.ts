/** `blueprint rewind`: back to just before a task, or forward again, and on from there. */
import { Problem } from '../../domain/problem.js';
import { rewindProblem, rewindTargets } from '../../domain/tasks/rewind.js';
import { readJournal } from '../../feature/journal.js';
import { featureDirectory } from '../../feature/project.js';
import { type GlobalOptions, openContext, requireFeature } from '../context.js';
import { moveOn } from '../move-on.js';

interface RewindOptions {
  to: string;
  detach?: boolean;
}

export async function rewind(
  global: GlobalOptions,
  name: string,
  { to, detach }: RewindOptions,
): Promise<number> {
  const context = await openContext(global);
  await requireFeature(context.root, name);
  // Before a server or a worker is started for nothing.
  const journal = await readJournal(featureDirectory(context.root, name));
  const problem = rewindProblem(rewindTargets(journal), to);
  if (problem !== undefined) throw new Problem('rewind-refused', problem);
  return moveOn(context, { name, detach, answeredByWorker: true, act: (client) => client.rewind(name, to) });
}
