/** `blueprint` alone on a terminal: pick a feature, read it, and decide, as often as you like. */
import { select } from '@inquirer/prompts';
import { describeFeature, listSummaries } from '../../app/look.js';
import { cleanLine } from '../../present/clean.js';
import { type Choice, choicesFor } from '../../present/menu-text.js';
import { standing, statusLines } from '../../present/status-text.js';
import { type Context, type GlobalOptions, openContext } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { planForecast } from '../forecast.js';
import { canAsk, note } from '../output.js';
import { list } from './look.js';
import { actOn } from './menu-actions.js';

export async function menu(global: GlobalOptions): Promise<number> {
  if (!canAsk() || process.stdout.isTTY !== true) return list(global, {});
  const context = await openContext(global);
  for (;;) {
    const name = await pickFeature(context);
    if (name === undefined) return exitStatus.done;
    const status = await stayWith(context, name);
    if (status === exitStatus.interrupted) return status;
  }
}

async function pickFeature(context: Context): Promise<string | undefined> {
  const features = await listSummaries(context.root);
  if (features.length === 0) {
    note('There are no features here yet; `blueprint start NAME` begins one.');
    return undefined;
  }
  return select({
    message: 'Which feature?',
    choices: [
      ...features.map((feature) => ({
        name: `${feature.name}  ${standing(feature)}${feature.gates.length === 0 ? '' : `: ${feature.gates.join(', ')}`}`,
        value: feature.name as string | undefined,
      })),
      { name: 'Leave', value: undefined },
    ],
  });
}

/** @returns the exit status of the last thing done, when the person goes back */
async function stayWith(context: Context, name: string): Promise<number> {
  let last: number = exitStatus.done;
  for (;;) {
    const status = await describeFeature(context.root, name);
    const toCome = await planForecast(context.root, status);
    note('', ...statusLines(status, toCome), '');
    const choice = await select<Choice | undefined>({
      message: `What about ${name}?`,
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
    last = await actOn(context, name, choice);
    if (last === exitStatus.interrupted) return last;
  }
}
