/** What must be there before anything is paid for: models, the feature's refs, setup, and what the checks say first. */

import { runBaseline } from '../checks/baseline.js';
import type { CallKey } from '../domain/calls/call-key.js';
import type { Config, Preparation } from '../domain/feature/types.js';
import { routedModels } from '../domain/models/routing.js';
import { Problem } from '../domain/problem.js';
import type { CommitHash } from '../domain/references.js';
import type { WorkScope } from '../feature/scope.js';
import { probeModels } from '../models/probe.js';
import { openFeatureRefs } from '../workspace/repository.js';

/**
 * Probes the models, makes the feature's refs, and runs setup and checks on the base.
 *
 * @param input.call the run of setup and checks
 * @throws Problem when no model is there, or nothing could be verified
 */
export async function prepare(
  { call }: { feature: string; call: CallKey },
  scope: WorkScope,
): Promise<Preparation & { head?: CommitHash | undefined }> {
  const { config, root, feature, base } = scope.input;
  const models = await whichModels(config);
  if (base === undefined) return { ...models, setup: null, checks: [], baseline: [] };
  const head = await openFeatureRefs(root, feature, base);
  return { ...models, ...(await runBaseline(call, base, scope)), head };
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
