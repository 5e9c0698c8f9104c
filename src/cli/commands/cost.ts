/** `blueprint cost`: what a feature's calls have used. Nothing is started, and no server is asked. */
import { costLines } from '../../present/cost-text.js';
import type { Program, Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { print, printJson } from '../output.js';

export function addCost(program: Program, run: Run): void {
  program
    .command('cost <name>')
    .description('what its calls used, by model and by task, and what is left of its budget')
    .option('-v, --verbose', 'each call too')
    .option('--json', 'as JSON')
    .action(
      run.inProject(async (project, name, { verbose, json }) => {
        const cost = await project.feature(name).cost();
        if (json === true) printJson(cost);
        else print(...costLines(cost, verbose === true));
        return exitStatus.done;
      }),
    );
}
