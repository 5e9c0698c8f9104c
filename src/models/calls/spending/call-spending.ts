/** What a call to a model reserves and uses, try by try. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallErrorKind } from '../../../domain/models/call-errors.js';
import type { Price } from '../../../domain/models/settings.js';
import { estimateOf } from '../../../domain/money/estimate.js';
import type { Spend } from '../../../domain/money/spending.js';
import { priced, type Usage } from '../../../domain/money/usage.js';
import type { Mode } from '../../../domain/vocabulary.js';
import type { TryRef } from '../store/types.js';
import { release, reserve, type Spending, settle } from './budget.js';

type About = Pick<Spend, 'model' | 'role' | 'purpose' | 'task'> & { mode: Mode; price: Price | undefined };

/** How a try ended. */
interface TryOutcome {
  /** Absent: it gave the answer. */
  error: CallErrorKind | undefined;
  /** As the vendor reports it. */
  usage: Usage;
  /** It wrote something, or used a tool. */
  worked: boolean;
}

/**
 * Reserves for a try that is about to begin.
 *
 * @throws BudgetError when the budget does not reach
 */
export async function tryBegins(
  spending: Spending,
  { mode, price, ...about }: About,
  { call, callDirectory, tryNumber }: TryRef,
): Promise<void> {
  const { size } = await stat(join(callDirectory, 'prompt.md'));
  const estimate = estimateOf({ promptBytes: size, purpose: about.purpose, mode, price });
  await reserve(spending, { call, tryNumber, ...about, estimate });
}

/**
 * Notes what a try has used. Where it is not known, the reservation goes on to count; a try that the vendor turned
 * away counts for nothing.
 */
export async function tryEnded(
  { directory }: Spending,
  price: Price | undefined,
  { call, tryNumber }: TryRef,
  { error, usage, worked }: TryOutcome,
): Promise<void> {
  const key = { call, tryNumber };
  const usedTokens = (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0) > 0;
  if (error !== undefined && turnedAway.includes(error) && !worked && !usedTokens)
    return release(directory, key);
  const known = priced(usage, price);
  const costFrom = usage.costUsd !== undefined ? 'vendor' : known.costUsd !== undefined ? 'price' : undefined;
  await settle(directory, key, { ok: error === undefined, usage: known, costFrom });
}

/** The failures of requests that were not served, where nothing came before them. */
const turnedAway: readonly CallErrorKind[] = [
  'auth',
  'quota',
  'rate-limit',
  'overloaded',
  'network',
  'context-too-long',
  'not-installed',
];
