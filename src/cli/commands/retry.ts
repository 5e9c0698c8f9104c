/** `blueprint retry`: a task is begun again, and the feature goes on. */
import type { Feature, Project } from '../../app/index.js';
import { detachText, type Program, type Run } from '../command.js';
import { decide } from '../decide.js';

export function addRetry(program: Program, run: Run): void {
  program
    .command('retry <name> <task>')
    .description('begin a failed, stopped, skipped or waiting task again')
    .option('--detach', detachText)
    .action(
      run.inProject((project, name, task, { detach }) =>
        retry(project, project.feature(name), { task, detach }),
      ),
    );
}

export const retry = (
  project: Project,
  feature: Feature,
  { task, detach }: { task: string; detach?: boolean | undefined },
): Promise<number> =>
  decide(project, { feature, detach, answeredByWorker: true, act: () => feature.retry(task) });
