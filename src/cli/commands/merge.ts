/** `blueprint merge`: a finished feature is brought into the branch that it started from. */

import { checkItem } from '../../present/check-text.js';
import { shortHash } from '../../present/words.js';
import { type GlobalOptions, openContext, requireFeature, withClient } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { listenForInterrupt } from '../interrupt.js';
import { note } from '../output.js';

export async function merge(
  global: GlobalOptions,
  name: string,
  { into }: { into?: string },
): Promise<number> {
  const context = await openContext(global);
  await requireFeature(context.root, name);
  const interrupt = listenForInterrupt();
  try {
    return await withClient(context, async (client) => {
      const merged = await client.merge(name, { into, announce: note, signal: interrupt.signal });
      note(...merged.checks.map(checkItem));
      if (merged.kind === 'there') note(`${merged.into} has all of ${name} already.`);
      else
        note(
          `${merged.kind === 'merged' ? 'Merged' : 'Fast-forwarded'}: ${merged.into} is at ${shortHash(merged.commit)}.`,
          `What Blueprint keeps of it goes with \`blueprint clean ${name}\`.`,
        );
      return exitStatus.done;
    });
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    note('The checks were ended, and nothing was changed.');
    return exitStatus.interrupted;
  } finally {
    interrupt.dispose();
  }
}
