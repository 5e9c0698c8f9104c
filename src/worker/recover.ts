/**
 * What a lost worker leaves on the server, put right by the next one: left alone, its activities would wait for their
 * heartbeats to be missed, and its workflow tasks for a queue that nobody reads.
 */
import { ApplicationFailure, type Client } from '@temporalio/client';
import { featureWorkflowId } from '../domain/names.js';
import { listFeatures } from '../feature/project.js';
import { isLostWorker } from './identity.js';
import { failLostWorkflowTask } from './lost-workflow-task.js';

/**
 * Fails the attempts of this machine's dead workers, and sends the open workflows to any worker that asks. The server
 * says who has an attempt, so that one which was lost on its way to its worker is found too; it knows each feature's
 * tasks as its children, so that nothing depends on its search, which lags behind.
 *
 * @param project.embedded whether the server is our own: on any other, nothing is answered in a dead worker's name, and
 *   its workflow tasks have their time-out
 */
export async function recoverLost(
  client: Client,
  project: { root: string; instance: string; embedded: boolean },
): Promise<void> {
  const { root, instance, embedded } = project;
  const features = await listFeatures(root);
  await Promise.all(
    features.map((name) => recoverWorkflow(client, featureWorkflowId(instance, name), embedded)),
  );
}

/** A workflow that the server does not know, or that ends meanwhile, has nothing to put right. */
async function recoverWorkflow(client: Client, workflowId: string, embedded: boolean): Promise<void> {
  const described = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => undefined);
  if (described?.status.name !== 'RUNNING') return;
  const { runId, raw } = described;
  const execution = { workflowId, runId };
  await Promise.allSettled([
    ...(raw.pendingChildren ?? []).map((child) => recoverWorkflow(client, child.workflowId ?? '', embedded)),
    ...(raw.pendingActivities ?? []).map(async ({ activityId, activityType, lastWorkerIdentity }) => {
      if (!(await isLostWorker(lastWorkerIdentity ?? ''))) return;
      await client.activity.fail(
        { ...execution, activityId: activityId ?? '' },
        ApplicationFailure.create({
          message: `The worker of this attempt at ${activityType?.name} was lost.`,
          type: 'lost-worker',
          // The next attempt takes the call over: there is nothing to wait for.
          nextRetryDelay: '1 ms',
        }),
      );
    }),
    // One after the other: a task that fails while its workflow is still bound to its worker is not counted as a try.
    (embedded ? failLostWorkflowTask(client, described) : Promise.resolve())
      .catch(() => undefined)
      .then(() =>
        client.workflowService.resetStickyTaskQueue({ namespace: client.options.namespace, execution }),
      ),
  ]);
}
