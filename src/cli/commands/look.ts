/** `blueprint list` and `blueprint status`: where things stand. Nothing is started and nothing is spent. */

import { describeFeature, listSummaries } from '../../app/look.js';
import { resultOf } from '../../app/result.js';
import type { FeatureStatus } from '../../domain/feature/status.js';
import { resultLines } from '../../present/result-text.js';
import { isMoving, listLines, statusLines } from '../../present/status-text.js';
import { type Context, type GlobalOptions, openContext, requireFeature, withClient } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { planForecast } from '../forecast.js';
import { note, print, printJson } from '../output.js';

interface LookOptions {
  json?: boolean;
}

export async function list(global: GlobalOptions, { json }: LookOptions): Promise<number> {
  const context = await openContext(global);
  const features = await listSummaries(context.root);
  if (json === true) printJson(features);
  else if (features.length === 0) note('There are no features here yet; `blueprint start NAME` begins one.');
  else print(...listLines(features));
  return exitStatus.done;
}

export async function status(global: GlobalOptions, name: string, { json }: LookOptions): Promise<number> {
  const context = await openContext(global);
  await requireFeature(context.root, name);
  const found = await describeFeature(context.root, name);
  if (json === true) {
    printJson(found);
    return exitStatus.done;
  }
  const toCome = await planForecast(context.root, found);
  print(...statusLines(found, toCome));
  const result = found.gates.some((gate) => gate.gate === 'result')
    ? await resultOf(context.root, name)
    : undefined;
  if (result !== undefined) print('', ...resultLines(result, found.branch));
  const missing = await whatIsMissing(context, found);
  if (missing !== undefined) note(missing);
  return exitStatus.done;
}

/** What the journal cannot know: that nobody will move the feature. */
async function whatIsMissing(context: Context, status: FeatureStatus): Promise<string | undefined> {
  if (!isMoving(status)) return undefined;
  const { name } = status;
  const state = await withClient(context, (client) => client.workflowState(name));
  if (state !== 'failed' && state !== 'ended') return undefined;
  return `Its workflow has ended in Temporal; \`blueprint resume ${name}\` starts it anew with what is there.`;
}
