/** A feature on a real server, worked on by workers in processes of their own. */
import type { WorkflowHandle } from '@temporalio/client';
import type { Feature } from '../../src/app/api.js';
import type { ServerLink } from '../../src/app/connection.js';
import { openProjectAt } from '../../src/app/project/index.js';
import { loadConfig } from '../../src/config/load.js';
import { type FeatureView, featureView } from '../../src/domain/journal/view.js';
import { featureWorkflowId } from '../../src/domain/names.js';
import { readJournal } from '../../src/feature/journal.js';
import { featureDirectory, openProject } from '../../src/feature/project.js';
import { connectClient } from '../../src/temporal/connection/connect.js';
import type { ServerAddress } from '../../src/temporal/connection/server-address.js';
import { until } from './calls.js';
import type { TestProject } from './project.js';

export interface LiveFeature {
  name: string;
  handle: WorkflowHandle;
  directory: string;
  /** The feature of the API, on this server. */
  app: Feature;
  view(): Promise<FeatureView>;
  /** Waits until the journal shows what is looked for. */
  reaches(what: string, look: (view: FeatureView) => boolean): Promise<FeatureView>;
  close(): Promise<void>;
}

/** Starts a feature; no worker runs yet. */
export async function startLiveFeature(
  server: ServerAddress,
  project: TestProject,
  mode: 'static' | 'interactive',
  name = 'feature',
): Promise<LiveFeature> {
  const { instance, root } = await openProject(project.root);
  const client = await connectClient(server);
  const link: ServerLink = {
    connected: async () => ({ client, server }),
    ifRunning: async () => ({ client, server }),
    close: () => client.connection.close(),
  };
  const { config } = await loadConfig(root, { flags: { script: project.script } });
  const opened = await openProjectAt(root, {}, link);
  await opened.start({ name, text: 'Do it.', mode, config });
  const app = opened.feature(name);
  const directory = featureDirectory(root, name);
  const view = async () => featureView(await readJournal(directory));
  return {
    name,
    handle: client.workflow.getHandle(featureWorkflowId(instance, name)),
    directory,
    app,
    view,
    async reaches(what, look) {
      await until(async () => look(await view()), what, 150_000);
      return view();
    },
    close: () => client.connection.close(),
  };
}
