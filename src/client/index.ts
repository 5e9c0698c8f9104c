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
import { approve, reject, resume, stopFeature, stopTask, update, workflowState } from './decide.js';
import { describeFeature, followFeature, listSummaries, runningTasks } from './look.js';
import { startFeature } from './start.js';
import type { BlueprintClient } from './types.js';

export { ClientProblem } from './problem.js';
export type * from './types.js';

/**
 * A client for the project that a folder belongs to. Connects when it is needed first.
 *
 * @param options.root a folder of the project
 * @param options.announce is given a line for each thing that takes a person's time, such as a server's first start
 * @throws GitProblem when git is missing
 */
export async function openClient(options: {
  root: string;
  announce?: (line: string) => void;
}): Promise<BlueprintClient> {
  const { root } = await findRepository(options.root);
  const link = createServerLink(options.announce ?? (() => undefined));
  return {
    start: (start) => startFeature(root, link, start),
    list: () => listSummaries(root),
    describe: (name) => describeFeature(root, name),
    workflowState: (name) => workflowState(root, link, name),
    follow: (name, signal) => followFeature(root, name, signal),
    running: (name) => runningTasks(root, name),
    approve: (name, decision = {}) => approve(root, link, name, decision),
    reject: (name, decision) => reject(root, link, name, decision),
    stopTask: (name, task) => stopTask(root, link, name, task),
    stop: (name) => stopFeature(root, link, name),
    resume: (name, mode) => resume(root, link, name, mode),
    retry: (name, task) => update(root, link, name, { kind: 'retryTask', task }),
    skip: (name, task) => update(root, link, name, { kind: 'skipTask', task }),
    editPlan: (name, plan) => update(root, link, name, { kind: 'editPlan', plan }),
    close: () => link.close(),
  };
}
