/** The budget's gate: opened when a call is held back, and closed by nothing but a higher budget. */
import { budgetGate } from '../../domain/money/budget.js';
import { isHeldBack, reasonOf } from '../failures.js';
import type { Gates } from './gates.js';

export interface BudgetHold {
  isOpen(): boolean;
  /**
   * Waits at the gate until the budget is raised, or nothing needs it any more.
   *
   * @param blocksAll nothing else of the feature can move meanwhile
   */
  wait(reason: string, blocksAll: boolean): Promise<void>;
  /** Makes a call; one that is held back is made again when the budget is raised. */
  whenAffordable<T>(make: () => Promise<T>): Promise<T>;
  /** Whoever waits goes on. */
  raised(): void;
  /** How often it was raised: a call that was held back before that may be made at once. */
  raises(): number;
}

export function createBudgetHold(gates: Gates, feature: string): BudgetHold {
  let raises = 0;
  const isOpen = () => gates.isOpen(budgetGate);
  const wait: BudgetHold['wait'] = async (reason, blocksAll) => {
    await gates.wait(budgetGate, {
      reason: `${reason} Raise it: blueprint raise-budget ${feature} --calls N, --tokens N or --usd N.`,
      mayBeAutomatic: false,
      blocksAll,
    });
  };
  return {
    isOpen,
    wait,
    async whenAffordable(make) {
      // The feature was stopped there, and goes on.
      if (isOpen()) await wait('The budget is used up.', true);
      for (;;) {
        const before = raises;
        try {
          return await make();
        } catch (error) {
          if (!isHeldBack(error)) throw error;
          if (raises === before) await wait(reasonOf(error), true);
        }
      }
    },
    raised() {
      raises++;
      gates.pass(budgetGate);
    },
    raises: () => raises,
  };
}
