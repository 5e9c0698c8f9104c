/** Looking at features: from the feature directory alone, so that it needs no server and no worker. */

import { join } from 'node:path';
import type { FeatureStatus, FeatureSummary, RunningTask } from '../domain/feature/status.js';
import type { FeatureEvent } from '../domain/journal/fold.js';
import { type FeatureView, featureView } from '../domain/journal/view.js';
import { featureBranch, featureNameProblem } from '../domain/names.js';
import { Problem } from '../domain/problem.js';
import { satisfies } from '../domain/tasks/states.js';
import { readFeatureInput } from '../feature/feature-file.js';
import { followJournal, readJournal } from '../feature/journal.js';
import { featureDirectory, listFeatures } from '../feature/project.js';
import { countCalls } from '../models/calls/store/counts.js';
import { readSpending } from './spending.js';

/** @throws Problem when there is no such feature, with the names that there are */
export async function requireFeature(root: string, name: string): Promise<string> {
  const problem = featureNameProblem(name);
  if (problem !== undefined) throw new Problem('name-unusable', problem);
  const directory = featureDirectory(root, name);
  if ((await readFeatureInput(directory)) !== undefined) return directory;
  const names = await listFeatures(root);
  throw new Problem(
    'feature-missing',
    names.length === 0
      ? `There is no feature ${name}.`
      : `There is no feature ${name}; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}.`,
    names.length === 0 ? { startable: name } : {},
  );
}

/** Whether a feature failed before any model was asked: whoever starts it again loses nothing. */
export async function isNeverPaid(root: string, name: string): Promise<boolean> {
  const directory = featureDirectory(root, name);
  const [view, calls] = await Promise.all([viewOf(directory), countCalls(join(directory, 'calls'))]);
  return view.phase === 'failed' && calls.made === 0;
}

const viewOf = async (directory: string): Promise<FeatureView> => featureView(await readJournal(directory));

export async function listSummaries(root: string): Promise<FeatureSummary[]> {
  const names = await listFeatures(root);
  return Promise.all(
    names.map(async (name) => {
      const view = await viewOf(featureDirectory(root, name));
      return {
        name,
        phase: view.phase ?? 'prepare',
        stopped: view.stopped,
        waiting: view.waiting,
        gates: view.gates.map((gate) => gate.gate),
        done: view.tasks.filter((task) => satisfies(task.state)).length,
        tasks: view.tasks.length,
      };
    }),
  );
}

export async function describeFeature(root: string, name: string): Promise<FeatureStatus> {
  const directory = await requireFeature(root, name);
  const [view, calls, { budget, total }] = await Promise.all([
    viewOf(directory),
    countCalls(join(directory, 'calls')),
    readSpending(directory),
  ]);
  return {
    name,
    phase: view.phase ?? 'prepare',
    stopped: view.stopped,
    waiting: view.waiting,
    failure: view.phase === 'failed' ? view.errors.at(-1)?.reason : undefined,
    gates: view.gates,
    branch: featureBranch(name),
    head: view.head,
    verified: view.verified,
    tasks: view.tasks.map(({ id, title, type, state, dependsOn, model, iterations, commit, reason }) => ({
      id,
      title,
      type,
      state,
      dependsOn,
      model,
      iterations,
      commit,
      reason,
    })),
    calls,
    usage: total.usage,
    unknown: total.unknown,
    budget,
  };
}

export async function runningTasks(root: string, name: string): Promise<RunningTask[]> {
  const view = await viewOf(await requireFeature(root, name));
  return view.tasks
    .filter((task) => task.state === 'running')
    .map(({ id, title, step, model, stepStartedAt }) => ({
      task: id,
      title,
      step,
      model,
      since: stepStartedAt,
    }));
}

export async function* followFeature(
  root: string,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<FeatureEvent> {
  const directory = await requireFeature(root, name);
  yield* followJournal(directory, { signal });
}
