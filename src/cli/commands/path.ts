/** `blueprint path`: where a task's draft can be changed by hand. */
import { handWork } from '../../app/hand.js';
import { type GlobalOptions, openContext, requireFeature } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { note } from '../output.js';

export async function path(global: GlobalOptions, name: string, task: string): Promise<number> {
  const { root } = await openContext(global);
  await requireFeature(root, name);
  const found = await handWork(root, name, task);
  // Bare, so that `cd "$(blueprint path …)"` goes there.
  process.stdout.write(`${found.path}\n`);
  note(
    found.isTaken
      ? `Change what you like there; \`blueprint approve ${name} ${task}\` checks it and commits it with you as the author.`
      : `Task ${task} is ${found.state} and does not wait for you: what you change there is not taken, and may be overwritten.`,
  );
  return exitStatus.done;
}
