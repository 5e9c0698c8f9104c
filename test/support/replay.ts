/** Replaying histories, as a worker does that starts anew: each decision must come out the same. */
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import './quiet-runtime.js';
import { builtWorkflows } from './temporal.js';

type History = Parameters<typeof Worker.runReplayHistory>[1];

/** Rejects where today's workflows go another way than the history says. */
export async function replay(history: History, workflowId: string): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: builtWorkflows() }, history, workflowId);
}

/** Fails where the feature's workflow, or one of its tasks', goes another way than its history says. */
export async function expectReplays({ client, workflowId }: WorkflowHandle): Promise<void> {
  const replayed = async (id: string, runId?: string) => {
    const history = await client.getHandle(id, runId).fetchHistory();
    await replay(history, id);
    return history.events ?? [];
  };
  let runId: string | null | undefined;
  do {
    const events = await replayed(workflowId, runId ?? undefined);
    for (const { startChildWorkflowExecutionInitiatedEventAttributes: child } of events)
      if (child?.workflowId != null) await replayed(child.workflowId);
    runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  } while (runId);
}
