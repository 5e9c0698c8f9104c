/** Replays a feature's histories, as a worker does that starts anew: each decision must come out the same. */
import { readFile } from 'node:fs/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import './quiet-runtime.js';
import { testBundle } from './temporal.js';

/** Fails where the feature's workflow, or one of its tasks', goes another way than its history says. */
export async function expectReplays({ client, workflowId }: WorkflowHandle): Promise<void> {
  const workflowBundle = { code: await readFile(await testBundle(), 'utf8') };
  const replay = async (id: string, runId?: string) => {
    const history = await client.getHandle(id, runId).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle }, history, id);
    return history.events ?? [];
  };
  let runId: string | null | undefined;
  do {
    const events = await replay(workflowId, runId ?? undefined);
    for (const { startChildWorkflowExecutionInitiatedEventAttributes: child } of events)
      if (child?.workflowId != null) await replay(child.workflowId);
    runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  } while (runId);
}
