/** `blueprint skip`: the feature goes on without a task. */
import type { Feature, Project } from '../../app/index.js';
import { detachText, type Program, type Run } from '../command.js';
import { decide } from '../decide.js';

export function addSkip(program: Program, run: Run): void {
  program
    .command('skip <name> <task>')
    .description('go on without a task')
    .option('--detach', detachText)
    .action(
      run.inProject((project, name, task, { detach }) =>
        skip(project, project.feature(name), { task, detach }),
      ),
    );
}

export const skip = (
  project: Project,
  feature: Feature,
  { task, detach }: { task: string; detach?: boolean | undefined },
): Promise<number> =>
  decide(project, { feature, detach, answeredByWorker: true, act: () => feature.skip(task) });
