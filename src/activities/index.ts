/** All activities of a worker. */
import { checkCommit } from '../checks/run.js';
import { compareDrafts } from '../drafts/compare.js';
import { makeDraft } from '../drafts/draft.js';
import { integrate } from '../drafts/integrate.js';
import { reviewDraft } from '../drafts/review.js';
import { takeWorktree } from '../drafts/take.js';
import { stopCalls } from '../models/calls/store/stop.js';
import { makePlan, refinePlan } from '../planning/plan.js';
import { prepare } from '../planning/prepare.js';
import { rewind } from '../planning/rewind.js';
import { writeSpec } from '../planning/spec.js';
import { removeWorktrees } from '../workspace/worktree.js';
import { createLocalActivities } from './local.js';
import { createNotify } from './notify.js';
import { scoped, type WorkerContext } from './scoped.js';
import type { Activities, LocalActivities } from './types.js';

export type { WorkerContext } from './scoped.js';

export function createActivities(worker: WorkerContext): Activities & LocalActivities {
  return {
    prepare: scoped(worker, prepare),
    writeSpec: scoped(worker, writeSpec),
    makePlan: scoped(worker, makePlan),
    refinePlan: scoped(worker, refinePlan),
    draft: scoped(worker, makeDraft),
    review: scoped(worker, reviewDraft),
    compare: scoped(worker, compareDrafts),
    runChecks: scoped(worker, ({ preparation, place, call, commit, since }, scope) =>
      checkCommit({ ...preparation, call, worktree: place, commit, since }, scope),
    ),
    integrate: scoped(worker, integrate),
    takeWorktree: scoped(worker, takeWorktree),
    rewind: scoped(worker, rewind),
    notify: createNotify(worker),
    cleanUp: scoped(worker, async (_input, { input }) => {
      if (input.base !== undefined) await removeWorktrees(input.root, input.instance, input.feature);
    }),
    endCalls: scoped(worker, async ({ calls }, scope) => {
      await Promise.all(calls.map((call) => stopCalls(scope.calls, call)));
    }),
    ...createLocalActivities(worker),
  };
}
