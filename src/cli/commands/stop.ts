/** `blueprint stop`: a task or a whole feature is stopped, and its processes are gone. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlueprintClient } from '../../app/index.js';
import type { FeatureStatus } from '../../domain/feature/status.js';
import { Problem } from '../../domain/problem.js';
import { can, isBegun } from '../../domain/tasks/states.js';
import { readJournal } from '../../feature/journal.js';
import { featureDirectory } from '../../feature/project.js';
import { listCalls } from '../../models/calls/store/list.js';
import { reasonText } from '../../present/reasons.js';
import { type GlobalOptions, openContext, requireFeature, withClient } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { whatIsThere } from '../follow.js';
import { listenForInterrupt } from '../interrupt.js';
import { runWorker } from '../move-on.js';
import { note } from '../output.js';
import { entryKey } from '../settled.js';

/** A worker that runs carries a stop out within seconds; after this long one of our own does it. */
const patienceMs = 3_000;
const pollMs = 100;

export async function stop(global: GlobalOptions, name: string, task: string | undefined): Promise<number> {
  const { root } = await openContext(global);
  await requireFeature(root, name);
  return withClient({ root }, async (client) => {
    const before = await client.describe(name);
    const problem = task === undefined ? undefined : taskProblem(before, task);
    if (problem !== undefined) throw new Problem('task-missing', problem);
    if (task === undefined && (before.stopped || before.phase === 'done' || before.phase === 'failed')) {
      note(`Nothing of ${name} runs: it is ${before.stopped ? 'stopped' : before.phase} already.`);
      return exitStatus.done;
    }
    const { entries: seen } = await whatIsThere(root, name);
    await (task === undefined ? client.stop(name) : client.stopTask(name, task));
    note(task === undefined ? `Stopping feature: ${name}` : `Stopping task: ${titleOf(before, task)}`);
    const status = await untilCarriedOut(root, () => outcome(root, client, name, task, seen));
    if (status === undefined) {
      note('The stop is on record; a worker carries it out when one runs.');
      return exitStatus.interrupted;
    }
    note(...status);
    return exitStatus.done;
  });
}

const titleOf = (status: FeatureStatus, task: string): string =>
  status.tasks.find((one) => one.id === task)?.title ?? task;

function taskProblem({ name, tasks }: FeatureStatus, task: string): string | undefined {
  const found = tasks.find((one) => one.id === task);
  if (found === undefined)
    return tasks.length === 0
      ? `${name} has no tasks yet; \`blueprint stop ${name}\` stops the whole feature.`
      : `${name} has no task ${task}; it has ${tasks.map((one) => one.id).join(', ')}.`;
  if (can(found.state, 'stop')) return undefined;
  return `Task ${task} is ${found.state} already, so there is nothing to stop.`;
}

/** What to say once the stop is carried out; undefined until then. */
async function outcome(
  root: string,
  client: BlueprintClient,
  name: string,
  task: string | undefined,
  seen: ReadonlySet<string>,
): Promise<string[] | undefined> {
  const directory = featureDirectory(root, name);
  if (task !== undefined) {
    const entries = (await readJournal(directory)).filter((entry) => !seen.has(entryKey(entry)));
    const ignored = entries.findLast((entry) => entry.kind === 'ignored');
    if (ignored !== undefined) return [reasonText(ignored.reason)];
    const left = entries.findLast(
      (entry) =>
        entry.kind === 'task' && entry.task === task && isBegun(entry.state) && entry.state !== 'running',
    );
    if (left?.kind !== 'task') return undefined;
    if (left.state !== 'stopped')
      return [`Task ${task} is ${left.state}: it came to that before it was stopped.`];
    return [`Stopped: ${task}. Begin it again with \`blueprint retry ${name} ${task}\`.`];
  }
  const { stopped, phase, tasks } = await client.describe(name);
  if (phase === 'done' || phase === 'failed')
    return [`${name} is ${phase}: it came to that before it was stopped.`];
  if (!stopped || tasks.some((one) => one.state === 'running')) return undefined;
  const calls = await listCalls(join(directory, 'calls'));
  if (calls.some((call) => call.tries.at(-1)?.state === 'running')) return undefined;
  return [`Stopped: ${name}. Go on with \`blueprint resume ${name}\`.`];
}

/** @returns undefined when the person has not waited for it */
async function untilCarriedOut(
  root: string,
  look: () => Promise<string[] | undefined>,
): Promise<string[] | undefined> {
  const interrupt = listenForInterrupt();
  const startedAt = Date.now();
  let worker: Awaited<ReturnType<typeof runWorker>> | undefined;
  try {
    while (!interrupt.signal.aborted) {
      const found = await look();
      if (found !== undefined) return found;
      if (worker === undefined && Date.now() - startedAt > patienceMs) worker = await runWorker(root);
      await sleep(pollMs);
    }
    return undefined;
  } finally {
    await worker?.stop();
    interrupt.dispose();
  }
}
