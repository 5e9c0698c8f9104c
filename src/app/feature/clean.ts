/** Removing a feature: what there is of it, whether anything would be lost, and the removal. */

import { randomBytes } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { FeatureRemains } from '../../domain/feature/outcome.js';
import type { FeatureView } from '../../domain/journal/view.js';
import { featureBranch, featureWorkflowId } from '../../domain/names.js';
import { Problem } from '../../domain/problem.js';
import { listCalls } from '../../models/calls/store/list.js';
import { stopCalls } from '../../models/calls/store/stop.js';
import { featureRefs, unmergedCommits } from '../../workspace/history.js';
import { cleanCheckouts } from '../../workspace/merge.js';
import { featureHead, findRepository, readRef, removeFeatureRefs } from '../../workspace/repository.js';
import { removeWorktrees, worktreesOf } from '../../workspace/worktree.js';
import type { FeatureRecord } from './record.js';
import { workflowState } from './workflow.js';

/**
 * What a feature has left, with sizes, and whether the removal would lose work.
 *
 * @throws Problem when there is no such feature
 */
export async function remainsOf(feature: FeatureRecord): Promise<FeatureRemains> {
  const { root, name, directory } = feature;
  const { base, instance } = await feature.input();
  const isGit = (await findRepository(root)).kind === 'git' && base !== undefined;
  const branch = featureBranch(name);
  const folders = isGit ? await worktreesOf(root, instance, name) : [];
  const [refs, calls, bytes, worktrees] = await Promise.all([
    isGit ? featureRefs(root, name, branch) : Promise.resolve<string[]>([]),
    listCalls(feature.calls),
    sizeOf(directory),
    Promise.all(folders.map(async (path) => ({ path, bytes: await sizeOf(path) }))),
  ]);
  return {
    name,
    directory: { path: directory, bytes },
    calls: calls.length,
    worktrees,
    refs: refs.filter((ref) => ref.startsWith('refs/blueprint/')),
    branch: refs.includes(`refs/heads/${branch}`) ? branch : undefined,
    unmerged: isGit ? await unmerged(root, name, base) : [],
  };
}

/** The feature's commits, and a person's own on its branch, that are nowhere else. */
async function unmerged(root: string, name: string, base: string): Promise<string[]> {
  const branch = featureBranch(name);
  const tips = [await featureHead(root, name), await readRef(root, `refs/heads/${branch}`)];
  const commits = await Promise.all(
    tips.map((to) => (to === undefined ? [] : unmergedCommits(root, { from: base, to, but: branch }))),
  );
  return [...new Set(commits.flat())];
}

/** In bytes, of files only. What goes away meanwhile counts nothing. */
async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  let sum = 0;
  for (const name of await readdir(path).catch((): string[] => [])) sum += await sizeOf(join(path, name));
  return sum;
}

/**
 * Removes a feature: its workflow, worktrees, refs, branch and directory, in this order, so that one that was broken
 * off can be done again.
 *
 * @param options.force also what is merged nowhere
 * @throws Problem when it runs, when work would be lost, and when its branch is checked out: nothing is removed
 */
export async function removeFeature(
  feature: FeatureRecord,
  { force = false }: { force?: boolean } = {},
): Promise<void> {
  const { root, name, directory } = feature;
  const { base, instance } = await feature.input();
  const remains = await remainsOf(feature);
  const view = (await feature.journal()).view();
  await refuseRunning(feature, view);
  const { length } = remains.unmerged;
  if (length > 0 && !force)
    throw new Problem(
      'not-merged',
      `${length === 1 ? 'A commit' : `${length} commits`} of ${name} ${length === 1 ? 'is' : 'are'} on no other branch. Merge first, or lose what is not merged.`,
      { feature: name },
    );
  if (remains.branch !== undefined) {
    const [folder] = await cleanCheckouts(root, remains.branch);
    if (folder !== undefined)
      throw new Problem(
        'branch-checked-out',
        `${remains.branch} is checked out in ${folder}; switch to another branch there first.`,
      );
  }
  await endWorkflow(feature, instance, view);
  await endCalls(feature.calls);
  if (base !== undefined) await removeWorktrees(root, instance, name);
  await removeFeatureRefs(root, name);
  await removeDirectory(directory);
  feature.forget();
}

async function refuseRunning(feature: FeatureRecord, view: FeatureView): Promise<void> {
  if (view.phase === 'done' || view.phase === 'failed' || view.stopped) return;
  const state = await workflowState(feature);
  // Without a server nobody can tell: a journal that ends in the middle is that of one that may go on.
  if (state === 'running' || (state === 'unknown' && (await feature.link.ifRunning()) === undefined))
    throw new Problem('not-stopped', `${feature.name} is not stopped; stop it first.`, {
      feature: feature.name,
    });
}

/** A feature that is stopped or has failed waits in its workflow, which would hold the name. */
async function endWorkflow(
  { name, link }: FeatureRecord,
  instance: string,
  view: FeatureView,
): Promise<void> {
  const running = view.phase === 'done' ? await link.ifRunning() : await link.connected();
  await running?.client.workflow
    .getHandle(featureWorkflowId(instance, name))
    .terminate('The feature was removed.')
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
}

async function endCalls(calls: string): Promise<void> {
  const running = (await listCalls(calls)).filter((call) => !call.finished && !call.stopped);
  await Promise.all(running.map((call) => stopCalls(calls, call)));
}

/** First out of sight as a whole: a directory that is half there would pass for a feature. */
async function removeDirectory(directory: string): Promise<void> {
  const parent = dirname(directory);
  const prefix = '.removed-';
  await rename(directory, join(parent, prefix + randomBytes(4).toString('hex')));
  // Those of removals that were broken off as well.
  const old = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  await Promise.all(old.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}
