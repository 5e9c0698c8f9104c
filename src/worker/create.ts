/** A worker for one project's features. */
import { readFileSync } from 'node:fs';
import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { WorkerContext } from '../activities/index.js';
import { createActivities } from '../activities/index.js';
import { taskQueueName } from '../domain/names.js';
import { packageFile } from '../host/package-files.js';
import { workerIdentity } from './identity.js';

export interface WorkerPlace {
  /** Real path of the project's root folder. */
  root: string;
  /** The project's id. */
  instance: string;
  connection: NativeConnection;
  namespace: string;
  /** The server is our own, on this machine. */
  embedded: boolean;
  /** The workflows' code; the one that was built with the package by default. */
  bundle?: WorkflowBundleOption | undefined;
  /** See `WorkerContext`. */
  now?: WorkerContext['now'];
}

/** @throws when the server does not answer */
export async function createWorker(place: WorkerPlace): Promise<Worker> {
  const { root, instance, connection, namespace, embedded } = place;
  // Five heartbeats in their timeout: one that is late, or lost, is no reason to give an attempt up.
  const heartbeatMs = embedded ? 1_000 : 6_000;
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueueName(instance),
    identity: await workerIdentity(),
    workflowBundle: place.bundle ?? { code: readFileSync(packageFile('dist/workflow-bundle.js'), 'utf8') },
    activities: createActivities({ root, heartbeatMs, now: place.now }),
    // A stop is heard with the answer to a heartbeat: those that are held back would hold back the stop.
    maxHeartbeatThrottleInterval: heartbeatMs,
    defaultHeartbeatThrottleInterval: heartbeatMs,
    // A lost worker's workflow tasks wait this long on its own queue; it is reset when the next one starts, and
    // this covers a worker that is lost while another one runs.
    stickyQueueScheduleToStartTimeout: embedded ? '1 s' : '5 s',
    // Activities detach at once; this is for those that are writing what they know.
    shutdownGraceTime: '1 s',
    shutdownForceTime: '10 s',
    // Features are few: each is a workflow and at most a few tasks' at once.
    maxCachedWorkflows: 50,
    // A call is a process that somebody else runs; this bounds how many are followed.
    maxConcurrentActivityTaskExecutions: 64,
  });
}
