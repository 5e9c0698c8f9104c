/** The budget's gate: opened when a call is held back, and closed by nothing but a higher budget. */
import { budgetGate } from '../../domain/money/budget.js';
import { because, type Reason } from '../../domain/reasons.js';
import { isHeldBack, reasonOf } from '../failures.js';
import type { Gates } from './gates.js';

export interface BudgetHold {
  isOpen(): boolean;
  /**
   * Waits at the gate until the budget is raised, or nothing needs it any more.
   *
   * @param why as the call that was held back says; absent where none was
   * @param blocksAll nothing else of the feature can move meanwhile
   */
  wait(why: Reason | undefined, blocksAll: boolean): Promise<void>;
  /** Makes a call; one that is held back is made again when the budget is raised. */
  whenAffordable<T>(make: () => Promise<T>): Promise<T>;
  /** Whoever waits goes on. */
  raised(): void;
  /** How often it was raised: a call that was held back before that may be made at once. */
  raises(): number;
}

export function createBudgetHold(gates: Pick<Gates, 'open' | 'wait' | 'pass'>): BudgetHold {
  /** How often it was raised. */
  let raises = 0;
  const isOpen = () => gates.open(budgetGate) !== undefined;
  const wait: BudgetHold['wait'] = async (why, blocksAll) => {
    await gates.wait(budgetGate, {
      reason: because('budget-held', { why }),
      mayBeAutomatic: false,
      blocksAll,
    });
  };
  return {
    isOpen,
    wait,
    async whenAffordable(make) {
      // The feature was stopped there, and goes on.
      if (isOpen()) await wait(undefined, true);
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
