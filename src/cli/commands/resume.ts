/** `blueprint resume`: server and worker up again, and on with what is unfinished. */

import { listSummaries } from '../../app/look.js';
import type { FeatureSummary } from '../../domain/feature/status.js';
import { isMoving } from '../../present/status-text.js';
import { type Context, type GlobalOptions, openContext, requireFeature } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { goOn } from '../move-on.js';
import { note } from '../output.js';

interface ResumeOptions {
  detach?: boolean;
}

export async function resume(
  global: GlobalOptions,
  name: string | undefined,
  { detach }: ResumeOptions,
): Promise<number> {
  const context = await openContext(global);
  if (name !== undefined) {
    await requireFeature(context.root, name);
    return resumeOne(context, name, detach);
  }
  const unfinished = (await listSummaries(context.root)).filter(isUnfinished);
  if (unfinished.length === 0) {
    note('Nothing is unfinished.');
    return exitStatus.done;
  }
  // One after the other on the screen; the worker moves them all.
  const statuses: number[] = [];
  for (const feature of unfinished) {
    note('', `${feature.name}:`);
    const status = await resumeOne(context, feature.name, detach);
    if (status === exitStatus.interrupted) return status;
    statuses.push(status);
  }
  return worst(statuses);
}

const resumeOne = (context: Context, name: string, detach: boolean | undefined): Promise<number> =>
  goOn(context, { name, detach, act: (client) => client.resume(name) });

/** A person who stopped a feature names it to go on with it. */
const isUnfinished = (feature: FeatureSummary): boolean =>
  isMoving(feature) || (feature.waiting !== undefined && !feature.stopped && feature.phase !== 'failed');

/** An error, then what waits, then done. */
const worst = (statuses: readonly number[]): number => {
  if (statuses.includes(exitStatus.error)) return exitStatus.error;
  return statuses.includes(exitStatus.waiting) ? exitStatus.waiting : exitStatus.done;
};
