/**
 * Blueprint's client: starts features, looks at them, and tells them what a person decides.
 *
 * @example
 * const client = await openClient({ root: process.cwd() });
 * await client.approve('dark-mode', { gate: 'plan' });
 * await client.close();
 */
import { findRepository } from '../workspace/repository.js';
import { createServerLink } from './connection.js';
import { describeCost } from './cost.js';
import { describeFeature, followFeature, listSummaries, runningTasks } from './look.js';
import { startFeature } from './start.js';
import type { BlueprintClient } from './types.js';

export { isProblem, Problem, type ProblemCode, type ProblemParams } from '../domain/problem.js';
export type * from './types.js';

/**
 * A client for the project that a folder belongs to. Connects when it is needed first.
 *
 * @param options.root a folder of the project
 * @param options.announce is given a line for each thing that takes a person's time, such as a server's first start
 * @throws Problem when git is missing
 */
export async function openClient(options: {
  root: string;
  announce?: (line: string) => void;
}): Promise<BlueprintClient> {
  const { root } = await findRepository(options.root);
  return clientAt(root, options.announce ?? (() => undefined));
}

/** The same where the root folder's real path is known. */
export function clientAt(root: string, announce: (line: string) => void): BlueprintClient {
  const link = createServerLink(announce);
  // Loaded when there is something to decide: Temporal's client takes longer than all of a look.
  const decisions = () => import('./decide.js');
  return {
    start: (start) => startFeature(root, link, start),
    list: () => listSummaries(root),
    describe: (name) => describeFeature(root, name),
    workflowState: async (name) => (await decisions()).workflowState(root, link, name),
    follow: (name, signal) => followFeature(root, name, signal),
    running: (name) => runningTasks(root, name),
    approve: async (name, decision = {}) => (await decisions()).approve(root, link, name, decision),
    reject: async (name, decision) => (await decisions()).reject(root, link, name, decision),
    stopTask: async (name, task) => (await decisions()).stopTask(root, link, name, task),
    stop: async (name) => (await decisions()).stopFeature(root, link, name),
    resume: async (name, mode) => (await decisions()).resume(root, link, name, mode),
    retry: async (name, task) => (await decisions()).update(root, link, name, { kind: 'retryTask', task }),
    skip: async (name, task) => (await decisions()).update(root, link, name, { kind: 'skipTask', task }),
    editPlan: async (name, plan) => (await decisions()).update(root, link, name, { kind: 'editPlan', plan }),
    cost: (name) => describeCost(root, name),
    raiseBudget: async (name, budget) =>
      (await decisions()).update(root, link, name, { kind: 'raiseBudget', ...budget }),
    rewind: async (name, to) => (await decisions()).rewind(root, link, name, to),
    merge: async (name, options = {}) => (await import('./merge.js')).mergeFeature(root, name, options),
    remains: async (name) => (await import('./clean.js')).remainsOf(root, name),
    remove: async (name, options = {}) =>
      (await import('./clean.js')).removeFeature(root, link, name, options),
    close: () => link.close(),
  };
}
