/** What a feature's calls to models have used: each try, and their sums. What is unknown stays unknown. Pure. */

import * as z from 'zod';
import { modelNames, purposes, roles } from '../vocabulary.js';
import { addUsage, type Usage, usageSchema } from './usage.js';

/** What a call was expected to use before it began. */
export type Estimate = z.infer<typeof estimateSchema>;
const estimateSchema = z.object({ inputTokens: z.number(), outputTokens: z.number(), usd: z.number() });

/** Which try of which call. */
export type SpendKey = z.infer<typeof spendKeySchema>;
export const spendKeySchema = z.object({
  /** The call directory's name. */
  call: z.string(),
  /** From 1. */
  tryNumber: z.number(),
});

/** What is known of a try when it begins. */
export type Reservation = z.infer<typeof reservationSchema>;
export const reservationSchema = spendKeySchema.extend({
  model: z.enum(modelNames),
  role: z.enum(roles),
  purpose: z.enum(purposes),
  task: z.string().optional(),
  /** When it was reserved, in milliseconds since 1970. */
  at: z.number(),
  estimate: estimateSchema,
});

export type SpendEnd = z.infer<typeof spendEndSchema>;
export const spendEndSchema = z.object({
  /** It gave the call's answer. */
  ok: z.boolean(),
  usage: usageSchema,
  /** Who says what it cost; absent where nobody does. */
  costFrom: z.enum(['vendor', 'price']).optional(),
});

/** One try of a call to a model. Tries that the vendor turned away before they did anything are none. */
export interface Spend extends Reservation {
  /** Absent while it runs, and for good where its process was stopped or lost before it said what it used. */
  ended?: SpendEnd | undefined;
}

/** What counts against a budget. */
export interface Amount {
  calls: number;
  tokens: number;
  usd: number;
}

/** What a try counts against a budget: what it is known to have used, else what was expected. */
export function amountOf({ estimate, ended }: Pick<Spend, 'estimate' | 'ended'>): Amount {
  const { inputTokens, outputTokens, costUsd } = ended?.usage ?? {};
  return {
    calls: 1,
    tokens: (inputTokens ?? estimate.inputTokens) + (outputTokens ?? estimate.outputTokens),
    usd: costUsd ?? estimate.usd,
  };
}

/** What tries count against a budget together. */
export const amountOfAll = (spends: readonly Pick<Spend, 'estimate' | 'ended'>[]): Amount =>
  spends.map(amountOf).reduce(
    (sum, one) => ({
      calls: sum.calls + one.calls,
      tokens: sum.tokens + one.tokens,
      usd: sum.usd + one.usd,
    }),
    { calls: 0, tokens: 0, usd: 0 },
  );

/** What tries have used together, as far as it is known, and of how many it is not. */
export interface Sum {
  calls: number;
  usage: Usage;
  /** Calls of which a count of tokens, or the cost, is not known. */
  unknown: { tokens: number; cost: number };
  /** Calls whose cost the vendor reported, and those priced by the configuration's table. */
  reported: number;
  priced: number;
}

export function sumOf(spends: readonly Spend[]): Sum {
  const sum: Sum = { calls: 0, usage: {}, unknown: { tokens: 0, cost: 0 }, reported: 0, priced: 0 };
  for (const { ended } of spends) {
    const usage = ended?.usage ?? {};
    sum.calls++;
    sum.usage = addUsage(sum.usage, usage);
    if (usage.inputTokens === undefined || usage.outputTokens === undefined) sum.unknown.tokens++;
    if (usage.costUsd === undefined) sum.unknown.cost++;
    if (ended?.costFrom === 'vendor') sum.reported++;
    if (ended?.costFrom === 'price') sum.priced++;
  }
  return sum;
}
