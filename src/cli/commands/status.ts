/** `blueprint status`: where a feature stands. Nothing is started and nothing is spent. */
import type { Feature, FeatureStatus } from '../../app/index.js';
import { resultLines } from '../../present/result-text.js';
import { isMoving, statusLines } from '../../present/status-text.js';
import type { Program, Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { planForecast } from '../move-on.js';
import { note, print, printJson } from '../output.js';

export function addStatus(program: Program, run: Run): void {
  program
    .command('status <name>')
    .description('where a feature stands')
    .option('--json', 'as JSON')
    .action(run.inProject((project, name, { json }) => status(project.feature(name), json === true)));
}

async function status(feature: Feature, json: boolean): Promise<number> {
  const found = await feature.status();
  if (json) {
    printJson(found);
    return exitStatus.done;
  }
  print(...statusLines(found, await planForecast(feature)));
  const isDecided = found.gates.some((gate) => gate.gate === 'result');
  const result = isDecided ? await feature.result() : undefined;
  if (result !== undefined) print('', ...resultLines(result, found.branch));
  const missing = await whatIsMissing(feature, found);
  if (missing !== undefined) note(missing);
  return exitStatus.done;
}

/** What the journal cannot know: that nobody will move the feature. */
async function whatIsMissing(feature: Feature, found: FeatureStatus): Promise<string | undefined> {
  if (!isMoving(found)) return undefined;
  const state = await feature.workflowState();
  if (state !== 'failed' && state !== 'ended') return undefined;
  return `Its workflow has ended in Temporal; \`blueprint resume ${feature.name}\` starts it anew with what is there.`;
}
