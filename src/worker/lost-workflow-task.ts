/**
 * A workflow task that a killed worker was in the middle of. The server gives it to nobody until its time-out; an
 * answer in the dead worker's name ends the wait. On our own server only: such an answer needs the task's token, which the worker took with it,
 * so that it is put together here: `temporal.server.api.token.v1.Task` of the server's own protocol.
 */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { isLostWorker } from './identity.js';

/**
 * Fails the workflow task that a dead worker of this machine has, if there is one, and the server schedules the next at
 * once. A server whose token has another form says no, and the task's time-out remains.
 *
 * @param described the workflow, as the server describes it
 */
export async function failLostWorkflowTask(
  client: Client,
  { workflowId, runId, raw }: WorkflowExecutionDescription,
): Promise<void> {
  const { attempt, startedTime } = raw.pendingWorkflowTask ?? {};
  if (startedTime === undefined || startedTime === null) return;
  const { namespace } = client.options;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const [last] = history?.events ?? [];
  const started = last?.workflowTaskStartedEventAttributes;
  // A further attempt of a task is in no history, and has its time-out.
  if (started === undefined || started === null || !(await isLostWorker(started.identity ?? ''))) return;
  const { namespaceInfo } = await client.workflowService.describeNamespace({ namespace });
  await client.workflowService.respondWorkflowTaskFailed({
    namespace,
    identity: started.identity ?? '',
    failure: { message: 'The worker of this workflow task was lost.' },
    taskToken: taskToken({
      1: namespaceInfo?.id ?? '',
      2: workflowId,
      3: runId,
      4: toBigInt(started.scheduledEventId),
      5: toBigInt(attempt),
      10: toBigInt(last?.eventId),
      11: toBigInt(last?.version),
    }),
  });
}

const toBigInt = (value: unknown): bigint => BigInt(String(value ?? 0));

/** Fields of a message by number, in protobuf's encoding: texts with their length, numbers as varints. */
function taskToken(fields: Record<number, string | bigint>): Uint8Array {
  const encoded = Object.entries(fields).flatMap(([number, value]) => {
    const key = BigInt(number) << 3n;
    if (typeof value === 'bigint') return [...varint(key), ...varint(value)];
    const text = Buffer.from(value);
    return [...varint(key | 2n), ...varint(BigInt(text.length)), ...text];
  });
  return Uint8Array.from(encoded);
}

/** https://protobuf.dev/programming-guides/encoding/#varints; a negative number as its 64 bits. */
function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}
