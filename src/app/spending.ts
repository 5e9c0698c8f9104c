/** A feature's budget and its ledger, as every look at a feature reads them. */

import type { BudgetStatus } from '../domain/money/cost.js';
import { amountOfAll, type Spend, type Sum, sumOf } from '../domain/money/spending.js';
import { Problem } from '../domain/problem.js';
import { readFeatureInput } from '../feature/feature-file.js';
import { readBudget } from '../models/calls/spending/budget.js';

/** What is counted against a feature's budget, and what its calls are known to have used. */
export async function readSpending(
  directory: string,
): Promise<{ budget: BudgetStatus; total: Sum; spends: Spend[] }> {
  const input = await readFeatureInput(directory);
  if (input === undefined) throw new Problem('feature-missing', `There is no feature in ${directory}.`);
  const { limits, spends } = await readBudget({ directory, config: input.config });
  return { budget: { limits, spent: amountOfAll(spends) }, total: sumOf(spends), spends };
}
