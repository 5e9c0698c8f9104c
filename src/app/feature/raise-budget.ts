/** Whether a budget can be set to something, before a server or a worker is started for nothing. */
import { type Budget, raiseProblem } from '../../domain/money/budget.js';
import { Problem } from '../../domain/problem.js';
import { findModels, foundModels, priceProblem } from '../project/models.js';
import type { FeatureRecord } from './record.js';

/** @throws Problem when it cannot */
export async function refuseBudget(feature: FeatureRecord, budget: Budget): Promise<void> {
  const reason = raiseProblem(budget);
  if (reason !== undefined) throw new Problem('usage', 'The budget cannot be set to this.', { reason });
  const { config } = await feature.input();
  // A feature that began without a dollar budget may have models without a price.
  if (budget.usd === undefined || config.budget.usd !== undefined) return;
  const problem = priceProblem(budget, config, foundModels(await findModels(config)));
  if (problem !== undefined) throw problem;
}
