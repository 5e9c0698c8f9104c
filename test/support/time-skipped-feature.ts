/** A feature on the server that skips time: real activities, real processes, real git; only the clock is not. */
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Feature } from '../../src/app/api.js';
import type { ServerLink } from '../../src/app/connection.js';
import { openProjectAt } from '../../src/app/project/index.js';
import { loadConfig } from '../../src/config/load.js';
import { type FeatureView, featureView } from '../../src/domain/journal/view.js';
import { featureWorkflowId } from '../../src/domain/names.js';
import { readJournal } from '../../src/feature/journal.js';
import { featureDirectory, openProject } from '../../src/feature/project.js';
import { createWorker } from '../../src/worker/create.js';
import { until } from './calls.js';
import type { TestProject } from './project.js';
import { expectReplays } from './replay.js';

export interface TimeSkippedFeature {
  handle: WorkflowHandle;
  directory: string;
  /** The feature of the API, on this server. */
  app: Feature;
  view(): Promise<FeatureView>;
  /** Waits until the journal shows what is looked for. */
  reaches(what: string, look: (view: FeatureView) => boolean): Promise<FeatureView>;
}

/** Runs a worker while the work goes on; what it leaves is replayed. */
export async function withFeature(
  environment: TestWorkflowEnvironment,
  project: TestProject,
  mode: 'static' | 'interactive',
  work: (feature: TimeSkippedFeature) => Promise<void>,
): Promise<void> {
  const name = 'feature';
  const { instance, root } = await openProject(project.root);
  const namespace = environment.namespace ?? 'default';
  const worker = await createWorker({
    root,
    instance,
    connection: environment.nativeConnection,
    namespace,
    embedded: true,
    now: () => environment.currentTimeMs(),
  });
  const server = { address: environment.address ?? '', namespace, embedded: true };
  const link: ServerLink = {
    connected: async () => ({ client: environment.client, server }),
    ifRunning: async () => ({ client: environment.client, server }),
    close: async () => {},
  };
  const handle = environment.client.workflow.getHandle(featureWorkflowId(instance, name));
  await worker.runUntil(async () => {
    const { config } = await loadConfig(root, { flags: { script: project.script } });
    const opened = await openProjectAt(root, {}, link);
    await opened.start({ name, text: 'Do it.', mode, config });
    const app = opened.feature(name);
    const directory = featureDirectory(root, name);
    const view = async () => featureView(await readJournal(directory));
    await work({
      handle,
      directory,
      app,
      view,
      async reaches(what, look) {
        await until(async () => look(await view()), what, 150_000);
        return view();
      },
    });
  });
  await expectReplays(handle);
}
