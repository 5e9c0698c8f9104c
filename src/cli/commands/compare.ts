/** `blueprint compare`: the drafts of a task, or of its race, with checks and reasons. Nothing is spent. */
import { compareLines } from '../../present/compare-text.js';
import type { Program, Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { print, printJson } from '../output.js';

export function addCompare(program: Program, run: Run): void {
  program
    .command('compare <name> <task>')
    .description('the drafts of a task, or of its race, side by side')
    .option('--diff', 'with what each changes')
    .option('--json', 'as JSON')
    .action(
      run.inProject(async (project, name, task, { diff = false, json }) => {
        const comparison = await project.feature(name).compare(task, { diff });
        if (json === true) printJson(comparison);
        else print(...compareLines(comparison));
        return exitStatus.done;
      }),
    );
}
