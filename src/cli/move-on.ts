/** Commands that move a feature on: a worker in this process, or one left behind, and the feature on the screen. */
import type { BlueprintClient } from '../app/index.js';
import { describeFeature } from '../app/look.js';
import { resultOf } from '../app/result.js';
import { readFeatureInput } from '../feature/feature-file.js';
import { featureDirectory } from '../feature/project.js';
import { endingLines } from '../present/ending-text.js';
import { othersLine } from '../present/status-text.js';
import { ensureServer } from '../temporal/find-server.js';
import type { RunningWorker } from '../worker/index.js';
import { startBackgroundWorker, workerLog } from './background.js';
import { type Context, shownPath, withClient } from './context.js';
import { exitStatus } from './exit-status.js';
import { followFeature, whatIsThere } from './follow.js';
import { planForecast } from './forecast.js';
import { listenForInterrupt, unlessInterrupted } from './interrupt.js';
import { note, print } from './output.js';
import { statusOf } from './settled.js';

export interface Move {
  name: string;
  /** Says what moves the feature. */
  act(client: BlueprintClient): Promise<void>;
  /** What is said needs an answer, so a worker must run before it is said. */
  answeredByWorker?: boolean;
  /** Leaves a worker in the background and does not follow. */
  detach?: boolean | undefined;
  /** See `FollowOptions`. */
  quietMs?: number | undefined;
}

/**
 * After a message that changes nothing no entry comes. A workflow that was told something while no worker ran says so
 * within a second of a worker's start; this is for a busy machine.
 */
const goOnQuietMs = 5_000;

/**
 * Goes on with a feature as it stands, without saying anything to it but what `act` says.
 *
 * @returns the exit status
 */
export async function goOn(context: Context, move: Pick<Move, 'name' | 'act' | 'detach'>): Promise<number> {
  const { phase } = await describeFeature(context.root, move.name);
  if (phase !== 'done') return moveOn(context, { ...move, quietMs: goOnQuietMs });
  await printEnding(context, move.name);
  return exitStatus.done;
}

/** @returns the exit status */
export async function moveOn(context: Context, move: Move): Promise<number> {
  return withClient(context, (client) =>
    move.detach === true ? leaveBehind(context, client, move) : follow(context, client, move),
  );
}

async function leaveBehind({ root }: Context, client: BlueprintClient, move: Move): Promise<number> {
  if (move.answeredByWorker !== true) await move.act(client);
  // The worker would start the server too, but nobody would see how long that takes.
  await ensureServer(note);
  const pid = await startBackgroundWorker(root);
  if (move.answeredByWorker === true) await move.act(client);
  note(
    `A worker goes on in the background (process ${pid}, log ${shownPath(workerLog(root))}) until nothing is left to do.`,
    `Look with \`blueprint status ${move.name}\` or \`blueprint logs ${move.name} --follow\`.`,
  );
  return exitStatus.done;
}

async function follow(context: Context, client: BlueprintClient, move: Move): Promise<number> {
  const { root } = context;
  const { name } = move;
  const seen = await whatIsThere(root, name);
  const interrupt = listenForInterrupt();
  let worker: RunningWorker | undefined;
  const steps = async () => {
    if (move.answeredByWorker !== true) await move.act(client);
    if (interrupt.signal.aborted) return undefined;
    worker = await runWorker(root);
    const others = othersLine(await client.list(), name);
    if (others !== undefined) note(others);
    if (move.answeredByWorker === true) await move.act(client);
    // Loaded here: what measures a terminal's letters takes a while to start, and a worker alone has no screen.
    const { openScreen } = await import('./screen.js');
    const screen = openScreen();
    return Promise.race([
      followFeature({ root, client, name, seen, screen, signal: interrupt.signal, quietMs: move.quietMs }),
      workerFailure(worker),
    ]);
  };
  try {
    const work = steps();
    const ending = await unlessInterrupted(interrupt.signal, work);
    if (ending === undefined) {
      // It detaches from what it was doing: nobody waits for its outcome.
      work.catch(() => undefined);
      note(
        `Let go of ${name}: running calls finish by themselves, into their directories.`,
        `Go on with \`blueprint resume ${name}\`; stop it with \`blueprint stop ${name}\`.`,
      );
      return exitStatus.interrupted;
    }
    await printEnding(context, name);
    return statusOf[ending];
  } finally {
    await worker?.stop();
    interrupt.dispose();
  }
}

/** A worker for the project, in this process. */
export async function runWorker(root: string): Promise<RunningWorker> {
  // Loaded here: it brings a native library, which commands that only look can do without.
  const [{ startWorker }, server] = await Promise.all([import('../worker/index.js'), ensureServer(note)]);
  return startWorker({ root, server, log: workerLog(root) });
}

/** Rejects when the worker fails; an end in order is none. */
const workerFailure = (worker: RunningWorker): Promise<never> =>
  new Promise((_resolve, reject) => {
    worker.ended.catch(reject);
  });

async function printEnding({ root }: Context, name: string): Promise<void> {
  const directory = featureDirectory(root, name);
  const [status, input] = await Promise.all([describeFeature(root, name), readFeatureInput(directory)]);
  const toCome = await planForecast(root, status);
  const isDecided = status.gates.some((gate) => gate.gate === 'result');
  const result = isDecided ? await resultOf(root, name) : undefined;
  const partial = `${shownPath(directory)}/partial`;
  print(...endingLines(status, { base: input?.base, toCome, partial, result }));
}
