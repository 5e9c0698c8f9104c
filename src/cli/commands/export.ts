/** `blueprint export`: the feature as a pull request's text, and as patches. Nothing is spent. */
import { resolve } from 'node:path';
import type { Feature } from '../../app/index.js';
import { pullRequestText } from '../../present/export-text.js';
import { type Program, type Run, shownPath } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { note } from '../output.js';

export function addExport(program: Program, run: Run): void {
  program
    .command('export <name>')
    .description('a pull request’s text, and the commits as patches')
    .option(
      '--patches <folder>',
      'write a patch series there; - writes it to standard output instead of the text',
    )
    .action(run.inProject((project, name, { patches }) => exportFeature(project.feature(name), patches)));
}

async function exportFeature(feature: Feature, patches: string | undefined): Promise<number> {
  if (patches === '-') {
    // As they are: a patch is bytes, and a program reads them.
    process.stdout.write(await feature.patches());
    note('This is a mailbox for `git am`; without --patches it is the text for the pull request.');
    return exitStatus.done;
  }
  if (patches !== undefined) {
    const files = await feature.writePatches(resolve(patches));
    note(...files.map((file) => `Patch: ${shownPath(file)}`));
  }
  process.stdout.write(pullRequestText(await feature.export()));
  return exitStatus.done;
}
