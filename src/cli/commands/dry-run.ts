/** `--dry-run`: what a feature would begin with, and take. Spends nothing, writes nothing, starts no server. */

import { projectChecks } from '../../checks/detect/index.js';
import type { DryRun, PromptSize } from '../../domain/feature/dry-run.js';
import type { Config } from '../../domain/feature/types.js';
import { route, routingRules } from '../../domain/models/routing.js';
import { modelSettings } from '../../domain/models/settings.js';
import { Problem } from '../../domain/problem.js';
import type { ModelName, Role } from '../../domain/vocabulary.js';
import { adapterFor } from '../../models/adapters/index.js';
import { promptLimit } from '../../models/model-call.js';
import { renderPrompt } from '../../models/prompts/index.js';
import type { Prompt } from '../../models/prompts/slots.js';
import { dryRunLines } from '../../present/dry-run-text.js';
import { planPrompt, specPrompt } from '../../prompt-context/pipeline-prompts.js';
import { renderOptions } from '../../prompt-context/render-options.js';
import { gitVersionProblem, notInBase, resolveBase } from '../../workspace/repository.js';
import { type Brief, type BriefOptions, takeBrief } from '../brief.js';
import { refuseUnpriced } from '../budget.js';
import type { Context } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { findModels, foundModels } from '../models.js';
import { print } from '../output.js';
import { loadSettings } from '../settings.js';

export async function dryRun(
  context: Context,
  name: string,
  options: BriefOptions & { base?: string },
): Promise<number> {
  const { config } = await loadSettings(context);
  const brief = await takeBrief(options);
  const base = await baseOf(context, options.base);
  const findings = await findModels(config);
  const found = foundModels(findings);
  refuseUnpriced(config.budget, config, found);
  const facts: DryRun = {
    name,
    config,
    base,
    notInBase: base === undefined ? [] : await notInBase(context.root, base),
    ...(await projectChecks(config, context.root)),
    findings,
    found,
    prompts: await promptSizes({ root: context.root, base }, brief, config, found.available),
    specGiven: brief.isSpec,
  };
  print(...dryRunLines(facts));
  return found.available.length === 0 ? exitStatus.error : exitStatus.done;
}

/** @throws Problem: what would keep the feature from starting */
async function baseOf({ root, kind }: Context, revision: string | undefined): Promise<string | undefined> {
  if (kind === 'folder') return undefined;
  const problem = await gitVersionProblem();
  if (problem !== undefined) throw new Problem('git-unusable', problem);
  return resolveBase(root, revision);
}

/** The prompts whose size is known before anything was answered. */
async function promptSizes(
  input: { root: string; base: string | undefined },
  { text, isSpec }: Brief,
  config: Config,
  available: readonly ModelName[],
): Promise<PromptSize[]> {
  const rules = routingRules(config);
  const spec = isSpec ? text : '';
  const sizeOf = async (
    role: Role,
    contentChars: number,
    prompt: (folder: string) => Promise<Prompt>,
  ): Promise<Pick<PromptSize, 'model' | 'bytes'>> => {
    const [model] = route({ role, contentChars }, rules, available).models;
    const adapter = model === undefined ? undefined : adapterFor(model, config.script);
    // A model that can read for itself is sent less.
    const filled = await prompt(adapter?.reads ? input.root : '');
    const options =
      model === undefined || adapter === undefined
        ? {}
        : renderOptions(
            { ...input, config },
            model,
            promptLimit(adapter, modelSettings(config, model, role)),
          );
    return { model, bytes: Buffer.byteLength(await renderPrompt(filled, options)) };
  };
  const given = { rejected: '', reason: '' };
  const writing = await sizeOf('architect', Buffer.byteLength(text), (folder) =>
    specPrompt({ input }, { ...given, brief: text, folder }),
  );
  const planning = (role: Role) =>
    sizeOf(role, spec.length, (folder) =>
      planPrompt({ input }, { ...given, spec, folder, problem: '', answer: '' }),
    );
  return [
    ...(isSpec ? [] : [{ purpose: 'spec', ...writing } as const]),
    { purpose: 'plan', ...(await planning('parser')), ...(isSpec ? {} : { besides: 'the specification' }) },
    {
      purpose: 'refine',
      // Its prompt is the plan's with the tasks in it, and other instructions of about the same length.
      ...(await planning('reviewer')),
      besides: isSpec ? 'the tasks' : 'the specification and the tasks',
    },
  ];
}
