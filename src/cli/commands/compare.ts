/** `blueprint compare`: the drafts of a task, or of its race, with checks and reasons. Nothing is spent. */
import { compareDrafts } from '../../app/compare.js';
import { compareLines } from '../../present/compare-text.js';
import { type GlobalOptions, openContext, requireFeature } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { print, printJson } from '../output.js';

interface CompareOptions {
  diff?: boolean;
  json?: boolean;
}

export async function compare(
  global: GlobalOptions,
  name: string,
  task: string,
  { diff = false, json }: CompareOptions,
): Promise<number> {
  const { root } = await openContext(global);
  await requireFeature(root, name);
  const comparison = await compareDrafts(root, name, task, { diff });
  if (json === true) printJson(comparison);
  else print(...compareLines(comparison));
  return exitStatus.done;
}
