/** Starting a feature: everything that can be wrong is found before anything is written or paid for. */

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { workflowTaskTimeout, workflowTypes } from '../domain/feature/protocol.js';
import type { FeatureInput, FeatureState } from '../domain/feature/types.js';
import { featureNameProblem, featureWorkflowId, taskQueueName } from '../domain/names.js';
import { Problem } from '../domain/problem.js';
import { saveArtifact } from '../feature/artifacts.js';
import { readFeatureInput, saveFeatureInput } from '../feature/feature-file.js';
import { featureDirectory, openProject, type Project, promptFolder } from '../feature/project.js';
import { parseCallName } from '../models/calls/store/key.js';
import { ownPromptProblems } from '../models/prompts/templates.js';
import { currentBranch, localBranch } from '../workspace/merge.js';
import {
  findRepository,
  gitVersionProblem,
  highestAttempt,
  notInBase,
  openFeatureRefs,
  removeFeatureRefs,
  resolveBase,
} from '../workspace/repository.js';
import type { ServerLink } from './connection.js';
import { isNeverPaid } from './look.js';
import type { StartedFeature, StartOptions } from './types.js';

/** @throws Problem */
export async function startFeature(
  folder: string,
  link: ServerLink,
  options: StartOptions,
): Promise<StartedFeature> {
  const problem = featureNameProblem(options.name);
  if (problem !== undefined) throw new Problem('name-unusable', problem);
  const { root, kind } = await findRepository(folder);
  const isAbandoned = await refuseUsedName(root, options.name);
  await refuseOwnPrompts(root);
  const base = kind === 'git' ? await usableBase(root, options.base) : undefined;
  const missing = base === undefined ? [] : await notInBase(root, base);
  // Connected before anything is written: without a server nothing can be started.
  const { client, server } = await link.connected();
  const project = await openProject(root);
  if (isAbandoned) await discard(client, project, options.name);
  const baseBranch = base === undefined ? undefined : await branchOf(root, options.base);
  const input = await freeze(project, options, { base, baseBranch }, server.embedded);
  await startWorkflow(client, input);
  return {
    name: options.name,
    workflowId: featureWorkflowId(project.instance, options.name),
    base,
    notInBase: missing,
  };
}

async function usableBase(root: string, revision: string | undefined): Promise<string> {
  const problem = await gitVersionProblem();
  if (problem !== undefined) throw new Problem('git-unusable', problem);
  return resolveBase(root, revision);
}

/** The branch that the feature starts from: the one that was named, else the checkout's. */
const branchOf = (root: string, revision: string | undefined): Promise<string | undefined> =>
  revision === undefined || revision === 'HEAD' ? currentBranch(root) : localBranch(root, revision);

/** @returns whether a feature of this name is there that failed before anything was paid for: it may be replaced */
async function refuseUsedName(root: string, name: string): Promise<boolean> {
  if ((await readFeatureInput(featureDirectory(root, name))) === undefined) return false;
  if (await isNeverPaid(root, name)) return true;
  throw new Problem('name-taken', `There is a feature ${name} already.`, { feature: name });
}

async function refuseOwnPrompts(root: string): Promise<void> {
  const problems = await ownPromptProblems(promptFolder(root));
  if (problems.length > 0) throw new Problem('prompts-unusable', problems.join('\n'));
}

/** Removes a feature that nothing was paid for, with its workflow and its refs. */
async function discard(client: Client, { root, instance }: Project, name: string): Promise<void> {
  await client.workflow
    .getHandle(featureWorkflowId(instance, name))
    .terminate('Started again before anything was paid for.')
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
  await removeFeatureRefs(root, name);
  await rm(featureDirectory(root, name), { recursive: true, force: true });
}

/** Writes the feature's directory and makes its refs; whole, or not at all. */
async function freeze(
  project: Project,
  options: StartOptions,
  { base, baseBranch }: Pick<FeatureInput, 'base' | 'baseBranch'>,
  embedded: boolean,
): Promise<FeatureInput> {
  const directory = featureDirectory(project.root, options.name);
  const usedRounds = await highestRound(project.root, options.name);
  try {
    const input: FeatureInput = {
      feature: options.name,
      instance: project.instance,
      root: project.root,
      mode: options.mode,
      config: options.config,
      base,
      baseBranch,
      brief: await saveArtifact(directory, 'brief.md', options.text),
      briefIsSpec: options.textIsSpec,
      usedRounds,
      embedded,
    };
    if (base !== undefined) await requireBase(project.root, options.name, base);
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

/** The highest number that a call or a draft of this feature's name has had: numbers never start again. */
export async function highestRound(root: string, name: string): Promise<number> {
  const calls = await readdir(join(featureDirectory(root, name), 'calls')).catch(() => []);
  const rounds = calls.map((call) => parseCallName(call)?.round ?? 0);
  return Math.max(0, ...rounds, await highestAttempt(root, name));
}

/**
 * Starts the feature's workflow.
 *
 * @param state what to go on from, when a workflow of the feature's is gone
 * @throws Problem when a workflow of this name runs already
 */
export async function startWorkflow(
  client: Client,
  input: FeatureInput,
  state?: FeatureState,
): Promise<void> {
  const workflowId = featureWorkflowId(input.instance, input.feature);
  const started = client.workflow.start(workflowTypes.feature, {
    workflowId,
    taskQueue: taskQueueName(input.instance),
    args: state === undefined ? [input] : [input, state],
    staticSummary: `Feature ${input.feature}`,
    workflowTaskTimeout: workflowTaskTimeout(input.embedded),
    workflowIdConflictPolicy: 'FAIL',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  await started.catch((error: unknown) => {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new Problem(
      'earlier-workflow',
      `Temporal still runs a workflow of a feature ${input.feature} of this project (${workflowId}). Choose another name, or end it.`,
      { workflowId, cause: error },
    );
  });
}
