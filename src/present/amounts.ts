/** Budgets and their units as a person reads them. Pure. */
import type { Budget } from '../domain/config/schema.js';
import type { BudgetUnit } from '../domain/reasons.js';
import { count } from './words.js';

const unitTexts: Record<BudgetUnit, (value: number) => string> = {
  calls: (value) => count(value, 'call'),
  tokens: (value) => `${Math.ceil(value).toLocaleString('en-US')} tokens`,
  usd: (value) => usdText(value),
};

/** `80 calls`, `2,000,000 tokens`, `$5.00`. */
export const amountText = (unit: BudgetUnit, value: number): string => unitTexts[unit](value);

/** The limits that there are: `80 calls, $5.00`. */
export const budgetText = ({ calls, tokens, usd }: Budget): string =>
  [
    ...(calls === undefined ? [] : [unitTexts.calls(calls)]),
    ...(tokens === undefined ? [] : [unitTexts.tokens(tokens)]),
    ...(usd === undefined ? [] : [unitTexts.usd(usd)]),
  ].join(', ');

/** Dollars: two places, or four where a call's cost needs them. */
export const usdText = (value: number): string => `$${value.toFixed(value > 0 && value < 1 ? 4 : 2)}`;
