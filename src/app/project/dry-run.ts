/** What a feature would begin with, and take. Spends nothing, writes nothing, starts no server. */

import { projectChecks } from '../../checks/detect/index.js';
import type { DryRun, PromptSize } from '../../domain/feature/dry-run.js';
import type { Config } from '../../domain/feature/types.js';
import { route, routingRules } from '../../domain/models/routing.js';
import { modelSettings } from '../../domain/models/settings.js';
import type { ModelName, Role } from '../../domain/vocabulary.js';
import { adapterFor } from '../../models/adapters/index.js';
import { promptLimit } from '../../models/model-call.js';
import { renderPrompt } from '../../models/prompts/index.js';
import type { Prompt } from '../../models/prompts/slots.js';
import { planPrompt, renderOptions, specPrompt } from '../../prompt-context/pipeline-prompts.js';
import { notInBase } from '../../workspace/repository.js';
import type { DryRunOptions, Project } from '../api.js';
import { usableBase } from './base.js';
import { findModels, foundModels, priceProblem } from './models.js';

/** @throws Problem: what would keep the feature from starting */
export async function dryRun(
  { root, kind }: Pick<Project, 'root' | 'kind'>,
  config: Config,
  { name, text, textIsSpec = false, base: revision }: DryRunOptions,
): Promise<DryRun> {
  const base = kind === 'folder' ? undefined : await usableBase(root, revision);
  const findings = await findModels(config);
  const found = foundModels(findings);
  const problem = priceProblem(config.budget, config, found);
  if (problem !== undefined) throw problem;
  return {
    name,
    config,
    base,
    notInBase: base === undefined ? [] : await notInBase(root, base),
    ...(await projectChecks(config, root)),
    findings,
    found,
    prompts: await promptSizes({ root, base }, { text, isSpec: textIsSpec }, config, found.available),
    specGiven: textIsSpec,
  };
}

/** The prompts whose size is known before anything was answered. */
async function promptSizes(
  input: { root: string; base: string | undefined },
  { text, isSpec }: { text: string; isSpec: boolean },
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
