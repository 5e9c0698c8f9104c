/** A feature of the API, over the record of its files. */

import { Problem } from '../../domain/problem.js';
import { followJournal } from '../../feature/journal.js';
import { listCalls } from '../../models/calls/store/list.js';
import type { Feature } from '../api.js';
import { describeCost } from './cost.js';
import { planForecast } from './forecast.js';
import { callOutput, liveOutput } from './output.js';
import { readRawOutput } from './raw-output.js';
import type { FeatureRecord } from './record.js';
import { describeFeature, isNeverPaid, runningTasks } from './status.js';
import { stopOutcome, stopProblem } from './stop.js';
import { whyOf } from './why.js';

export function createFeature(feature: FeatureRecord): Feature {
  // Loaded when they are needed: git, and Temporal's client, take longer than all of a look.
  const decisions = () => import('./decide.js');
  const workflow = () => import('./workflow.js');
  const resuming = () => import('./resume.js');
  const texts = () => import('./texts.js');
  const exporting = () => import('./export.js');
  const cleaning = () => import('./clean.js');
  return {
    name: feature.name,
    directory: feature.directory,
    exists: feature.exists,
    isReplaceable: () => isNeverPaid(feature),
    status: () => describeFeature(feature),
    running: () => runningTasks(feature),
    workflowState: async () => (await workflow()).workflowState(feature),
    events: ({ after, signal }) => followJournal(feature.directory, { after, signal }),
    async entries() {
      await feature.input();
      return (await feature.journal()).entries();
    },
    lastEvent: async () => (await feature.journal()).last,
    base: async () => (await feature.input()).base,
    spec: async () => (await texts()).readText(feature, 'spec'),
    plan: async () => (await texts()).readText(feature, 'plan'),
    diff: async (task) => (await texts()).featureDiff(feature, task),
    checks: async (task) => (await texts()).entriesOf(feature, 'checks', task),
    reviews: async (task) => (await texts()).entriesOf(feature, 'review', task),
    calls: () => listCalls(feature.calls),
    output: (call, options) => callOutput(feature, call, options),
    liveOutput: () => liveOutput(feature),
    rawOutput: (path) => readRawOutput(feature.directory, path),
    cost: () => describeCost(feature),
    why: () => whyOf(feature),
    forecast: () => planForecast(feature),
    result: async () => (await import('./result.js')).resultOf(feature),
    compare: async (task, options) => (await import('./compare.js')).compareDrafts(feature, task, options),
    remains: async () => (await cleaning()).remainsOf(feature),
    export: async () => (await exporting()).describeExport(feature),
    patches: async () => (await exporting()).exportPatches(feature),
    writePatches: async (folder) => (await exporting()).exportPatchFiles(feature, folder),
    worktree: async (task) => (await import('./manual-edit.js')).openManualEdit(feature, task),

    approve: async (options = {}) => (await decisions()).approve(feature, options),
    reject: async (options) => (await decisions()).reject(feature, options),
    async stop(task) {
      await feature.input();
      if (task === undefined) return (await decisions()).stopFeature(feature);
      const problem = await stopProblem(feature, task);
      if (problem !== undefined) throw new Problem('task-missing', problem);
      return (await decisions()).stopTask(feature, task);
    },
    stopped: (options) => stopOutcome(feature, options),
    retry: async (task) => (await decisions()).update(feature, { kind: 'retryTask', task }),
    skip: async (task) => (await decisions()).update(feature, { kind: 'skipTask', task }),
    edit: async (options) => (await import('./edit.js')).openEdit(feature, options),
    editPlan: async (plan) => (await decisions()).update(feature, { kind: 'editPlan', plan }),
    raiseBudget: async (budget) => (await decisions()).update(feature, { kind: 'raiseBudget', ...budget }),
    checkBudget: async (budget) => (await import('./raise-budget.js')).refuseBudget(feature, budget),
    resume: async (mode) => (await resuming()).resume(feature, mode),
    rewind: async (to) => (await resuming()).rewind(feature, to),
    checkRewind: async (to) => (await resuming()).refuseRewind(feature, to),
    merge: async (options = {}) => (await import('./merge.js')).mergeFeature(feature, options),
    clean: async (options = {}) => (await cleaning()).removeFeature(feature, options),
  };
}
