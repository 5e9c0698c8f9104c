/** What a feature has to be read: its specification, its plan, its diff, and what its checks and reviews said. */
import { join } from 'node:path';
import type { JournalEntry } from '../../domain/journal/entries.js';
import { Problem } from '../../domain/problem.js';
import { readIfExists } from '../../host/files.js';
import { diffOf } from '../../workspace/contents.js';
import { featureHead } from '../../workspace/repository.js';
import type { FeatureRecord } from './record.js';

/** The files that a person may edit while their gates are open. */
export const textFiles = { spec: 'spec.md', plan: 'tasks.json' } as const;

/** @returns undefined where there is none yet */
export async function readText(
  feature: FeatureRecord,
  part: keyof typeof textFiles,
): Promise<string | undefined> {
  await feature.input();
  return readIfExists(join(feature.directory, textFiles[part]));
}

/** More than anyone reads; git has the whole. */
const diffMaxBytes = 4 * 1024 * 1024;

/**
 * What the feature changes, or the last draft of one task.
 *
 * @returns undefined outside git, and where nothing is on a branch
 * @throws Problem when there is no such task, or it has no draft
 */
export async function featureDiff(
  feature: FeatureRecord,
  task?: string,
): Promise<{ text: string; truncated: boolean } | undefined> {
  const { root, name } = feature;
  const { base } = await feature.input();
  if (base === undefined) return undefined;
  if (task === undefined) {
    const head = await featureHead(root, name);
    return head === undefined ? undefined : diffOf(root, base, head, diffMaxBytes);
  }
  const { commit } = (await lastOf(feature, 'draft', task)) ?? {};
  if (commit === undefined)
    throw new Problem('draft-missing', `Task ${task} of ${name} has no draft that changes files yet.`);
  return diffOf(root, `${commit}^`, commit, diffMaxBytes);
}

type EntryOf<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind };

/** The entries of a kind that are about a task, or about the whole of the feature. */
export async function entriesOf<Kind extends JournalEntry['kind']>(
  feature: FeatureRecord,
  kind: Kind,
  task: string | undefined,
): Promise<EntryOf<Kind>[]> {
  await feature.input();
  const entries = (await feature.journal()).entries();
  return entries.filter(
    (entry): entry is EntryOf<Kind> =>
      entry.kind === kind && ('task' in entry ? entry.task : undefined) === task,
  );
}

const lastOf = async <Kind extends JournalEntry['kind']>(
  feature: FeatureRecord,
  kind: Kind,
  task: string,
): Promise<EntryOf<Kind> | undefined> => (await entriesOf(feature, kind, task)).at(-1);
