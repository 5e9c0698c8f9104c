/** `blueprint start` and `blueprint run`: a brief becomes a feature. */

import { describeFeature, isNeverPaid } from '../../app/look.js';
import type { FeatureMode } from '../../domain/feature/types.js';
import { Problem } from '../../domain/problem.js';
import { satisfies } from '../../domain/tasks/states.js';
import { notInBaseLine } from '../../present/entry-text.js';
import { standing } from '../../present/status-text.js';
import { type BriefOptions, checkBriefOptions, isTextPiped, namesBrief, takeBrief } from '../brief.js';
import { parseBudget, refuseUnpriced } from '../budget.js';
import { type Context, checkName, featureExists, type GlobalOptions, openContext } from '../context.js';
import { checkModels, foundModels } from '../models.js';
import { goOn, moveOn } from '../move-on.js';
import { note } from '../output.js';
import { loadSettings } from '../settings.js';
import { dryRun } from './dry-run.js';

interface StartCommandOptions extends BriefOptions {
  base?: string;
  detach?: boolean;
  dryRun?: boolean;
  budget?: string;
}

export async function start(
  global: GlobalOptions,
  name: string,
  options: StartCommandOptions,
): Promise<number> {
  checkName(name);
  checkBriefOptions(options);
  const context = await openStarting(global, options);
  if (await isTaken(context, name)) throw await nameInUse(context, name);
  if (options.dryRun === true) return dryRun(context, name, options);
  return begin(context, name, options, 'interactive');
}

export async function run(
  global: GlobalOptions,
  name: string,
  options: StartCommandOptions,
): Promise<number> {
  checkName(name);
  checkBriefOptions(options);
  const context = await openStarting(global, options);
  if (options.dryRun === true) {
    if (await isTaken(context, name)) throw await nameInUse(context, name);
    return dryRun(context, name, options);
  }
  if (!(await featureExists(context.root, name))) return begin(context, name, options, 'static');
  if (namesBrief(options) || options.base !== undefined || (await isTextPiped())) {
    if (await isTaken(context, name)) throw await nameInUse(context, name);
    return begin(context, name, options, 'static');
  }
  if (options.budget !== undefined)
    throw new Problem(
      'budget-set',
      `${name} has its budget already; raise it with \`blueprint raise-budget ${name}\`.`,
    );
  return goOn(context, { name, act: (client) => client.resume(name, 'static'), detach: options.detach });
}

/** The project, with the budget that was said among the settings. */
async function openStarting(global: GlobalOptions, { budget }: StartCommandOptions): Promise<Context> {
  if (budget !== undefined) parseBudget(budget);
  return openContext({ ...global, ...(budget === undefined ? {} : { budget }) });
}

/** A feature that failed before anything was paid for does not hold its name. */
const isTaken = async ({ root }: Context, name: string): Promise<boolean> =>
  (await featureExists(root, name)) && !(await isNeverPaid(root, name));

async function begin(
  context: Context,
  name: string,
  options: StartCommandOptions,
  mode: FeatureMode,
): Promise<number> {
  const { config } = await loadSettings(context);
  // Who would paste a brief hears first that nobody is there to read it; a brief that is given is read first.
  const isGiven = namesBrief(options) || !process.stdin.isTTY;
  const check = async () => refuseUnpriced(config.budget, config, foundModels(await checkModels(config)));
  if (!isGiven) await check();
  const { text, isSpec } = await takeBrief(options);
  if (isGiven) await check();
  return moveOn(context, {
    name,
    detach: options.detach,
    async act(client) {
      const base = options.base;
      const started = await client.start({ name, text, textIsSpec: isSpec, base, mode, config });
      const missing = notInBaseLine(started.notInBase);
      if (missing !== undefined) note(missing);
    },
  });
}

async function nameInUse(context: Context, name: string): Promise<Problem> {
  const status = await describeFeature(context.root, name);
  const done = status.tasks.filter((task) => satisfies(task.state)).length;
  const tasks = status.tasks.length === 0 ? '' : `, ${done} of ${status.tasks.length} tasks done`;
  return new Problem('name-taken', `There is a feature ${name} already (${standing(status)}${tasks}).`, {
    feature: name,
  });
}
