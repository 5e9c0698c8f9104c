/** Ten features at once in one repository: all finish, none starves, and the places for calls are kept. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { featureView } from '../../src/domain/journal/view.js';
import { readJournal } from '../../src/feature/journal.js';
import { featureDirectory } from '../../src/feature/project.js';
import type { ServerAddress } from '../../src/temporal/connection/server-address.js';
import { until } from '../support/calls.js';
import { type LiveFeature, startLiveFeature } from '../support/live-feature.js';
import {
  answersFor,
  git,
  type LedgerLine,
  ledgerOf,
  makeProject,
  repeatedCalls,
  task,
} from '../support/project.js';
import { testServer, testServerEnvironment } from '../support/temporal.js';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js';

const features = Array.from({ length: 10 }, (_, index) => `feature-${index + 1}`);
const plan = { tasks: [task('T001'), task('T002'), task('T003', { dependsOn: ['T001', 'T002'] })] };
const delayMs = 1_000;
const most = 4;
/** Spec, plan, refinement, and a draft and a review for each task. */
const callsEach = 3 + 2 * plan.tasks.length;
const idealMs = (features.length * callsEach * delayMs) / most;
/** Two busy cores, on which every call is four processes. */
const limitMs = 540_000;

let server: ServerAddress;
const workers: WorkerProcess[] = [];
const open: LiveFeature[] = [];

beforeAll(async () => {
  server = await testServer();
}, 300_000);
afterAll(async () => {
  for (const worker of workers) await worker.kill();
  for (const feature of open) await feature.close();
});

test(
  'ten features of one repository finish side by side, and share the places for calls',
  async () => {
    const script = answersFor(plan).map((entry) => ({ ...entry, delayMs }));
    const project = await makeProject(script, { maxParallelCalls: most });
    const begun = Date.now();
    for (const name of features) open.push(await startLiveFeature(server, project, 'static', name));
    // Two workers: what they share is on disk.
    for (let count = 0; count < 2; count++)
      workers.push(await startWorkerProcess(project.root, testServerEnvironment()));
    const phaseOf = async (name: string) =>
      featureView(await readJournal(featureDirectory(project.root, name))).phase;
    await until(
      async () => (await Promise.all(features.map(phaseOf))).every((phase) => phase === 'done'),
      'the end of all ten',
      limitMs,
    );
    const wallMs = Date.now() - begun;

    const ledgers = await Promise.all(features.map((name) => ledgerOf(project.root, name)));
    const ends = ledgers.map((lines) => Math.max(...lines.map((line) => line.at)) - begun);
    const inSeconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
    console.info(
      `Ten features, ${features.length * callsEach} calls of ${inSeconds(delayMs)}, ${most} at once: ${inSeconds(wallMs)}, ideal ${inSeconds(idealMs)}. The first was done after ${inSeconds(Math.min(...ends))}, the last after ${inSeconds(Math.max(...ends))}.`,
    );
    expect(height(ledgers.flat())).toBeLessThanOrEqual(most);
    for (const name of features) {
      expect(await repeatedCalls(project.root, name)).toEqual([]);
      const log = await git(project.root, 'log', '--format=%P', `main..blueprint/${name}`);
      expect(log.split('\n')).toHaveLength(plan.tasks.length);
    }
    // In turn: when the first is done, the last has had most of its calls.
    const firstEnd = Math.min(...ends) + begun;
    const behind = ledgers.map(
      (lines) => lines.filter((line) => line.event === 'start' && line.at < firstEnd).length,
    );
    expect(Math.min(...behind)).toBeGreaterThanOrEqual(callsEach / 2);
    expect(await git(project.root, 'status', '--porcelain')).toBe('');
    expect((await git(project.root, 'worktree', 'list')).split('\n')).toHaveLength(1);
  },
  limitMs + 60_000,
);

/** The most calls that ran at once, by the scripted model's own account. */
function height(lines: LedgerLine[]): number {
  let now = 0;
  let most = 0;
  // One that ends in the very millisecond in which another begins was there before.
  const order = (a: LedgerLine, b: LedgerLine) => a.at - b.at || (a.event === 'end' ? -1 : 1);
  for (const line of [...lines].sort(order)) {
    now += line.event === 'start' ? 1 : -1;
    most = Math.max(most, now);
  }
  return most;
}
