/** Commands that move a feature on: a worker in this process, or one left behind, and the feature on the screen. */
import type { Ending, Feature, Project, RunningWorker } from '../app/index.js';
import { endingLines } from '../present/ending-text.js';
import { forecastLines } from '../present/forecast-text.js';
import { othersLine } from '../present/status-text.js';
import { shownPath, thisCommand } from './command.js';
import { exitStatus } from './exit-status.js';
import { listenForInterrupt, unlessInterrupted } from './interrupt.js';
import { note, print } from './output.js';

export interface Move {
  feature: Feature;
  /** Says what moves the feature. */
  act(): Promise<void>;
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
const continueQuietMs = 5_000;

/**
 * Continues a feature as it stands, without saying anything to it but what `act` says.
 *
 * @returns the exit status
 */
export async function continueFeature(
  project: Project,
  move: Pick<Move, 'feature' | 'act' | 'detach'>,
): Promise<number> {
  const { phase } = await move.feature.status();
  if (phase !== 'done') return moveOn(project, { ...move, quietMs: continueQuietMs });
  await printEnding(move.feature);
  return exitStatus.done;
}

/** @returns the exit status */
export const moveOn = (project: Project, move: Move): Promise<number> =>
  move.detach === true ? detach(project, move) : follow(project, move);

async function detach(project: Project, { feature, act, answeredByWorker }: Move): Promise<number> {
  if (answeredByWorker !== true) await act();
  const pid = await project.workInBackground(thisCommand);
  if (answeredByWorker === true) await act();
  note(
    `A worker goes on in the background (process ${pid}, log ${shownPath(project.workerLog)}) until nothing is left to do.`,
    `Look with \`blueprint status ${feature.name}\` or \`blueprint logs ${feature.name} --follow\`.`,
  );
  return exitStatus.done;
}

async function follow(project: Project, move: Move): Promise<number> {
  const { name } = move.feature;
  const interrupt = listenForInterrupt();
  let worker: RunningWorker | undefined;
  try {
    const work = workAndFollow(project, move, interrupt.signal, (started) => {
      worker = started;
    });
    const ending = await unlessInterrupted(interrupt.signal, work);
    if (ending !== undefined) {
      await printEnding(move.feature);
      return statusOf[ending];
    }
    // What it was doing is left to itself: nobody waits for its outcome.
    work.catch(() => undefined);
    note(
      `Detached from ${name}: running calls finish by themselves, into their directories.`,
      `Go on with \`blueprint resume ${name}\`; stop it with \`blueprint stop ${name}\`.`,
    );
    return exitStatus.interrupted;
  } finally {
    await worker?.stop();
    interrupt.dispose();
  }
}

/** @param began is given the worker, which is to be stopped whatever comes of the rest */
async function workAndFollow(
  project: Project,
  { feature, act, answeredByWorker, quietMs }: Move,
  signal: AbortSignal,
  began: (worker: RunningWorker) => void,
): Promise<Ending | undefined> {
  // Loaded here: what measures a terminal's letters takes a while to start, and a worker alone has no screen.
  const [{ currentState, followFeature }, { openScreen }] = await Promise.all([
    import('./screen/follow.js'),
    import('./screen/screen.js'),
  ]);
  const seen = await currentState(feature);
  if (answeredByWorker !== true) await act();
  if (signal.aborted) return undefined;
  const worker = await project.work();
  began(worker);
  const others = othersLine(await project.features(), feature.name);
  if (others !== undefined) note(others);
  if (answeredByWorker === true) await act();
  return Promise.race([
    followFeature({ feature, seen, screen: openScreen(), signal, quietMs }),
    workerFailure(worker),
  ]);
}

/** Rejects when the worker fails; an end in order is none. */
const workerFailure = (worker: RunningWorker): Promise<never> =>
  new Promise((_resolve, reject) => {
    worker.ended.catch(reject);
  });

const statusOf: Record<Ending, number> = {
  done: exitStatus.done,
  failed: exitStatus.error,
  waiting: exitStatus.waiting,
  stopped: exitStatus.waiting,
};

async function printEnding(feature: Feature): Promise<void> {
  const status = await feature.status();
  const isDecided = status.gates.some((gate) => gate.gate === 'result');
  print(
    ...endingLines(status, {
      base: await feature.base(),
      toCome: await planForecast(feature),
      partial: `${shownPath(feature.directory)}/partial`,
      result: isDecided ? await feature.result() : undefined,
    }),
  );
}

/** What the plan that waits at its gate will take; no lines where none does. */
export async function planForecast(feature: Feature): Promise<string[]> {
  const found = await feature.forecast();
  return found === undefined ? [] : forecastLines(found.forecast, found.scripted);
}
