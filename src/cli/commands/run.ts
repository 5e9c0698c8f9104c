/** `blueprint run`: a brief becomes a feature that asks nobody; one that is there goes on. */
import { type Feature, Problem, type Project } from '../../app/index.js';
import { type BeginOptions, begin, beginningCommand, dryRun, refuseTaken, withFeature } from '../begin.js';
import { isTextPiped, namesBrief } from '../brief.js';
import type { Program, Run } from '../command.js';
import { continueFeature } from '../move-on.js';

export function addRun(program: Program, run: Run): void {
  beginningCommand(program, 'run', 'to the end without questions; goes on with an existing feature').action(
    run.anywhere((global, name, options) =>
      withFeature(global, name, options, (project, feature) => runFeature(project, feature, options)),
    ),
  );
}

async function runFeature(project: Project, feature: Feature, options: BeginOptions): Promise<number> {
  if (options.dryRun === true) {
    await refuseTaken(feature);
    return dryRun(project, feature.name, options);
  }
  if (!(await feature.exists())) return begin(project, feature, options, 'static');
  if (namesBrief(options) || options.base !== undefined || (await isTextPiped())) {
    await refuseTaken(feature);
    return begin(project, feature, options, 'static');
  }
  if (options.budget !== undefined)
    throw new Problem(
      'budget-set',
      `${feature.name} has its budget already; raise it with \`blueprint raise-budget ${feature.name}\`.`,
    );
  return continueFeature(project, {
    feature,
    act: () => feature.resume('static'),
    detach: options.detach,
  });
}
