/** `blueprint stop`: a task or a whole feature is stopped, and its processes are gone. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Feature, FeatureStatus, Project, RunningWorker, StopOutcome } from '../../app/index.js';
import { reasonText } from '../../present/reasons.js';
import type { Program, Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { listenForInterrupt } from '../interrupt.js';
import { note } from '../output.js';

export function addStop(program: Program, run: Run): void {
  program
    .command('stop <name> [task]')
    .description('stop a task, or the whole feature')
    .action(run.inProject((project, name, task) => stop(project, project.feature(name), task)));
}

/** A worker that runs carries a stop out within seconds; after this long one of our own does it. */
const patienceMs = 3_000;
const pollMs = 100;

export async function stop(project: Project, feature: Feature, task: string | undefined): Promise<number> {
  const { name } = feature;
  const before = await feature.status();
  if (task === undefined && (before.stopped || before.phase === 'done' || before.phase === 'failed')) {
    note(`Nothing of ${name} runs: it is ${before.stopped ? 'stopped' : before.phase} already.`);
    return exitStatus.done;
  }
  const after = await feature.lastEvent();
  await feature.stop(task);
  note(task === undefined ? `Stopping feature: ${name}` : `Stopping task: ${titleOf(before, task)}`);
  const outcome = await untilCarriedOut(project, () => feature.stopped({ task, after }));
  if (outcome === undefined) {
    note('The stop is on record; a worker carries it out when one runs.');
    return exitStatus.interrupted;
  }
  note(outcomeLine(outcome, name, task));
  return exitStatus.done;
}

const titleOf = (status: FeatureStatus, task: string): string =>
  status.tasks.find((one) => one.id === task)?.title ?? task;

function outcomeLine(outcome: StopOutcome, name: string, task: string | undefined): string {
  switch (outcome.kind) {
    case 'ignored':
      return reasonText(outcome.reason);
    case 'over':
      return `${task === undefined ? name : `Task ${task}`} is ${outcome.state}: it came to that before it was stopped.`;
    case 'stopped':
      return task === undefined
        ? `Stopped: ${name}. Go on with \`blueprint resume ${name}\`.`
        : `Stopped: ${task}. Begin it again with \`blueprint retry ${name} ${task}\`.`;
  }
}

/** @returns undefined when the person has not waited for it */
async function untilCarriedOut(
  project: Project,
  look: () => Promise<StopOutcome | undefined>,
): Promise<StopOutcome | undefined> {
  const interrupt = listenForInterrupt();
  const startedAt = Date.now();
  let worker: RunningWorker | undefined;
  try {
    while (!interrupt.signal.aborted) {
      const found = await look();
      if (found !== undefined) return found;
      if (worker === undefined && Date.now() - startedAt > patienceMs) worker = await project.work();
      await sleep(pollMs);
    }
    return undefined;
  } finally {
    await worker?.stop();
    interrupt.dispose();
  }
}
