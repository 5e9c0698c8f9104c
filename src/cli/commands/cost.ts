/** `blueprint cost`: what a feature's calls have used. Nothing is started, and no server is asked. */
import { describeCost } from '../../app/cost.js';
import { costLines } from '../../present/cost-text.js';
import { type GlobalOptions, openContext, requireFeature } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { print, printJson } from '../output.js';

interface CostOptions {
  verbose?: boolean;
  json?: boolean;
}

export async function cost(
  global: GlobalOptions,
  name: string,
  { verbose, json }: CostOptions,
): Promise<number> {
  const { root } = await openContext(global);
  await requireFeature(root, name);
  const found = await describeCost(root, name);
  if (json === true) printJson(found);
  else print(...costLines(found, verbose === true));
  return exitStatus.done;
}
