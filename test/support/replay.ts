/** Replaying histories, as a worker does that starts anew: each decision must come out the same. */
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import './quiet-runtime.js';
import { builtWorkflows } from './temporal.js';

type History = Parameters<typeof Worker.runReplayHistory>[1];

/** Rejects where today's workflows go another way than the history says. */
export const replay = (history: History, workflowId: string): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle: builtWorkflows() }, history, workflowId);

/** Fails where a feature's workflow, or one of its tasks', goes another way than its history says. */
export async function expectReplays(...features: readonly WorkflowHandle[]): Promise<void> {
  const results = Worker.runReplayHistories({ workflowBundle: builtWorkflows() }, historiesOf(features));
  const problems: string[] = [];
  for await (const { workflowId, error } of results)
    if (error !== undefined) problems.push(`${workflowId}: ${error.message}`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** Of each feature's runs, one after the other, with those of the tasks' rounds that they began. */
async function* historiesOf(features: readonly WorkflowHandle[]) {
  for (const { client, workflowId } of features) {
    let runId: string | null | undefined;
    do {
      const history = await client.getHandle(workflowId, runId ?? undefined).fetchHistory();
      yield { workflowId, history };
      const events = history.events ?? [];
      for (const { startChildWorkflowExecutionInitiatedEventAttributes: child } of events)
        if (child?.workflowId != null)
          yield {
            workflowId: child.workflowId,
            history: await client.getHandle(child.workflowId).fetchHistory(),
          };
      runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    } while (runId);
  }
}
