/** `blueprint merge`: a finished feature is brought into the branch that it started from. */

import type { Feature } from '../../app/index.js';
import { checkItem } from '../../present/check-text.js';
import { shortHash } from '../../present/words.js';
import type { Program, Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { listenForInterrupt } from '../interrupt.js';
import { note } from '../output.js';

export function addMerge(program: Program, run: Run): void {
  program
    .command('merge <name>')
    .description('bring the result into the branch that it started from, if the checks pass there')
    .option('--into <branch>', 'another branch')
    .action(run.inProject((project, name, { into }) => merge(project.feature(name), into)));
}

async function merge(feature: Feature, into: string | undefined): Promise<number> {
  const { name } = feature;
  const interrupt = listenForInterrupt();
  try {
    const merged = await feature.merge({ into, announce: note, signal: interrupt.signal });
    note(...merged.checks.map(checkItem));
    if (merged.kind === 'there') note(`${merged.into} has all of ${name} already.`);
    else
      note(
        `${merged.kind === 'merged' ? 'Merged' : 'Fast-forwarded'}: ${merged.into} is at ${shortHash(merged.commit)}.`,
        `What Blueprint keeps of it goes with \`blueprint clean ${name}\`.`,
      );
    return exitStatus.done;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    note('The checks were ended, and nothing was changed.');
    return exitStatus.interrupted;
  } finally {
    interrupt.dispose();
  }
}
