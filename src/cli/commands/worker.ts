/** `blueprint worker`: moves the project's features until it is told to end, or until nothing is left to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlueprintClient } from '../../app/index.js';
import type { FeatureSummary } from '../../domain/feature/status.js';
import { isMoving } from '../../present/status-text.js';
import { count } from '../../present/words.js';
import { workerLog } from '../background.js';
import { type GlobalOptions, openContext, shownPath, withClient } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { listenForInterrupt } from '../interrupt.js';
import { runWorker } from '../move-on.js';
import { note } from '../output.js';

interface WorkerOptions {
  untilIdle?: boolean;
}

/** Longer than a decision that nobody has seen yet takes to show in the journal. */
const idleMs = 10_000;
const lookMs = 1_000;

export async function worker(global: GlobalOptions, { untilIdle }: WorkerOptions): Promise<number> {
  const { root } = await openContext(global);
  const interrupt = listenForInterrupt();
  // First of all: calls that a lost worker left wait for this one.
  const running = await runWorker(root);
  return withClient({ root }, async (client) => {
    try {
      const features = (await client.list()).filter(isMoving);
      note(
        `A worker runs for ${root} (log ${shownPath(workerLog(root))}); ${count(features.length, 'feature')} to move. Ctrl+C ends it; running calls finish by themselves.`,
      );
      const idle =
        untilIdle === true ? untilNothingMoves(client, interrupt.signal) : aborted(interrupt.signal);
      await Promise.race([idle, running.ended]);
      return interrupt.signal.aborted ? exitStatus.interrupted : exitStatus.done;
    } finally {
      await running.stop();
      interrupt.dispose();
    }
  });
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });

async function untilNothingMoves(client: BlueprintClient, signal: AbortSignal): Promise<void> {
  let movedAt = Date.now();
  while (!signal.aborted && Date.now() - movedAt < idleMs) {
    if (await anyMoves(client)) movedAt = Date.now();
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

async function anyMoves(client: BlueprintClient): Promise<boolean> {
  for (const feature of (await client.list()).filter(isMoving))
    if (await isMoved(client, feature)) return true;
  return false;
}

/** A workflow that was ended by hand leaves a journal that looks as if it went on. */
async function isMoved(client: BlueprintClient, { name }: FeatureSummary): Promise<boolean> {
  const state = await client.workflowState(name).catch(() => 'unknown' as const);
  return state === 'running' || state === 'unknown';
}
