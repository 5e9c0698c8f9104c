/** `blueprint reject`: what waits at a gate is put right, and the feature goes on. */
import type { Feature, Project } from '../../app/index.js';
import { detachText, type Program, type Run } from '../command.js';
import { decide } from '../decide.js';
import { note } from '../output.js';

export function addReject(program: Program, run: Run): void {
  program
    .command('reject <name> [gate]')
    .description('have it put right; `spec` at the plan’s gate has both made again')
    .requiredOption('-m, --message <text>', 'why')
    .option('--detach', detachText)
    .action(
      run.inProject((project, name, gate, options) =>
        reject(project, project.feature(name), { gate, ...options }),
      ),
    );
}

export interface RejectOptions {
  gate?: string | undefined;
  message: string;
  detach?: boolean | undefined;
}

export const reject = (
  project: Project,
  feature: Feature,
  { gate, message, detach }: RejectOptions,
): Promise<number> =>
  decide(project, {
    feature,
    detach,
    async act() {
      const decided = await feature.reject({ gate, message });
      const what = gate === 'spec' && decided.gate !== 'spec' ? 'spec' : decided.gate;
      note(`Rejected: ${what} of ${feature.name}`);
    },
  });
