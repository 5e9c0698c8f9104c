/** What `blueprint start` and `blueprint run` have in common: a brief becomes a feature. */

import {
  type Feature,
  type FeatureMode,
  Problem,
  type Project,
  type ProjectModels,
  satisfies,
} from '../app/index.js';
import { dryRunLines } from '../present/dry-run-text.js';
import { notInBaseLine } from '../present/entry-text.js';
import { choiceLines, modelLines } from '../present/models-text.js';
import { standing } from '../present/status-text.js';
import { type BriefOptions, checkBriefOptions, namesBrief, takeBrief } from './brief.js';
import { parseBudget } from './budget.js';
import { detachText, type GlobalOptions, type Program, withProject } from './command.js';
import { exitStatus } from './exit-status.js';
import { moveOn } from './move-on.js';
import { note, print } from './output.js';

export interface BeginOptions extends BriefOptions {
  base?: string | undefined;
  detach?: boolean | undefined;
  dryRun?: boolean | undefined;
  budget?: string | undefined;
}

/** A command that begins features, with the arguments of both. */
export const beginningCommand = (program: Program, name: 'start' | 'run', summary: string) =>
  program
    .command(`${name} <name>`)
    .summary(summary)
    .description(summary)
    .option('-m, --message <text>', 'the brief, as text')
    .option('--brief <file>', 'the brief, from a file')
    .option('--spec <file>', 'a specification, so that no model writes one')
    .option('--base <ref>', 'the commit to build on, instead of the checkout’s')
    .option('--dry-run', 'show base, checks, models, sizes and calls; nothing is spent, written or started')
    .option('--budget <limits>', 'what it may spend, such as usd=5,tokens=2000000,calls=80')
    .option('--detach', detachText);

/** Runs with the feature in its project, with the budget that was said among the settings. */
export function withFeature(
  global: GlobalOptions,
  name: string,
  options: BeginOptions,
  use: (project: Project, feature: Feature) => Promise<number>,
): Promise<number> {
  checkBriefOptions(options);
  const budget = options.budget === undefined ? undefined : parseBudget(options.budget);
  return withProject(global, (project) => use(project, project.feature(name)), { budget });
}

/** @throws Problem when there is a feature of this name; one that failed before anything was paid for does not hold it */
export async function refuseTaken(feature: Feature): Promise<void> {
  if (!(await feature.exists()) || (await feature.isReplaceable())) return;
  const status = await feature.status();
  const done = status.tasks.filter((task) => satisfies(task.state)).length;
  const tasks = status.tasks.length === 0 ? '' : `, ${done} of ${status.tasks.length} tasks done`;
  throw new Problem(
    'name-taken',
    `There is a feature ${feature.name} already (${standing(status)}${tasks}).`,
    { feature: feature.name },
  );
}

export async function begin(
  project: Project,
  feature: Feature,
  options: BeginOptions,
  mode: FeatureMode,
): Promise<number> {
  const { base, detach } = options;
  // What is wrong with it is said before anything that takes time.
  await project.config();
  // Who would paste a brief hears first that nobody is there to read it; a brief that is given is read first.
  const isGiven = namesBrief(options) || !process.stdin.isTTY;
  if (!isGiven) await checkModels(project);
  const brief = await takeBrief(options);
  if (isGiven) await checkModels(project);
  return moveOn(project, {
    feature,
    detach,
    async act() {
      const started = await project.start({ name: feature.name, ...brief, base, mode });
      const missing = notInBaseLine(started.notInBase);
      if (missing !== undefined) note(missing);
    },
  });
}

/**
 * Looks whether each role's model is there. What is missing is shown, with what to do about it and who stands in.
 *
 * @throws Problem when a feature cannot be started with what there is
 */
async function checkModels(project: Project): Promise<ProjectModels> {
  note('Checking the models ...');
  const models = await project.models();
  const { config, findings, found, isComplete, problem } = models;
  if (!isComplete) note(...modelLines(findings));
  if (problem !== undefined) throw problem;
  if (!isComplete) note(...choiceLines(config, found));
  return models;
}

/** What it would begin with, and take. Spends nothing, writes nothing, starts no server. */
export async function dryRun(project: Project, name: string, options: BeginOptions): Promise<number> {
  await project.config();
  const run = await project.dryRun({ name, ...(await takeBrief(options)), base: options.base });
  print(...dryRunLines(run));
  return run.found.available.length === 0 ? exitStatus.error : exitStatus.done;
}
