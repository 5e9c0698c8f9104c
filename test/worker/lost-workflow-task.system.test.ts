/** A worker that is killed in the middle of a workflow task, as the server and the next worker see it. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { featureWorkflowId } from '../../src/domain/names.js';
import { featureDirectory } from '../../src/feature/project.js';
import { identify } from '../../src/host/processes.js';
import { connectClient } from '../../src/temporal/connection/connect.js';
import { workerIdentity } from '../../src/worker/identity.js';
import { failLostWorkflowTask } from '../../src/worker/lost-workflow-task.js';
import { recoverLost } from '../../src/worker/recover.js';
import { testServer } from '../support/temporal.js';

let client: Client;

beforeAll(async () => {
  client = await connectClient(await testServer());
});
afterAll(() => client.connection.close());

/** The name of a worker whose process is dead. */
async function lostWorker(): Promise<string> {
  const child = spawn('sleep', ['60']);
  const self = await identify(child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  if (self === undefined) throw new Error('unreachable: it lived until it was killed');
  return ['blueprint', self.pid, hostname(), self.boot, self.birth].join('@');
}

/** A workflow whose task a worker has taken, and which nobody else gets for a minute. */
async function taskTakenBy(identity: string, workflowId: string = randomUUID()) {
  const taskQueue = randomUUID();
  const handle = await client.workflow.start('anything', {
    taskQueue,
    workflowId,
    workflowTaskTimeout: '60 s',
  });
  const poll = (by: string) =>
    client.withDeadline(Date.now() + 20_000, () =>
      client.workflowService.pollWorkflowTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: taskQueue },
        identity: by,
      }),
    );
  await poll(identity);
  return { handle, poll };
}

const failures = async (handle: WorkflowHandle) =>
  ((await handle.fetchHistory()).events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
    failed ? [failed.failure?.message] : [],
  );

test('the next worker gets the workflow task of one that was killed at once, not after its time-out', async () => {
  const { handle, poll } = await taskTakenBy(await lostWorker());
  await failLostWorkflowTask(client, await handle.describe());
  const next = await poll('the next worker');
  expect(next.workflowExecution?.workflowId).toBe(handle.workflowId);
  expect(await failures(handle)).toEqual(['The worker of this workflow task was lost.']);
}, 30_000);

test.each([
  ['that lives', workerIdentity],
  ['of another kind', async () => 'somebody@elsewhere'],
])('the workflow task of a worker %s is left to it', async (_, identity) => {
  const { handle } = await taskTakenBy(await identity());
  await failLostWorkflowTask(client, await handle.describe());
  expect(await failures(handle)).toEqual([]);
});

test('a workflow that waits for a worker has no task to fail', async () => {
  const handle = await client.workflow.start('anything', { taskQueue: 'nobody', workflowId: randomUUID() });
  await failLostWorkflowTask(client, await handle.describe());
  expect(await failures(handle)).toEqual([]);
  await handle.terminate();
});

test.each([
  ['the embedded server gets it back at once', true, ['The worker of this workflow task was lost.']],
  // Only its own server's tokens are known, and nobody else's is answered in another's name.
  ['another server is left to its time-out', false, []],
] as const)('the workflow task of a killed worker on %s', async (_, embedded, failed) => {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-recover-'));
  const instance = randomUUID().slice(0, 8);
  try {
    await mkdir(featureDirectory(root, 'one'), { recursive: true });
    const { handle } = await taskTakenBy(await lostWorker(), featureWorkflowId(instance, 'one'));
    await recoverLost(client, { root, instance, embedded });
    expect(await failures(handle)).toEqual(failed);
  } finally {
    await rm(root, { recursive: true });
  }
});
