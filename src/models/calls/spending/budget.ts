/**
 * A feature's budget, on disk and without a server: a call is reserved before its process starts, under a lock in the
 * feature directory, so that calls side by side cannot overshoot together; what it has used takes the reservation's
 * place when it ends.
 */
import { join } from 'node:path';
import type { Config } from '../../../domain/feature/types.js';
import { fileFormat } from '../../../domain/file-format.js';
import {
  type Budget,
  budgetProblem,
  defaultCalls,
  type Limits,
  limitsOf,
  type RaisedBudget,
  raisedLimitsProblem,
} from '../../../domain/money/budget.js';
import { type KeptBudget, keptBudgetSchema } from '../../../domain/money/kept-budget.js';
import {
  amountOf,
  amountOfAll,
  type Spend,
  type SpendEnd,
  type SpendKey,
} from '../../../domain/money/spending.js';
import { type BudgetReason, briefly } from '../../../domain/reasons.js';
import type { Plan } from '../../../domain/tasks/plan.js';
import { writeFileAtomic } from '../../../host/atomic-file.js';
import { readFileAs } from '../../../host/files.js';
import { withLock } from '../../../host/lock.js';
import { readSpends, writeSpendLine } from './ledger.js';

/** The budget does not reach for a call: nothing was started, and the call can be made when it is raised. */
export class BudgetError extends Error {
  override readonly name = 'BudgetError';

  constructor(readonly reason: BudgetReason) {
    super(briefly(reason));
  }
}

/** Whose budget a call is paid from. */
export interface Spending {
  /** The feature directory. */
  directory: string;
  config: Pick<Config, 'budget' | 'maxIterations' | 'maxRevisions' | 'race'>;
}

/** The lock is held for a look at two small files and a line: milliseconds. */
const pollMs = 2;

const locked = <T>(directory: string, work: () => Promise<T>): Promise<T> =>
  withLock(join(directory, 'spend.lock'), work, undefined, pollMs);

/**
 * Reserves what a try is expected to use. A try that has a reservation keeps it.
 *
 * @throws BudgetError when the budget does not reach; nothing is reserved
 */
export async function reserve({ directory, config }: Spending, spend: Omit<Spend, 'at'>): Promise<void> {
  await locked(directory, async () => {
    const [kept, spends] = await Promise.all([readKept(directory), readSpends(directory)]);
    if (spends.some(({ call, tryNumber }) => call === spend.call && tryNumber === spend.tryNumber)) return;
    const held = budgetProblem(limitsOf(config, kept), amountOfAll(spends), amountOf(spend));
    if (held !== undefined) throw new BudgetError(held);
    await writeSpendLine(directory, { kind: 'reserved', ...spend, at: Date.now() });
  });
}

/** Puts what a try has used in the place of its reservation. May be done again. */
export const settle = (directory: string, key: SpendKey, end: SpendEnd): Promise<void> =>
  writeSpendLine(directory, { kind: 'ended', ...key, ...end });

/** Takes a reservation back: the vendor turned the try away before it did anything. May be done again. */
export const release = (directory: string, key: SpendKey): Promise<void> =>
  writeSpendLine(directory, { kind: 'released', ...key });

/** A feature's limits, and what its calls have used. */
export async function readBudget({
  directory,
  config,
}: Spending): Promise<{ limits: Limits; spends: Spend[] }> {
  const [kept, spends] = await Promise.all([readKept(directory), readSpends(directory)]);
  return { limits: limitsOf(config, kept), spends };
}

/** Sets how many calls a plan may need, where nobody says how many there may be. */
export async function allowForPlan({ directory, config }: Spending, plan: Plan): Promise<void> {
  const planned = defaultCalls(plan, config);
  await locked(directory, async () => {
    const kept = await readKept(directory);
    if (kept.planned !== planned) await keep(directory, { ...kept, planned });
  });
}

/** Sets limits, which must lie above what is spent and reserved. May be done again. */
export async function raiseLimits({ directory, config }: Spending, raised: Budget): Promise<RaisedBudget> {
  return locked(directory, async () => {
    const [before, spends] = await Promise.all([readKept(directory), readSpends(directory)]);
    const kept = { ...before, raised: { ...before.raised, ...raised } };
    const limits = limitsOf(config, kept);
    const reason = raisedLimitsProblem(limits, raised, amountOfAll(spends));
    if (reason !== undefined) return { ok: false, reason };
    await keep(directory, kept);
    return { ok: true, limits };
  });
}

const keptFormat = fileFormat(1, keptBudgetSchema);
const budgetPath = (directory: string): string => join(directory, 'budget.json');

const readKept = async (directory: string): Promise<KeptBudget> =>
  (await readFileAs(budgetPath(directory), keptFormat)) ?? {};

const keep = (directory: string, kept: KeptBudget): Promise<void> =>
  writeFileAtomic(budgetPath(directory), keptFormat.text(kept));
