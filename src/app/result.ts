/** What a feature has come to: the change, its checks, what it cost. Reads disk and git only. */

import type { FeatureResult } from '../domain/feature/outcome.js';
import { type FeatureView, featureView } from '../domain/journal/view.js';
import { readFeatureInput } from '../feature/feature-file.js';
import { readJournal } from '../feature/journal.js';
import { featureDirectory } from '../feature/project.js';
import { statOf } from '../workspace/history.js';
import { featureHead } from '../workspace/repository.js';
import { readSpending } from './spending.js';

/** @returns undefined outside git, and before anything was begun */
export async function resultOf(root: string, name: string): Promise<FeatureResult | undefined> {
  const directory = featureDirectory(root, name);
  const input = await readFeatureInput(directory);
  const base = input?.base;
  const head = base === undefined ? undefined : await featureHead(root, name);
  if (base === undefined || head === undefined) return undefined;
  const [journal, { total }] = await Promise.all([readJournal(directory), readSpending(directory)]);
  const view: FeatureView = featureView(journal);
  const last = journal.findLast((entry) => entry.kind === 'result');
  return {
    base,
    head,
    baseBranch: input?.baseBranch,
    files: await statOf(root, base, head),
    checks: last?.kind === 'result' && last.head === head ? last.checks : [],
    baseline: view.baseline,
    verified: view.verified,
    usage: total.usage,
    unknown: total.unknown,
  };
}
