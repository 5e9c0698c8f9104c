/** What a feature has spent, from its directory alone: no server and no worker is asked. */
import type { CallCost, CostRow, FeatureCost } from '../../domain/money/cost.js';
import { type Spend, sumOf } from '../../domain/money/spending.js';
import { listCalls } from '../../models/calls/store/list.js';
import type { FeatureRecord } from './record.js';
import { readSpending } from './spending.js';

/** @throws Problem when there is no such feature */
export async function describeCost(feature: FeatureRecord): Promise<FeatureCost> {
  const [{ budget, total, spends }, made] = await Promise.all([
    readSpending(feature),
    listCalls(feature.calls),
  ]);
  const tries = new Map(
    made.flatMap(({ call, tries: all }) => all.map((one) => [`${call}/${one.number}`, one] as const)),
  );
  const calls = spends.map((spend): CallCost => {
    const { estimate: _, ...told } = spend;
    const one = tries.get(`${spend.call}/${spend.tryNumber}`);
    const { startedAt, endedAt } = one ?? {};
    const durationMs =
      startedAt === undefined || endedAt === undefined ? undefined : Math.round(endedAt - startedAt);
    return { ...told, state: one?.state ?? 'lost', durationMs };
  });
  const durations = new Map(calls.map((call) => [`${call.call}/${call.tryNumber}`, call.durationMs]));
  const rows = (nameOf: (spend: Spend) => string, of = spends): CostRow[] =>
    [...grouped(of, nameOf)].map(([title, group]) => ({
      name: title,
      ...sumOf(group),
      durationMs: group.reduce(
        (sum, spend) => sum + (durations.get(`${spend.call}/${spend.tryNumber}`) ?? 0),
        0,
      ),
    }));
  return {
    name: feature.name,
    budget,
    total,
    models: rows(({ model }) => model),
    parts: [
      ...rows(
        ({ purpose }) => purpose,
        spends.filter(({ task }) => task === undefined),
      ),
      ...rows(
        ({ task = '' }) => task,
        spends.filter(({ task }) => task !== undefined),
      ).sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    ],
    calls,
  };
}

function grouped(spends: readonly Spend[], nameOf: (spend: Spend) => string): Map<string, Spend[]> {
  const groups = new Map<string, Spend[]>();
  for (const spend of spends) {
    const name = nameOf(spend);
    groups.set(name, [...(groups.get(name) ?? []), spend]);
  }
  return groups;
}
