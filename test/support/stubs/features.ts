/**
 * Features on stub activities: the real workflows, on a server that skips time, in a second or less each. A file of
 * tests has one server, one worker and one project; each test has a feature of its own. What all of them leave is
 * replayed at the end.
 */
import { mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { Feature } from '../../../src/app/api.js';
import type { ServerLink } from '../../../src/app/connection.js';
import { createFeature } from '../../../src/app/feature/index.js';
import { openFeature } from '../../../src/app/feature/record.js';
import { startWorkflow } from '../../../src/app/feature/workflow.js';
import { configSchema } from '../../../src/domain/config/schema.js';
import { signalNames } from '../../../src/domain/feature/protocol.js';
import type { FeatureInput } from '../../../src/domain/feature/types.js';
import type { JournalEntry } from '../../../src/domain/journal/entries.js';
import { type FeatureView, featureView } from '../../../src/domain/journal/view.js';
import { featureWorkflowId, taskQueueName } from '../../../src/domain/names.js';
import { saveArtifact } from '../../../src/feature/artifacts.js';
import { saveFeatureInput } from '../../../src/feature/feature-file.js';
import { readJournal } from '../../../src/feature/journal.js';
import { featureDirectory, openProject } from '../../../src/feature/project.js';
import { until } from '../calls.js';
import { expectReplays } from '../replay.js';
import { testFolder } from '../source-process.js';
import { builtWorkflows } from '../temporal.js';
import { createTimeSkipping } from '../time-skipping.js';
import { createStubActivities } from './activities.js';
import { createStage, type Stage, type StubWorld } from './stage.js';

/** A feature of a test, with what a person may say to it. */
export interface StubbedFeature extends Pick<Stage, 'started' | 'checked' | 'ended' | 'notified'> {
  /** The feature of the API, on the tests' server. */
  app: Feature;
  name: string;
  handle: WorkflowHandle;
  directory: string;
  /** What was integrated, in order: the tasks' titles. */
  branch(): string[];
  /** What the last commit of a task holds, as its model answered it. */
  integrated(task: string): string | undefined;
  /** Calls that were made more than once, though nobody asked for another answer. */
  repeated(): string[];
  journal(): Promise<JournalEntry[]>;
  view(): Promise<FeatureView>;
  /** Waits until the journal shows what is looked for. */
  reaches(what: string, look: (view: FeatureView) => boolean): Promise<FeatureView>;
  /** Waits until a call is begun: `T001-draft.1`. */
  begins(call: string): Promise<void>;
  approve(gate: string, message?: string): Promise<unknown>;
  reject(gate: string, message: string): Promise<unknown>;
  stopTask(task: string): Promise<void>;
}

export interface StubbedFeatures {
  /** Plays a feature while the work goes on. What still runs then is ended. */
  play(world: StubWorld, work: (feature: StubbedFeature) => Promise<void>): Promise<void>;
  /** The server's time, in milliseconds since 1970. */
  now(): Promise<number>;
  /** @param time such as `3 days` */
  sleep(time: Parameters<TestWorkflowEnvironment['sleep']>[0]): Promise<void>;
}

/** Sets a file of tests up for features on stub activities. */
export function stubbedFeatures(): StubbedFeatures {
  let environment: TestWorkflowEnvironment;
  let worker: Worker;
  let working: Promise<void>;
  let project: { root: string; instance: string };
  const stages = new Map<string, Stage>();
  const handles: WorkflowHandle[] = [];

  beforeAll(async () => {
    environment = await createTimeSkipping();
    project = await openProject(await realpath(await mkdtemp(join(testFolder(), 'stubbed-'))));
    worker = await Worker.create({
      connection: environment.nativeConnection,
      namespace: environment.namespace ?? 'default',
      taskQueue: taskQueueName(project.instance),
      workflowBundle: builtWorkflows(),
      activities: createStubActivities(project.root, (feature) => {
        const stage = stages.get(feature);
        if (stage === undefined) throw new Error(`There is no feature ${feature}.`);
        return stage;
      }),
      // A stop is heard with the answer to a heartbeat.
      maxHeartbeatThrottleInterval: 50,
      defaultHeartbeatThrottleInterval: 50,
    });
    working = worker.run();
  }, 60_000);

  afterAll(async () => {
    try {
      await expectReplays(...handles);
    } finally {
      worker.shutdown();
      await working;
      await environment.teardown();
    }
  }, 60_000);

  const linkTo = (): ServerLink => {
    const { client, address = '', namespace = 'default' } = environment;
    const server = { client, server: { address, namespace, embedded: true } };
    return { connected: async () => server, ifRunning: async () => server, close: async () => {} };
  };

  return {
    async play(world, work) {
      const name = `feature-${stages.size + 1}`;
      const stage = createStage(world);
      stages.set(name, stage);
      const input = await writeFeature(project, name, world);
      const { client } = environment;
      await startWorkflow(client, input);
      const handle = client.workflow.getHandle(featureWorkflowId(input.instance, name));
      handles.push(handle);
      try {
        await work(featureOf({ root: project.root, name, link: linkTo(), handle, stage }));
      } finally {
        await endQuietly(handle);
      }
    },
    now: () => environment.currentTimeMs(),
    sleep: (time) => environment.sleep(time),
  };
}

/**
 * Ends a feature that still runs, in a moment when it does nothing: a server whose workflow is ended in the middle of a
 * step never skips time again.
 */
async function endQuietly(handle: WorkflowHandle): Promise<void> {
  let seen = -1;
  for (;;) {
    const { status, historyLength } = await handle.describe();
    if (status.name !== 'RUNNING') return;
    if (historyLength === seen) break;
    seen = historyLength;
    await delay(quietMs);
  }
  await handle.terminate('The test is over.');
}

/** A step on stub activities takes a tenth of this. */
const quietMs = 200;

/** The feature's directory, as a start writes it. */
async function writeFeature(
  { root, instance }: { root: string; instance: string },
  feature: string,
  { mode, config = {}, withoutGit = false, briefIsSpec = false }: StubWorld,
): Promise<FeatureInput> {
  const directory = featureDirectory(root, feature);
  const input: FeatureInput = {
    feature,
    instance,
    root,
    mode,
    config: configSchema.parse(config),
    base: withoutGit ? undefined : '0'.repeat(40),
    brief: await saveArtifact(directory, 'brief.md', 'Do it.\n'),
    briefIsSpec,
    usedRounds: 0,
    embedded: true,
  };
  await saveFeatureInput(directory, input);
  return input;
}

function featureOf({
  root,
  name,
  link,
  handle,
  stage,
}: {
  root: string;
  name: string;
  link: ServerLink;
  handle: WorkflowHandle;
  stage: Stage;
}): StubbedFeature {
  const directory = featureDirectory(root, name);
  const app = createFeature(openFeature(root, link, name));
  const journal = () => readJournal(directory);
  const view = async () => featureView(await journal());
  return {
    app,
    name,
    handle,
    directory,
    started: stage.started,
    checked: stage.checked,
    ended: stage.ended,
    notified: stage.notified,
    branch: () => stage.branch.map(({ title }) => title),
    integrated: (task) => stage.branch.findLast((one) => one.task === task)?.text,
    repeated: () => stage.answered.filter((call, index, all) => all.indexOf(call) !== index),
    journal,
    view,
    async reaches(what, look) {
      await until(async () => look(await view()), what);
      return view();
    },
    async begins(call) {
      await until(() => stage.started.includes(call), `the call ${call}`);
    },
    approve: (gate, message) => app.approve({ gate, message }),
    reject: (gate, message) => app.reject({ gate, message }),
    stopTask: (task) => handle.signal(signalNames.stopTask, { task }),
  };
}
