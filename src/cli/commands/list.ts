/** `blueprint list`: the features of the project. Nothing is started and nothing is spent. */
import type { Project } from '../../app/index.js';
import { listLines } from '../../present/status-text.js';
import type { Program, Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { note, print, printJson } from '../output.js';

export function addList(program: Program, run: Run): void {
  program
    .command('list')
    .description('the features of this project')
    .option('--json', 'as JSON')
    .action(run.inProject((project, { json }) => list(project, json)));
}

export async function list(project: Project, json?: boolean): Promise<number> {
  const features = await project.features();
  if (json === true) printJson(features);
  else if (features.length === 0) note('There are no features here yet; `blueprint start NAME` begins one.');
  else print(...listLines(features));
  return exitStatus.done;
}
