/** `blueprint raise-budget`: new limits for a feature, which goes on with them. */

import type { Budget, Feature, Project } from '../../app/index.js';
import { parseLimit } from '../budget.js';
import { detachText, type Program, type Run } from '../command.js';
import { decide } from '../decide.js';
import { note } from '../output.js';

export function addRaiseBudget(program: Program, run: Run): void {
  program
    .command('raise-budget <name>')
    .description('set a higher budget, and go on')
    .option('--calls <n>', 'calls to models, in all')
    .option('--tokens <n>', 'tokens in and out, in all')
    .option('--usd <n>', 'dollars, in all')
    .option('--detach', detachText)
    .action(
      run.inProject((project, name, { calls, tokens, usd, detach }) => {
        const budget: Budget = {
          ...(calls === undefined ? {} : { calls: parseLimit('calls', calls) }),
          ...(tokens === undefined ? {} : { tokens: parseLimit('tokens', tokens) }),
          ...(usd === undefined ? {} : { usd: parseLimit('usd', usd) }),
        };
        return raiseBudget(project, project.feature(name), { budget, detach });
      }),
    );
}

export async function raiseBudget(
  project: Project,
  feature: Feature,
  { budget, detach }: { budget: Budget; detach?: boolean | undefined },
): Promise<number> {
  await feature.checkBudget(budget);
  return decide(project, {
    feature,
    detach,
    answeredByWorker: true,
    async act() {
      await feature.raiseBudget(budget);
      note(`Raised: the budget of ${feature.name}`);
    },
  });
}
