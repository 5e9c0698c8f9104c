/** The time of the reference graph against its ideal: undisturbed and with kills, with git and checks off and on. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openProject } from '../dist/app/index.js';
import { loadConfig } from '../dist/config/load.js';
import { connectClient } from '../dist/temporal/connection/connect.js';
import { median, rounded, seconds } from './figures.mjs';
import { writeModel } from './model.mjs';
import { makeProject, startWorker } from './place.mjs';
import { answers, calls, idealCalls } from './reference-graph.mjs';

const callSeconds = 1;
const idealMs = idealCalls * callSeconds * 1_000;
/** Past this it hangs, and no figure comes of it. */
const longestMs = 10 * idealMs;

const ways = [
  { name: 'git off, checks off', git: false, checks: [] },
  { name: 'git on, checks off', git: true, checks: [] },
  {
    name: 'git on, checks on',
    git: true,
    checks: [{ name: 'test', command: '! grep -rn BUG --include="*.txt" .' }],
  },
];

/**
 * @param {import('./place.mjs').Place} place
 * @param {(line: string) => void} announce
 */
export async function measureGraph(place, announce) {
  const script = await writeModel(join(place.folder, 'model'), answers, { seconds: callSeconds });
  const runs = [];
  for (const kills of [0, 5])
    for (const way of ways) {
      announce(`The reference graph, ${way.name}, ${kills} kills ...`);
      const root = join(place.folder, `graph-${runs.length}`);
      await makeProject(root, { git: way.git, config: { checks: way.checks, setup: null } });
      runs.push({ way: way.name, kills, ...(await runOnce(place, root, script, kills)) });
    }
  return { idealSeconds: seconds(idealMs), runs };
}

/** @param {Awaited<ReturnType<typeof measureGraph>>} figures */
export const graphLines = ({ idealSeconds, runs }) =>
  runs.map(
    (run) =>
      `reference graph, ${run.way}, ${run.kills} kills: ${run.wallSeconds} s, ideal ${idealSeconds} s, ratio ${run.ratio}; calls ${run.made} made, ${run.adopted} adopted, ${run.repeated} repeated; a worker's start ${run.workerStartMs} ms`,
  );

/**
 * @param {import('./place.mjs').Place} place
 * @param {string} root
 * @param {string} script
 * @param {number} kills
 */
async function runOnce({ server }, root, script, kills) {
  const worker = await keepWorker(root);
  const opened = await openProject(root);
  const temporal = await connectClient(server);
  try {
    const { config } = await loadConfig(root, { flags: { script } });
    const startedAt = performance.now();
    const { workflowId } = await opened.start({
      name: 'graph',
      text: 'Do it.',

      mode: 'static',
      config,
    });
    const ended = new AbortController();
    const result = temporal.workflow.getHandle(workflowId).result();
    const killing = worker.killSpread(kills, ended.signal);
    const late = sleep(longestMs, undefined, { signal: ended.signal }).then(
      () => Promise.reject(new Error(`The graph did not end within ${longestMs / 1_000} s.`)),
      () => undefined,
    );
    try {
      await Promise.race([result, late, killing.then(() => result)]);
    } finally {
      ended.abort();
    }
    const wallMs = performance.now() - startedAt;
    const made = await madeCalls(root);
    const status = await opened.feature('graph').status();
    const undone = status.tasks.filter((task) => task.state !== 'done').length;
    if (status.phase !== 'done' || undone > 0 || new Set(made).size !== calls)
      throw new Error(
        `The graph went wrong: ${status.phase}, ${undone} tasks not done, ${made.length} calls.`,
      );
    return {
      wallSeconds: seconds(wallMs),
      ratio: rounded(wallMs / idealMs, 2),
      made: made.length,
      repeated: made.length - calls,
      adopted: status.calls.adopted,
      workerStartMs: rounded(median(worker.startsMs)),
    };
  } finally {
    await temporal.connection.close();
    await opened.close();
    await worker.end();
  }
}

/**
 * The model's own account of its starts.
 *
 * @param {string} root
 */
async function madeCalls(root) {
  const ledger = join(root, '.blueprint', 'features', 'graph', 'scripted-ledger.jsonl');
  return (await readFile(ledger, 'utf8')).trim().split('\n');
}

/**
 * A worker that is killed and started again.
 *
 * @param {string} root
 */
async function keepWorker(root) {
  let worker = startWorker(root);
  const startsMs = [await worker.ready];
  return {
    startsMs,
    end: () => worker.kill(),
    /**
     * Kills the worker, spread over the ideal time, and starts the next one at once.
     *
     * @param {number} kills
     * @param {AbortSignal} signal
     */
    async killSpread(kills, signal) {
      const pauseMs = idealMs / (kills + 1);
      const startedAt = performance.now();
      for (let kill = 1; kill <= kills; kill++) {
        const waitMs = Math.max(0, startedAt + kill * pauseMs - performance.now());
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        await worker.kill();
        worker = startWorker(root);
        startsMs.push(await worker.ready);
      }
    },
  };
}
