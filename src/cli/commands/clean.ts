/** `blueprint clean`: everything of a feature is removed, after asking. */

import { confirm } from '@inquirer/prompts';
import { Problem } from '../../domain/problem.js';
import { remainsLines } from '../../present/clean-up-text.js';
import { type GlobalOptions, openContext, requireFeature, shownPath, withClient } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { canAsk, note } from '../output.js';

interface CleanOptions {
  yes?: boolean;
  force?: boolean;
}

export async function clean(
  global: GlobalOptions,
  name: string,
  { yes, force = false }: CleanOptions,
): Promise<number> {
  const context = await openContext(global);
  await requireFeature(context.root, name);
  return withClient(context, async (client) => {
    const remains = await client.remains(name);
    note(...remainsLines(remains, shownPath));
    if (remains.unmerged.length > 0 && !force)
      throw new Problem('not-merged', `Nothing was removed: commits of ${name} are on no other branch.`, {
        feature: name,
      });
    if (yes !== true) {
      if (!canAsk())
        throw new Problem('not-confirmed', 'Nothing was removed: say --yes where nobody can be asked.');
      if (!(await confirm({ message: 'Remove it?', default: false }))) {
        note('Nothing was removed.');
        return exitStatus.done;
      }
    }
    await client.remove(name, { force });
    note(`Removed: ${name}. The name can be used again.`);
    return exitStatus.done;
  });
}
