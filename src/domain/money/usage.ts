import * as z from 'zod';
import type { Price } from '../models/settings.js';
import { dollars } from './price.js';

/** What a call used, as far as the model reports it. Unknown is undefined and never counts as zero. */
export type Usage = z.infer<typeof usageSchema>;
export const usageSchema = z.object({
  /** All of them, the cached ones included. */
  inputTokens: z.number().optional(),
  /** Those of the input that the vendor had cached. */
  cachedInputTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  costUsd: z.number().optional(),
});

/** Adds up; a sum is known only as far as its parts are, and is undefined when no part is known. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: plus(a.inputTokens, b.inputTokens),
    cachedInputTokens: plus(a.cachedInputTokens, b.cachedInputTokens),
    outputTokens: plus(a.outputTokens, b.outputTokens),
    costUsd: plus(a.costUsd, b.costUsd),
  };
}

/** The cost by a table of prices, where the vendor reports none; unknown where a count of tokens is. */
export function priced(usage: Usage, price: Price | undefined): Usage {
  const { inputTokens, cachedInputTokens, outputTokens, costUsd } = usage;
  if (costUsd !== undefined || price === undefined) return usage;
  if (inputTokens === undefined || outputTokens === undefined) return usage;
  return { ...usage, costUsd: dollars(price, { inputTokens, cachedInputTokens, outputTokens }) };
}

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : a + b;
