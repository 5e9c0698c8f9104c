/** The project's checks on what a merge comes to, in a worktree of its own and through the feature's call store. */
import { readdir } from 'node:fs/promises';
import { checkCommit, checksAt } from '../../checks/run.js';
import { type CallKey, mergeChecksCall } from '../../domain/calls/call-key.js';
import type { CommitHash } from '../../domain/references.js';
import type { CheckResult } from '../../domain/tasks/checks.js';
import type { FeatureFolder } from '../../feature/scope.js';
import { unlessMissing } from '../../host/files.js';
import { parseCallName } from '../../models/calls/store/key.js';
import { stopCalls } from '../../models/calls/store/stop.js';
import { removeWorktree } from '../../workspace/worktree.js';

const worktree = { task: '_merge' };

/**
 * Runs setup and checks on a commit as the workflow does. A run that was broken off is ended first, and its number not
 * used again.
 *
 * @param baseline which checks were red before the feature's first change
 * @param signal aborted: ends the checks, and throws its reason
 */
export async function checkMerge(
  folder: FeatureFolder,
  commit: CommitHash,
  baseline: readonly CheckResult[],
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const { calls, input } = folder;
  const call = await nextRun(calls, commit);
  if (call.round > 1) await stopCalls(calls, { name: call.name, round: call.round - 1 });
  const scope = { ...folder, signal, scheduledAt: Date.now(), registerCall: () => undefined };
  try {
    // All checks, whatever their `paths`: the other branch may have changed anything.
    const toRun = await checksAt(commit, worktree, scope);
    return await checkCommit({ ...toRun, call, worktree, commit, baseline }, scope);
  } catch (error) {
    if (signal.aborted) await stopCalls(calls, call);
    throw error;
  } finally {
    await removeWorktree({ ...input, ...worktree });
  }
}

/** One more than the highest number that was used, and may have been stopped. */
async function nextRun(calls: string, commit: CommitHash): Promise<CallKey> {
  const { name } = mergeChecksCall(1, commit);
  const used = ((await unlessMissing(readdir(calls))) ?? []).flatMap((directory) => {
    const call = parseCallName(directory);
    return call?.name === name ? [call.round] : [];
  });
  return mergeChecksCall(Math.max(0, ...used) + 1, commit);
}
