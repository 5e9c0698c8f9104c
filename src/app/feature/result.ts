/** What a feature has come to: the change, its checks, what it cost. Reads disk and git only. */

import type { FeatureResult } from '../../domain/feature/outcome.js';
import { statOf } from '../../workspace/history.js';
import { featureHead } from '../../workspace/repository.js';
import type { FeatureRecord } from './record.js';
import { readSpending } from './spending.js';

/** @returns undefined outside git, and before anything was begun */
export async function resultOf(feature: FeatureRecord): Promise<FeatureResult | undefined> {
  const { root, name } = feature;
  const { base, baseBranch } = await feature.input();
  const head = base === undefined ? undefined : await featureHead(root, name);
  if (base === undefined || head === undefined) return undefined;
  const [journal, { total }] = await Promise.all([feature.journal(), readSpending(feature)]);
  const { baseline, verified } = journal.view();
  const last = journal.entries().findLast((entry) => entry.kind === 'result');
  return {
    base,
    head,
    baseBranch,
    files: await statOf(root, base, head),
    checks: last?.kind === 'result' && last.head === head ? last.checks : [],
    baseline,
    verified,
    usage: total.usage,
    unknown: total.unknown,
  };
}
