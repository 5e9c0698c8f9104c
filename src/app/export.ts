/** A feature as a pull request: what its files and its journal tell of it, put together. Reads disk and git only. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureExport } from '../domain/feature/outcome.js';
import type { JournalEntry } from '../domain/journal/entries.js';
import { featureView } from '../domain/journal/view.js';
import { Problem } from '../domain/problem.js';
import { readJournal } from '../feature/journal.js';
import { readPlanFile } from '../feature/plan-file.js';
import { patchSeries, writePatches } from '../workspace/history.js';
import { requireFeature } from './look.js';
import { resultOf } from './result.js';

/** @throws Problem when there is no such feature, or nothing of it is on a branch */
export async function describeExport(root: string, name: string): Promise<FeatureExport> {
  const directory = await requireFeature(root, name);
  const result = await resultOf(root, name);
  if (result === undefined || result.base === result.head)
    throw new Problem('nothing-to-export', `${name} has no commits yet, so there is nothing to export.`);
  const journal = await readJournal(directory);
  const { tasks } = featureView(journal);
  const plan = await readPlanFile(directory);
  const read = (file: string) => readFile(join(directory, file), 'utf8').catch(() => '');
  return {
    name,
    brief: await read('brief.md'),
    spec: await read('spec.md'),
    tasks: tasks.map(({ id, title, type, state, commit, model }) => ({
      id,
      title,
      type,
      state,
      commit,
      author: model,
      description: plan.ok ? (plan.plan.tasks.find((task) => task.id === id)?.description ?? '') : '',
      review: lastReview(journal, id),
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
export async function exportPatches(root: string, name: string): Promise<string> {
  const { result } = await describeExport(root, name);
  return patchSeries(root, result.base, result.head);
}

/** @returns the files' paths */
export async function exportPatchFiles(root: string, name: string, folder: string): Promise<string[]> {
  const { result } = await describeExport(root, name);
  return writePatches(root, result.base, result.head, folder);
}
