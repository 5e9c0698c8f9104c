/** A feature's workflow, as Temporal has it. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { workflowTaskTimeout, workflowTypes } from '../../domain/feature/protocol.js';
import type { WorkflowState } from '../../domain/feature/status.js';
import type { FeatureInput, FeatureState } from '../../domain/feature/types.js';
import { featureWorkflowId, taskQueueName } from '../../domain/names.js';
import { Problem } from '../../domain/problem.js';
import { featureDirectory } from '../../feature/project.js';
import { parseCallName } from '../../models/calls/store/key.js';
import { highestAttempt } from '../../workspace/repository.js';
import type { FeatureRecord } from './record.js';

/** What Temporal knows of the feature's workflow. */
export async function workflowState({ name, input, link }: FeatureRecord): Promise<WorkflowState> {
  const { instance } = await input();
  const running = await link.ifRunning();
  if (running === undefined) return 'unknown';
  try {
    const handle = running.client.workflow.getHandle(featureWorkflowId(instance, name));
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') return 'running';
    if (status.name === 'COMPLETED') return 'completed';
    return status.name === 'FAILED' ? 'failed' : 'ended';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
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
