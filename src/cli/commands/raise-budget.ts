/** `blueprint raise-budget`: new limits for a feature, which goes on with them. */

import { type Budget, raiseProblem } from '../../domain/money/budget.js';
import { Problem } from '../../domain/problem.js';
import { readFeatureInput } from '../../feature/feature-file.js';
import { featureDirectory } from '../../feature/project.js';
import { reasonLine } from '../../present/reasons.js';
import { parseLimit, refuseUnpriced } from '../budget.js';
import { type Context, type GlobalOptions, openContext, requireFeature } from '../context.js';
import { findModels, foundModels } from '../models.js';
import { note } from '../output.js';
import { decide } from './decide.js';

interface RaiseOptions {
  calls?: string;
  tokens?: string;
  usd?: string;
  detach?: boolean;
}

export async function raiseBudget(
  global: GlobalOptions,
  name: string,
  { calls, tokens, usd, detach }: RaiseOptions,
): Promise<number> {
  const budget: Budget = {
    ...(calls === undefined ? {} : { calls: parseLimit('calls', calls) }),
    ...(tokens === undefined ? {} : { tokens: parseLimit('tokens', tokens) }),
    ...(usd === undefined ? {} : { usd: parseLimit('usd', usd) }),
  };
  const reason = raiseProblem(budget);
  if (reason !== undefined) throw new Problem('usage', reasonLine(reason, { feature: name }));
  const context = await openContext(global);
  await requireFeature(context.root, name);
  await refuseNewDollars(context, name, budget);
  return decide(global, {
    name,
    detach,
    answeredByWorker: true,
    async act(client) {
      await client.raiseBudget(name, budget);
      note(`Raised: the budget of ${name}`);
    },
  });
}

/** A feature that began without a dollar budget may have models without a price. */
async function refuseNewDollars({ root }: Context, name: string, budget: Budget): Promise<void> {
  const input = await readFeatureInput(featureDirectory(root, name));
  if (budget.usd === undefined || input === undefined || input.config.budget.usd !== undefined) return;
  refuseUnpriced(budget, input.config, foundModels(await findModels(input.config)));
}
