/** A feature as a pull request: what its files and its journal tell of it, put together. Reads disk and git only. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureExport } from '../../domain/feature/outcome.js';
import type { JournalEntry } from '../../domain/journal/entries.js';
import { Problem } from '../../domain/problem.js';
import { readPlanFile } from '../../feature/plan-file.js';
import { patchSeries, writePatches } from '../../workspace/history.js';
import type { FeatureRecord } from './record.js';
import { resultOf } from './result.js';

/** @throws Problem when there is no such feature, or nothing of it is on a branch */
export async function describeExport(feature: FeatureRecord): Promise<FeatureExport> {
  const { name, directory } = feature;
  const result = await resultOf(feature);
  if (result === undefined || result.base === result.head)
    throw new Problem('nothing-to-export', `${name} has no commits yet, so there is nothing to export.`);
  const journal = await feature.journal();
  const plan = await readPlanFile(directory);
  const read = (file: string) => readFile(join(directory, file), 'utf8').catch(() => '');
  return {
    name,
    brief: await read('brief.md'),
    spec: await read('spec.md'),
    tasks: journal.view().tasks.map(({ id, title, type, state, commit, model }) => ({
      id,
      title,
      type,
      state,
      commit,
      author: model,
      description: plan.ok ? (plan.plan.tasks.find((task) => task.id === id)?.description ?? '') : '',
      review: lastReview(journal.entries(), id),
    })),
    result,
  };
}

function lastReview(
  journal: readonly JournalEntry[],
  task: string,
): FeatureExport['tasks'][number]['review'] {
  const last = journal.findLast((entry) => entry.kind === 'review' && entry.task === task);
  if (last?.kind !== 'review') return undefined;
  const { approved, feedback, model, sameAsAuthor } = last;
  return { approved, feedback, model, sameAsAuthor };
}

/** @returns a mailbox that `git am` reads */
export async function exportPatches(feature: FeatureRecord): Promise<string> {
  const { result } = await describeExport(feature);
  return patchSeries(feature.root, result.base, result.head);
}

/** @returns the files' paths */
export async function exportPatchFiles(feature: FeatureRecord, folder: string): Promise<string[]> {
  const { result } = await describeExport(feature);
  return writePatches(feature.root, result.base, result.head, folder);
}
