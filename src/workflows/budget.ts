/** What the budget held back, as a workflow sees it. */
import { budgetFailureType } from '../domain/money/budget.js';
import { applicationFailureOf } from './failures.js';

/** Whether a call failed because the budget did not reach for it: nothing was started. */
export const isHeldBack = (error: unknown): boolean =>
  applicationFailureOf(error)?.type === budgetFailureType;
