/** `blueprint` alone on a terminal: pick a feature, read it, and decide, as often as you like. */
import { select } from '@inquirer/prompts';
import type { Feature, Project } from '../../app/index.js';
import { cleanLine } from '../../present/clean.js';
import { type Choice, choicesFor } from '../../present/menu-text.js';
import { standing, statusLines } from '../../present/status-text.js';
import { exitStatus } from '../exit-status.js';
import { planForecast } from '../move-on.js';
import { note } from '../output.js';
import { actOn } from './actions.js';

export async function menu(project: Project): Promise<number> {
  for (;;) {
    const feature = await pickFeature(project);
    if (feature === undefined) return exitStatus.done;
    const status = await stayWith(project, feature);
    if (status === exitStatus.interrupted) return status;
  }
}

async function pickFeature(project: Project): Promise<Feature | undefined> {
  const features = await project.features();
  if (features.length === 0) {
    note('There are no features here yet; `blueprint start NAME` begins one.');
    return undefined;
  }
  const name = await select({
    message: 'Which feature?',
    choices: [
      ...features.map((feature) => ({
        name: `${feature.name}  ${standing(feature)}${feature.gates.length === 0 ? '' : `: ${feature.gates.join(', ')}`}`,
        value: feature.name as string | undefined,
      })),
      { name: 'Leave', value: undefined },
    ],
  });
  return name === undefined ? undefined : project.feature(name);
}

/** @returns the exit status of the last thing done, when the person goes back */
async function stayWith(project: Project, feature: Feature): Promise<number> {
  let last: number = exitStatus.done;
  for (;;) {
    const status = await feature.status();
    note('', ...statusLines(status, await planForecast(feature)), '');
    const choice = await select<Choice | undefined>({
      message: `What about ${feature.name}?`,
      pageSize: 15,
      choices: [
        ...choicesFor(status).map((one) => ({
          name: cleanLine(one.title),
          value: one as Choice | undefined,
        })),
        { name: 'Back', value: undefined },
      ],
    });
    if (choice === undefined) return last;
    last = await actOn(project, feature, choice);
    if (last === exitStatus.interrupted) return last;
  }
}
