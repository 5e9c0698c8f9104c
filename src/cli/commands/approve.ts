/** `blueprint approve`: what waits at a gate is taken, and the feature goes on. */
import type { Feature, Project } from '../../app/index.js';
import { detachText, type Program, type Run } from '../command.js';
import { decide } from '../decide.js';
import { note } from '../output.js';

export function addApprove(program: Program, run: Run): void {
  program
    .command('approve <name> [gate]')
    .description('take what waits at a gate, as it stands on disk')
    .option('-m, --message <text>', 'answers to the specification’s open questions')
    .option('--detach', detachText)
    .action(
      run.inProject((project, name, gate, options) =>
        approve(project, project.feature(name), { gate, ...options }),
      ),
    );
}

export interface ApproveOptions {
  gate?: string | undefined;
  message?: string | undefined;
  detach?: boolean | undefined;
}

export const approve = (
  project: Project,
  feature: Feature,
  { gate, message, detach }: ApproveOptions,
): Promise<number> =>
  decide(project, {
    feature,
    detach,
    async act() {
      const decided = await feature.approve({ gate, message });
      note(`Approved: ${decided.gate} of ${feature.name}`);
    },
  });
