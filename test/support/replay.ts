/** Replays a feature's histories, as a worker does that starts anew: each decision must come out the same. */
import { readFile } from 'node:fs/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import './quiet-runtime.js';
import { testBundle } from './temporal.js';

/** Fails where the feature's workflow, or one of its tasks', goes another way than its history says. */
export async function expectReplays({ client, workflowId }: WorkflowHandle): Promise<void> {
  const workflowBundle = { code: await readFile(await testBundle(), 'utf8') };
  const history = await client.getHandle(workflowId).fetchHistory();
  const children = (history.events ?? []).flatMap(
    ({ startChildWorkflowExecutionInitiatedEventAttributes: child }) => child?.workflowId ?? [],
  );
  for (const id of [workflowId, ...children])
    await Worker.runReplayHistory({ workflowBundle }, await client.getHandle(id).fetchHistory(), id);
}
