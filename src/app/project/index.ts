/** A project of the API. */
import { loadConfig } from '../../config/load.js';
import { listFeatures } from '../../feature/project.js';
import { findRepository } from '../../workspace/repository.js';
import type { Doctor, Project, ProjectOptions, RunningWorker } from '../api.js';
import { createServerLink, type ServerLink } from '../connection.js';
import { createFeature } from '../feature/index.js';
import { type FeatureRecord, openFeature } from '../feature/record.js';
import { summarize } from '../feature/status.js';
import { startBackgroundWorker, workerLog } from './background.js';
import { temporalServer } from './server.js';

/** @param link how the server is reached; it is looked for by default */
export async function openProjectAt(
  folder: string,
  options: ProjectOptions,
  link?: ServerLink,
): Promise<Project> {
  const { root, kind } = await findRepository(folder);
  const { announce = () => undefined } = options;
  return projectAt({ root, kind }, link ?? createServerLink(announce), { ...options, announce });
}

function projectAt(
  { root, kind }: Pick<Project, 'root' | 'kind'>,
  link: ServerLink,
  options: ProjectOptions & Required<Pick<ProjectOptions, 'announce'>>,
): Project {
  const { announce } = options;
  const config = () => loadProjectConfig(root, options);
  const records = new Map<string, FeatureRecord>();
  // One record for each feature: whoever asks again reads only what came.
  const recordOf = (name: string): FeatureRecord => {
    const record = records.get(name) ?? openFeature(root, link, name);
    records.set(name, record);
    return record;
  };
  // What is loaded when it is needed brings git, the models' adapters or Temporal's packages: most of a look does
  // without.
  return {
    root,
    kind,
    workerLog: workerLog(root),
    features: async () => Promise.all((await listFeatures(root)).map((name) => summarize(recordOf(name)))),
    feature: (name) => createFeature(recordOf(name)),
    async start(start) {
      const { startFeature } = await import('./start.js');
      return startFeature(recordOf(start.name), {
        ...start,
        config: start.config ?? (await config()).config,
      });
    },
    async dryRun(run) {
      const { dryRun } = await import('./dry-run.js');
      return dryRun({ root, kind }, (await config()).config, run);
    },
    config,
    init: async () => (await import('./init.js')).writeConfig(root),
    models: async () => (await import('./models.js')).projectModels((await config()).config),
    doctor: () => examine(root, options),
    prompts: async () => (await import('./prompts.js')).listPrompts(root),
    ejectPrompts: async (what) => (await import('./prompts.js')).ejectPrompts(root, what),
    server: () => temporalServer(announce),
    work: () => work(root, announce),
    async workInBackground(command) {
      // The worker would start the server too, but nobody would see how long that takes.
      await ensureServer(announce);
      return startBackgroundWorker(root, command);
    },
    close: () => link.close(),
  };
}

/**
 * Looks at the machine, and at the project that a folder belongs to, where there is one. Starts nothing.
 *
 * @param options as for `openProject`
 */
export async function examine(folder: string, options: ProjectOptions = {}): Promise<Doctor> {
  const doctor = await import('./doctor.js');
  return doctor.examine(folder, (root) => loadProjectConfig(root, options));
}

const loadProjectConfig = (root: string, { configFile, script, budget }: ProjectOptions) =>
  loadConfig(root, {
    ...(configFile === undefined ? {} : { file: configFile }),
    flags: {
      ...(script === undefined ? {} : { script }),
      ...(budget === undefined ? {} : { budget }),
    },
  });

async function work(root: string, announce: (line: string) => void): Promise<RunningWorker> {
  // The worker brings a native library.
  const [{ startWorker }, server] = await Promise.all([
    import('../../worker/index.js'),
    ensureServer(announce),
  ]);
  return startWorker({ root, server, log: workerLog(root) });
}

const ensureServer = async (announce: (line: string) => void) =>
  (await import('../../temporal/find-server.js')).ensureServer(announce);
