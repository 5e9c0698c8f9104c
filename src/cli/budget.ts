/** Budgets on the command line. */

import { type Budget, Problem } from '../app/index.js';

const units = ['usd', 'tokens', 'calls'] as const;

/**
 * Reads `usd=5,tokens=2000000,calls=80`.
 *
 * @throws Problem when it says anything else
 */
export function parseBudget(text: string): Budget {
  const budget: Budget = {};
  for (const part of text.split(',')) {
    const [name = '', value = '', ...rest] = part.split('=').map((word) => word.trim());
    const unit = units.find((one) => one === name);
    if (unit === undefined || value === '' || rest.length > 0 || budget[unit] !== undefined)
      throw new Problem(
        'usage',
        `The budget ${JSON.stringify(text)} cannot be read: name each limit once, such as usd=5,tokens=2000000,calls=80.`,
      );
    budget[unit] = parseLimit(unit, value);
  }
  return budget;
}

/** @throws Problem for what is no number above 0, or no whole number of calls */
export function parseLimit(unit: (typeof units)[number], text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0)) throw new Problem('usage', `The budget's ${unit} must be a number above 0, not ${text}.`);
  if (unit === 'calls' && !Number.isInteger(value))
    throw new Problem('usage', `The budget's calls must be a whole number, not ${text}.`);
  return value;
}
