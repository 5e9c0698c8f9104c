/** Starting a feature: everything that can be wrong is found before anything is written or paid for. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { FeatureInput } from '../domain/feature.js';
import { featureNameProblem, featureWorkflowId, taskQueueName } from '../domain/names.js';
import { workflowTypes } from '../domain/protocol.js';
import { saveArtifact } from '../feature/artifacts.js';
import { readFeatureInput, saveFeatureInput } from '../feature/feature-file.js';
import { featureDirectory, openProject, type Project } from '../feature/project.js';
import { parseCallName } from '../models/calls/key.js';
import {
  findRepository,
  gitVersionProblem,
  notInBase,
  openFeatureRefs,
  resolveBase,
} from '../workspace/repository.js';
import type { ServerLink } from './connection.js';
import { ClientProblem } from './problem.js';
import type { StartedFeature, StartOptions } from './types.js';

/** @throws ClientProblem, GitProblem, FeatureProblem, TemporalProblem */
export async function startFeature(
  folder: string,
  link: ServerLink,
  options: StartOptions,
): Promise<StartedFeature> {
  const problem = featureNameProblem(options.name);
  if (problem !== undefined) throw new ClientProblem(problem);
  const { root, kind } = await findRepository(folder);
  await refuseUsedName(root, options.name);
  const base = kind === 'git' ? await usableBase(root, options.base) : undefined;
  const missing = base === undefined ? [] : await notInBase(root, base);
  // Connected before anything is written: without a server nothing can be started.
  const { client, server } = await link.connected();
  const project = await openProject(root);
  const input = await freeze(project, options, base, server.embedded);
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
  if (problem !== undefined) throw new ClientProblem(problem);
  return resolveBase(root, revision);
}

async function refuseUsedName(root: string, name: string): Promise<void> {
  if ((await readFeatureInput(featureDirectory(root, name))) === undefined) return;
  throw new ClientProblem(
    `There is a feature ${name} already. Look at it with \`blueprint status ${name}\`, go on with it with \`blueprint run ${name}\`, or choose another name.`,
  );
}

/** Writes the feature's directory and makes its refs; whole, or not at all. */
async function freeze(
  project: Project,
  options: StartOptions,
  base: string | undefined,
  embedded: boolean,
): Promise<FeatureInput> {
  const directory = featureDirectory(project.root, options.name);
  const usedRounds = await highestRound(directory);
  try {
    const input: FeatureInput = {
      feature: options.name,
      instance: project.instance,
      root: project.root,
      mode: options.mode,
      config: options.config,
      base,
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
  throw new ClientProblem(
    `The repository still has the work of an earlier feature ${name} (refs/blueprint/${name}/head). Choose another name, or remove it: git update-ref -d refs/blueprint/${name}/head && git branch -D blueprint/${name}`,
  );
}

/** The highest number that a call of this name has had: numbers never start again. */
export async function highestRound(directory: string): Promise<number> {
  const calls = await readdir(join(directory, 'calls')).catch(() => []);
  return Math.max(0, ...calls.map((call) => parseCallName(call)?.round ?? 0));
}

/** Starts the workflow; does nothing where it runs already. */
export async function startWorkflow(client: Client, input: FeatureInput): Promise<void> {
  await client.workflow.start(workflowTypes.feature, {
    workflowId: featureWorkflowId(input.instance, input.feature),
    taskQueue: taskQueueName(input.instance),
    args: [input],
    staticSummary: `Feature ${input.feature}`,
    // A kill inside a local activity waits for this; longer where the server is far.
    workflowTaskTimeout: input.embedded ? '2 s' : '10 s',
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
}
