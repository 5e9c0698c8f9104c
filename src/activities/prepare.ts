/** What must be there before anything is paid for: models, the feature's refs, setup, and what the checks say first. */
import type { Config, Preparation } from '../domain/feature.js';
import { modelSettings } from '../domain/model-settings.js';
import { Problem } from '../domain/problem.js';
import type { CommitHash } from '../domain/references.js';
import { modelNames, roles } from '../domain/vocabulary.js';
import { adapterFor } from '../models/adapters/index.js';
import { detectChecks } from '../workspace/checks.js';
import { openFeatureRefs } from '../workspace/repository.js';
import { prepareWorktree } from '../workspace/worktree.js';
import { checkCommit, couldNotRun, outputEnd, setupName } from './checks.js';
import type { WorkerContext } from './context.js';
import { type Following, following } from './following.js';
import type { Activities } from './types.js';

/** Work of no task's: the worktree where the base is looked at. A task's id begins with a letter. */
const baseWorktree = { task: '_base' };

export const createPrepare = (worker: WorkerContext): Activities['prepare'] => following(worker, prepare);

async function prepare(
  { round }: { feature: string; round: number },
  follow: Following,
): Promise<Preparation & { head?: CommitHash | undefined }> {
  const { input } = follow;
  const available = await availableModels(input.config);
  if (input.base === undefined) return { available, setup: null, checks: [], baseline: [] };
  const head = await openFeatureRefs(input.root, input.feature, input.base);
  const worktree = await prepareWorktree(
    { root: input.root, instance: input.instance, feature: input.feature, ...baseWorktree },
    input.base,
  );
  const { setup, checks } = await configuredChecks(input.config, worktree);
  const baseline = await checkCommit(
    {
      name: 'baseline',
      round,
      worktree: baseWorktree,
      commit: input.base,
      setup,
      checks,
      baseline: undefined,
    },
    follow,
  );
  await refuseUnrunnable(baseline, follow);
  return { available, setup, checks, baseline, head };
}

async function availableModels(config: Config): Promise<Preparation['available']> {
  const probes = await Promise.all(
    modelNames.map(async (model) => {
      // With a script every model's part is played, and `scripted` itself is nobody's part.
      if (config.script !== null && model === 'scripted') return { model, ok: false, problem: '' };
      const adapter = adapterFor(model, config.script);
      if (adapter === undefined) return { model, ok: false, problem: `${model} is not supported yet` };
      const probe = await adapter.probe(process.env, {
        settings: modelSettings(config, model),
        pass: config.env.pass,
        ...(config.script === null ? {} : { script: config.script }),
      });
      return { model, ok: probe.ok, problem: probe.ok ? '' : `${probe.detail} ${probe.advice}` };
    }),
  );
  const available = probes.filter((probe) => probe.ok).map((probe) => probe.model);
  if (available.length > 0) return available;
  const problems = [...new Set(probes.map((probe) => probe.problem).filter((problem) => problem !== ''))];
  throw new Problem(`No model is available for ${roles.join(', ')}: ${problems.join('; ')}`);
}

/** The configured commands, else what the project's own files say. */
async function configuredChecks(
  config: Config,
  worktree: string,
): Promise<Pick<Preparation, 'setup' | 'checks'>> {
  if (config.setup !== undefined && config.checks !== undefined)
    return { setup: config.setup, checks: config.checks };
  const detected = await detectChecks(worktree);
  // Null is a decision: no setup.
  const setup = config.setup === undefined ? detected.setup : config.setup;
  return { setup, checks: config.checks ?? detected.checks };
}

/** A red check is known from here on; one that cannot be run at all would say the same of every draft. */
async function refuseUnrunnable(baseline: Preparation['baseline'], { directory }: Following): Promise<void> {
  const failed = baseline.find(
    (result) => (result.name === setupName && !result.passed) || couldNotRun(result),
  );
  if (failed === undefined) return;
  const output = (await outputEnd(directory, failed)).trim().slice(-2_000);
  throw new Problem(
    `${failed.name} does not work in a fresh worktree of the project (${failed.ended}), so nothing could be verified. Put it right, or name the commands in blueprint.config.json, and start the feature again.\n${output}`,
  );
}
