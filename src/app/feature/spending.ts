/** A feature's budget and its ledger, as every look at a feature reads them. */

import type { BudgetStatus } from '../../domain/money/cost.js';
import { amountOfAll, type Spend, type Sum, sumOf } from '../../domain/money/spending.js';
import { readBudget } from '../../models/calls/spending/budget.js';
import type { FeatureRecord } from './record.js';

/** What is counted against a feature's budget, and what its calls are known to have used. */
export async function readSpending({
  directory,
  input,
}: FeatureRecord): Promise<{ budget: BudgetStatus; total: Sum; spends: Spend[] }> {
  const { config } = await input();
  const { limits, spends } = await readBudget({ directory, config });
  return { budget: { limits, spent: amountOfAll(spends) }, total: sumOf(spends), spends };
}
