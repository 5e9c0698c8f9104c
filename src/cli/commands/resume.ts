/** `blueprint resume`: server and worker up again, and on with what is unfinished. */
import type { Feature, FeatureSummary, Project } from '../../app/index.js';
import { isMoving } from '../../present/status-text.js';
import { detachText, type Program, type Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { continueFeature } from '../move-on.js';
import { note } from '../output.js';

export function addResume(program: Program, run: Run): void {
  program
    .command('resume [name]')
    .description('server and worker up again, and on with what is unfinished')
    .option('--detach', detachText)
    .action(
      run.inProject((project, name, { detach }) =>
        name === undefined ? resumeAll(project, detach) : resume(project, project.feature(name), detach),
      ),
    );
}

export const resume = (project: Project, feature: Feature, detach?: boolean): Promise<number> =>
  continueFeature(project, { feature, detach, act: () => feature.resume() });

async function resumeAll(project: Project, detach: boolean | undefined): Promise<number> {
  const unfinished = (await project.features()).filter(isUnfinished);
  if (unfinished.length === 0) {
    note('Nothing is unfinished.');
    return exitStatus.done;
  }
  // One after the other on the screen; the worker moves them all.
  const statuses: number[] = [];
  for (const { name } of unfinished) {
    note('', `${name}:`);
    const status = await resume(project, project.feature(name), detach);
    if (status === exitStatus.interrupted) return status;
    statuses.push(status);
  }
  return worst(statuses);
}

/** A person who stopped a feature names it to go on with it. */
const isUnfinished = (feature: FeatureSummary): boolean =>
  isMoving(feature) || (feature.waiting !== undefined && !feature.stopped && feature.phase !== 'failed');

/** An error, then what waits, then done. */
const worst = (statuses: readonly number[]): number => {
  if (statuses.includes(exitStatus.error)) return exitStatus.error;
  return statuses.includes(exitStatus.waiting) ? exitStatus.waiting : exitStatus.done;
};
