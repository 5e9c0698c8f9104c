/**
 * What a lost worker leaves on the server, put right by the next one: left alone, its activities would wait for their
 * heartbeats to be missed, and its workflow tasks for a queue that nobody reads.
 */
import { ApplicationFailure, type Client } from '@temporalio/client';
import { endLostAttempts } from '../activities/attempts.js';
import { taskQueueName } from '../domain/names.js';

/** Fails the attempts of this machine's dead workers, and sends the open workflows to any worker that asks. */
export async function recoverLost(
  client: Client,
  { root, instance }: { root: string; instance: string },
): Promise<void> {
  await endLostAttempts(root, (taskToken, activity) =>
    client.activity.fail(
      taskToken,
      ApplicationFailure.create({
        message: `The worker of this attempt at ${activity} was lost.`,
        type: 'lost-worker',
        // The next attempt takes the call over: there is nothing to wait for.
        nextRetryDelay: '1 ms',
      }),
    ),
  );
  await resetStickyQueues(client, instance);
}

/** The server finds workflows by their queue a moment after they began: for those it misses, the timeout works. */
async function resetStickyQueues(client: Client, instance: string): Promise<void> {
  const { namespace } = client.options;
  const query = `TaskQueue = "${taskQueueName(instance)}" AND ExecutionStatus = "Running"`;
  const resets: Promise<unknown>[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query }))
    resets.push(client.workflowService.resetStickyTaskQueue({ namespace, execution: { workflowId, runId } }));
  await Promise.allSettled(resets);
}
