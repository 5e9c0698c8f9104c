/** What must be there before anything is paid for: models, the feature's refs, setup, and what the checks say first. */

import { projectChecks } from '../checks/detect/index.js';
import type { CallKey } from '../domain/calls/call-key.js';
import type { Config, Preparation } from '../domain/feature/types.js';
import { routedModels } from '../domain/models/routing.js';
import { Problem } from '../domain/problem.js';
import { because } from '../domain/reasons.js';
import type { CommitHash } from '../domain/references.js';
import { outputEnd } from '../feature/check-output.js';
import type { WorkScope } from '../feature/scope.js';
import { probeModels } from '../models/probe.js';
import { openFeatureRefs } from '../workspace/repository.js';
import { prepareWorktree } from '../workspace/worktree.js';
import { checkCommit, couldNotRun, setupName } from './checks.js';
import { scoped, type WorkerContext } from './scoped.js';
import type { Activities } from './types.js';

/** Work of no task's: the worktree where the base is looked at. A task's id begins with a letter. */
const baseWorktree = { task: '_base' };

export const createPrepare = (worker: WorkerContext): Activities['prepare'] => scoped(worker, prepare);

async function prepare(
  { call }: { feature: string; call: CallKey },
  scope: WorkScope,
): Promise<Preparation & { head?: CommitHash | undefined }> {
  const { input } = scope;
  const models = await whichModels(input.config);
  if (input.base === undefined) return { ...models, setup: null, checks: [], baseline: [] };
  const head = await openFeatureRefs(input.root, input.feature, input.base);
  const worktree = await prepareWorktree(
    { root: input.root, instance: input.instance, feature: input.feature, ...baseWorktree },
    input.base,
  );
  const { setup, checks } = await projectChecks(input.config, worktree);
  const baseline = await checkCommit(
    {
      call,
      worktree: baseWorktree,
      commit: input.base,
      setup,
      checks,
      baseline: undefined,
    },
    scope,
  );
  await refuseUnrunnable(baseline, scope);
  return { ...models, setup, checks, baseline, head };
}

/** What is missing goes into the history and into reasons: as much as says what it is. */
const problemChars = 200;

/** One model is enough: it fills every role. */
async function whichModels(config: Config): Promise<Pick<Preparation, 'available' | 'missing'>> {
  const probes = await probeModels(config);
  const available = probes.filter((probe) => probe.ok).map((probe) => probe.model);
  const routed = routedModels(config);
  const missing = probes.flatMap((probe) =>
    probe.ok || !routed.includes(probe.model)
      ? []
      : [{ model: probe.model, problem: probe.detail.slice(0, problemChars), advice: probe.advice }],
  );
  if (available.length > 0)
    return { available, missing: missing.map(({ model, problem }) => ({ model, problem })) };
  const problems = [...new Set(missing.map(({ problem, advice }) => `${problem}: ${advice}`))];
  throw new Problem('no-model', `No model is available, and one is enough. ${problems.join(' ')}`);
}

/** A red check is known from here on; one that cannot be run at all would say the same of every draft. */
async function refuseUnrunnable(baseline: Preparation['baseline'], { directory }: WorkScope): Promise<void> {
  const failed = baseline.find(
    (result) => (result.name === setupName && !result.passed) || couldNotRun(result),
  );
  if (failed === undefined) return;
  const text = (await outputEnd(directory, failed)).trim().slice(-2_000);
  const { name, ended } = failed;
  throw new Problem('setup-failed', `${name} does not work in a fresh worktree of the project.`, {
    reason: because('setup-failed', { check: { name, ended }, text }),
  });
}
