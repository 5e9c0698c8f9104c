/** What a feature has spent, and what its budget leaves. Types only. */

import type { Limits } from './budget.js';
import type { Amount, Spend, Sum } from './spending.js';

/** What counts against a budget: where a call does not say what it used, what was expected of it. */
export interface BudgetStatus {
  limits: Limits;
  spent: Amount;
}

/** `blueprint cost NAME --json`. */
export interface FeatureCost {
  name: string;
  budget: BudgetStatus;
  total: Sum;
  models: CostRow[];
  /** Each task, and what the planning before them was for. */
  parts: CostRow[];
  calls: CallCost[];
}

export interface CostRow extends Sum {
  name: string;
  /** Of the calls that have ended, one after the other. */
  durationMs: number;
}

/** One try of a call. Those that the vendor turned away before they did anything are left out. */
export interface CallCost extends Omit<Spend, 'estimate'> {
  /** As the call store has it: `running`, `done`, `failed` … */
  state: string;
  durationMs?: number | undefined;
}
