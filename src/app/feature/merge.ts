/** Merging a finished feature into the branch that it started from, when the checks pass there too. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { MergedFeature } from '../../domain/feature/outcome.js';
import type { FeatureInput } from '../../domain/feature/types.js';
import type { FeatureView } from '../../domain/journal/view.js';
import { featureBranch, featureWorkflowId } from '../../domain/names.js';
import { Problem } from '../../domain/problem.js';
import { because } from '../../domain/reasons.js';
import type { CommitHash } from '../../domain/references.js';
import { brokenChecks, redChecks } from '../../domain/tasks/checks.js';
import { satisfies } from '../../domain/tasks/states.js';
import { appendJournal } from '../../feature/journal.js';
import { commitForChecks } from '../../workspace/integrate.js';
import {
  advanceBranch,
  cleanCheckouts,
  commitMerge,
  currentBranch,
  localBranch,
  type PlannedMerge,
  planMerge,
} from '../../workspace/merge.js';
import { personOf } from '../../workspace/person.js';
import { featureHead, readRef } from '../../workspace/repository.js';
import type { MergeOptions } from '../api.js';
import { checkMerge } from './merge-checks.js';
import type { FeatureRecord } from './record.js';

/**
 * Brings a feature's commits onto a branch: moves it on where it can, makes a merge commit where it has moved. The
 * checks run on what comes out before anything is changed.
 *
 * @throws Problem: nothing was changed
 */
export async function mergeFeature(feature: FeatureRecord, options: MergeOptions): Promise<MergedFeature> {
  const { announce = () => undefined, signal = new AbortController().signal } = options;
  const { root, name, directory } = feature;
  const input = await feature.input();
  const view = (await feature.journal()).view();
  const head = await featureHead(root, name).catch(() => undefined);
  if (input.base === undefined || head === undefined)
    throw new Problem(
      'no-repository',
      `${name} has no branch: it was made in a folder that is no git repository.`,
    );
  refuseUnfinished(name, view);
  const into = await targetBranch(root, name, input, options.into);
  const target = await readRef(root, `refs/heads/${into}`);
  if (target === undefined) throw new Problem('no-target', `There is no branch ${into}.`);

  const planned = await planMerge(root, target, head);
  if (planned.kind === 'there') return { kind: 'there', into, commit: target, checks: [] };
  // Before checks of minutes are run for nothing.
  await cleanCheckouts(root, into);
  const isKnown = planned.kind === 'fast-forward' && view.verified && view.head === head;
  if (isKnown) announce('The checks have passed on this very commit.');
  else announce(`Running the checks on what ${into} becomes…`);
  const probe = planned.kind === 'merge' ? await commitForChecks(root, planned.tree, target) : head;
  const checks = isKnown
    ? []
    : await checkMerge({ input, directory, calls: join(directory, 'calls') }, probe, view.baseline, signal);
  const broken = brokenChecks(checks);
  if (broken.length > 0) {
    const outputs = broken.map((check) => check.output);
    throw new Problem('checks-red', `On ${into} the checks do not pass, so nothing was changed.`, {
      reason: because('merge-breaks', { into, checks: redChecks(checks), outputs, directory }),
    });
  }
  const commit = await makeMerge(root, planned, { name, into, head, target });
  await advanceBranch(root, into, target, commit);
  await note(directory, input, { into, commit });
  return { kind: planned.kind === 'merge' ? 'merged' : 'fast-forward', into, commit, checks };
}

function refuseUnfinished(name: string, { tasks, phase }: FeatureView): void {
  const left = tasks.filter((task) => !satisfies(task.state)).map((task) => task.id);
  if (tasks.length > 0 && left.length === 0) return;
  throw new Problem(
    'not-finished',
    left.length === 0
      ? `${name} has nothing to merge yet: it is in phase ${phase ?? 'prepare'}.`
      : `${name} is not finished: ${left.join(', ')} ${left.length === 1 ? 'is' : 'are'} not done. Finish or skip them, then merge.`,
  );
}

async function targetBranch(
  root: string,
  name: string,
  input: FeatureInput,
  wanted: string | undefined,
): Promise<string> {
  const found =
    wanted === undefined
      ? (input.baseBranch ?? (await currentBranch(root)))
      : await localBranch(root, wanted);
  if (found === undefined)
    throw new Problem(
      'no-target',
      wanted === undefined
        ? `${name} did not start from a branch, so name the one to merge into.`
        : `There is no branch ${wanted} in the repository.`,
    );
  if (found === featureBranch(name))
    throw new Problem('no-target', `${found} is the feature's own branch; name another one.`);
  return found;
}

async function makeMerge(
  root: string,
  planned: Exclude<PlannedMerge, { kind: 'there' }>,
  { name, into, head, target }: { name: string; into: string; head: CommitHash; target: CommitHash },
): Promise<CommitHash> {
  if (planned.kind === 'fast-forward') return head;
  const message = `Merge ${featureBranch(name)} into ${into}\n`;
  return commitMerge(root, { tree: planned.tree, target, head, message, by: await personOf(root) });
}

async function note(
  directory: string,
  { instance, feature }: FeatureInput,
  merged: { into: string; commit: CommitHash },
): Promise<void> {
  const workflow = featureWorkflowId(instance, feature);
  const entry = { kind: 'merged', ...merged, at: Date.now(), workflow, run: randomUUID(), seq: 1 } as const;
  await appendJournal(directory, [entry]);
}
