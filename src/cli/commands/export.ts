/** `blueprint export`: the feature as a pull request's text, and as patches. Nothing is spent. */
import { resolve } from 'node:path';
import { describeExport, exportPatches, exportPatchFiles } from '../../app/export.js';
import { pullRequestText } from '../../present/export-text.js';
import { type GlobalOptions, openContext, requireFeature, shownPath } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { note } from '../output.js';

export async function exportFeature(
  global: GlobalOptions,
  name: string,
  { patches }: { patches?: string },
): Promise<number> {
  const { root } = await openContext(global);
  await requireFeature(root, name);
  if (patches === '-') {
    // As they are: a patch is bytes, and a program reads them.
    process.stdout.write(await exportPatches(root, name));
    note('This is a mailbox for `git am`; without --patches it is the text for the pull request.');
    return exitStatus.done;
  }
  if (patches !== undefined) {
    const files = await exportPatchFiles(root, name, resolve(patches));
    note(...files.map((file) => `Patch: ${shownPath(file)}`));
  }
  process.stdout.write(pullRequestText(await describeExport(root, name)));
  return exitStatus.done;
}
