/** Starting a feature: everything that can be wrong is found before anything is written or paid for. */

import { rm } from 'node:fs/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Config } from '../../domain/config/schema.js';
import type { FeatureInput } from '../../domain/feature/types.js';
import { featureWorkflowId } from '../../domain/names.js';
import { Problem } from '../../domain/problem.js';
import { saveArtifact } from '../../feature/artifacts.js';
import { saveFeatureInput } from '../../feature/feature-file.js';
import { openProject, type Project, promptFolder } from '../../feature/project.js';
import { ownPromptProblems } from '../../models/prompts/templates.js';
import { currentBranch, localBranch } from '../../workspace/merge.js';
import { findRepository, notInBase, openFeatureRefs, removeFeatureRefs } from '../../workspace/repository.js';
import type { StartedFeature, StartOptions } from '../api.js';
import type { FeatureRecord } from '../feature/record.js';
import { isNeverPaid } from '../feature/status.js';
import { highestRound, startWorkflow } from '../feature/workflow.js';
import { usableBase } from './base.js';

/** @throws Problem */
export async function startFeature(
  feature: FeatureRecord,
  options: StartOptions & { config: Config },
): Promise<StartedFeature> {
  const { root, kind } = await findRepository(feature.root);
  const isAbandoned = await refuseUsedName(feature);
  await refuseOwnPrompts(root);
  const base = kind === 'git' ? await usableBase(root, options.base) : undefined;
  const missing = base === undefined ? [] : await notInBase(root, base);
  // Connected before anything is written: without a server nothing can be started.
  const { client, server } = await feature.link.connected();
  const project = await openProject(root);
  if (isAbandoned) await discard(client, project, feature);
  const baseBranch = base === undefined ? undefined : await branchOf(root, options.base);
  const input = await freeze(project, feature, options, { base, baseBranch, embedded: server.embedded });
  await startWorkflow(client, input);
  return {
    name: feature.name,
    workflowId: featureWorkflowId(project.instance, feature.name),
    base,
    notInBase: missing,
  };
}

/** The branch that the feature starts from: the one that was named, else the checkout's. */
const branchOf = (root: string, revision: string | undefined): Promise<string | undefined> =>
  revision === undefined || revision === 'HEAD' ? currentBranch(root) : localBranch(root, revision);

/** @returns whether a feature of this name is there that failed before anything was paid for: it may be replaced */
async function refuseUsedName(feature: FeatureRecord): Promise<boolean> {
  const { name } = feature;
  if (!(await feature.exists())) return false;
  if (await isNeverPaid(feature)) return true;
  throw new Problem('name-taken', `There is a feature ${name} already.`, { feature: name });
}

async function refuseOwnPrompts(root: string): Promise<void> {
  const problems = await ownPromptProblems(promptFolder(root));
  if (problems.length > 0) throw new Problem('prompts-unusable', problems.join('\n'));
}

/** Removes a feature that nothing was paid for, with its workflow and its refs. */
async function discard(client: Client, { root, instance }: Project, feature: FeatureRecord): Promise<void> {
  const { name, directory } = feature;
  await client.workflow
    .getHandle(featureWorkflowId(instance, name))
    .terminate('Started again before anything was paid for.')
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
  await removeFeatureRefs(root, name);
  await rm(directory, { recursive: true, force: true });
  feature.forget();
}

/** Writes the feature's directory and makes its refs; whole, or not at all. */
async function freeze(
  project: Project,
  { name, directory }: FeatureRecord,
  options: StartOptions & { config: Config },
  found: Pick<FeatureInput, 'base' | 'baseBranch' | 'embedded'>,
): Promise<FeatureInput> {
  const usedRounds = await highestRound(project.root, name);
  try {
    const input: FeatureInput = {
      feature: name,
      instance: project.instance,
      root: project.root,
      mode: options.mode ?? 'interactive',
      config: options.config,
      ...found,
      brief: await saveArtifact(directory, 'brief.md', options.text),
      briefIsSpec: options.textIsSpec ?? false,
      usedRounds,
    };
    if (found.base !== undefined) await requireBase(project.root, name, found.base);
    await saveFeatureInput(directory, input);
    return input;
  } catch (error) {
    // What calls an earlier feature of this name left is paid for and stays.
    if (usedRounds === 0) await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function requireBase(root: string, name: string, base: string): Promise<void> {
  const head = await openFeatureRefs(root, name, base);
  if (head === base) return;
  throw new Problem(
    'earlier-work',
    `The repository still has the work of an earlier feature ${name} (refs/blueprint/${name}/head). Choose another name, or remove it.`,
    { feature: name },
  );
}
