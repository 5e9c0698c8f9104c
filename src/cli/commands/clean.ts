/** `blueprint clean`: everything of a feature is removed, after asking. */

import { type Feature, Problem } from '../../app/index.js';
import { remainsLines } from '../../present/clean-up-text.js';
import { type Program, type Run, shownPath } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { canAsk, note } from '../output.js';

export function addClean(program: Program, run: Run): void {
  program
    .command('clean <name>')
    .description('remove worktrees, branch, refs and calls, after asking; never what is not merged')
    .option('-y, --yes', 'do not ask')
    .option('--force', 'also what is not merged')
    .action(run.inProject((project, name, options) => clean(project.feature(name), options)));
}

async function clean(
  feature: Feature,
  { yes, force = false }: { yes?: boolean | undefined; force?: boolean | undefined },
): Promise<number> {
  const { name } = feature;
  const remains = await feature.remains();
  note(...remainsLines(remains, shownPath));
  if (remains.unmerged.length > 0 && !force)
    throw new Problem('not-merged', `Nothing was removed: commits of ${name} are on no other branch.`, {
      feature: name,
    });
  if (yes !== true && !(await confirmed())) {
    note('Nothing was removed.');
    return exitStatus.done;
  }
  await feature.clean({ force });
  note(`Removed: ${name}. The name can be used again.`);
  return exitStatus.done;
}

/** @throws Problem where nobody can be asked */
async function confirmed(): Promise<boolean> {
  if (!canAsk())
    throw new Problem('not-confirmed', 'Nothing was removed: say --yes where nobody can be asked.');
  // Loaded here, as wherever something is asked: it is large.
  const { confirm } = await import('@inquirer/prompts');
  return confirm({ message: 'Remove it?', default: false });
}
