/** Where a feature stands: from the feature directory alone, so that it needs no server and no worker. */

import type { FeatureStatus, FeatureSummary, RunningTask } from '../../domain/feature/status.js';
import { emptyView, type FeatureView } from '../../domain/journal/view.js';
import { featureBranch } from '../../domain/names.js';
import { isProblem } from '../../domain/problem.js';
import { satisfies } from '../../domain/tasks/states.js';
import { countCalls } from '../../models/calls/store/counts.js';
import type { FeatureRecord } from './record.js';
import { readSpending } from './spending.js';

/** @throws Problem when there is no such feature */
export async function describeFeature(feature: FeatureRecord): Promise<FeatureStatus> {
  const { name } = feature;
  const [{ budget, total }, journal, calls] = await Promise.all([
    readSpending(feature),
    feature.journal(),
    countCalls(feature.calls),
  ]);
  const view = journal.view();
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

/** A feature whose journal cannot be read hides no other: it is among them, and says why. */
export async function summarize(feature: FeatureRecord): Promise<FeatureSummary> {
  const { name } = feature;
  try {
    return summaryOf(name, (await feature.journal()).view());
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { ...summaryOf(name, emptyView()), damage: error.message };
  }
}

function summaryOf(name: string, view: FeatureView): FeatureSummary {
  return {
    name,
    phase: view.phase ?? 'prepare',
    stopped: view.stopped,
    waiting: view.waiting,
    gates: view.gates.map((gate) => gate.gate),
    done: view.tasks.filter((task) => satisfies(task.state)).length,
    tasks: view.tasks.length,
  };
}

/** @throws Problem when there is no such feature */
export async function runningTasks(feature: FeatureRecord): Promise<RunningTask[]> {
  await feature.input();
  const { tasks } = (await feature.journal()).view();
  return tasks
    .filter((task) => task.state === 'running')
    .map(({ id, title, step, model, stepStartedAt }) => ({
      task: id,
      title,
      step,
      model,
      since: stepStartedAt,
    }));
}

/** Whether a feature failed before any model was asked: whoever starts it again loses nothing. */
export async function isNeverPaid(feature: FeatureRecord): Promise<boolean> {
  const [journal, { made }] = await Promise.all([feature.journal(), countCalls(feature.calls)]);
  return journal.view().phase === 'failed' && made === 0;
}
