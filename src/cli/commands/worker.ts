/** `blueprint worker`: moves the project's features until it is told to end, or until nothing is left to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeatureSummary, Project } from '../../app/index.js';
import { isMoving } from '../../present/status-text.js';
import { count } from '../../present/words.js';
import { type Program, type Run, shownPath } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { listenForInterrupt } from '../interrupt.js';
import { note } from '../output.js';

export function addWorker(program: Program, run: Run): void {
  program
    .command('worker')
    .description('move the features of this project for as long as it runs')
    .option('--until-idle', 'end when nothing is left to do')
    .action(run.inProject((project, { untilIdle }) => worker(project, untilIdle === true)));
}

/** Longer than a decision that nobody has seen yet takes to show in the journal. */
const idleMs = 10_000;
const lookMs = 1_000;

async function worker(project: Project, untilIdle: boolean): Promise<number> {
  const interrupt = listenForInterrupt();
  // First of all: calls that a lost worker left wait for this one.
  const running = await project.work();
  try {
    const features = (await project.features()).filter(isMoving);
    note(
      `A worker runs for ${project.root} (log ${shownPath(project.workerLog)}); ${count(features.length, 'feature')} to move. Ctrl+C ends it; running calls finish by themselves.`,
    );
    const idle = untilIdle ? untilNothingMoves(project, interrupt.signal) : aborted(interrupt.signal);
    await Promise.race([idle, running.ended]);
    return interrupt.signal.aborted ? exitStatus.interrupted : exitStatus.done;
  } finally {
    await running.stop();
    interrupt.dispose();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });

async function untilNothingMoves(project: Project, signal: AbortSignal): Promise<void> {
  let movedAt = Date.now();
  while (!signal.aborted && Date.now() - movedAt < idleMs) {
    if (await anyMoves(project)) movedAt = Date.now();
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

async function anyMoves(project: Project): Promise<boolean> {
  for (const feature of (await project.features()).filter(isMoving))
    if (await isMoved(project, feature)) return true;
  return false;
}

/** A workflow that was ended by hand leaves a journal that looks as if it went on. */
async function isMoved(project: Project, { name }: FeatureSummary): Promise<boolean> {
  const state = await project
    .feature(name)
    .workflowState()
    .catch(() => 'unknown' as const);
  return state === 'running' || state === 'unknown';
}
