/** Workers killed without a warning, at the moments that hurt: the result is the same, and no call is made twice. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { signalNames } from '../../src/domain/feature/protocol.js';
import type { ServerAddress } from '../../src/temporal/connection/server-address.js';
import { runs, until } from '../support/calls.js';
import { type LiveFeature, startLiveFeature } from '../support/live-feature.js';
import {
  answersFor,
  approval,
  git,
  ledgerOf,
  makeProject,
  rejection,
  repeatedCalls,
  type ScriptEntry,
  type TestProject,
  task,
} from '../support/project.js';
import { expectReplays } from '../support/replay.js';
import { testServer, testServerEnvironment } from '../support/temporal.js';
import { keepWorker } from '../support/worker-process.js';

const plan = {
  tasks: [
    task('T001'),
    task('T002'),
    task('T003', { dependsOn: ['T001'] }),
    task('T004', { dependsOn: ['T002', 'T003'] }),
  ],
};
const slowly = (entries: ScriptEntry[], delayMs = 400): ScriptEntry[] =>
  entries.map((entry) => ({ ...entry, delayMs }));
const script: ScriptEntry[] = slowly([
  {
    match: { purpose: 'review', task: 'T002' },
    answers: [{ answer: rejection('Again.') }, { answer: approval }],
  },
  ...answersFor(plan),
]);

let server: ServerAddress;
let environment: Record<string, string>;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await testServer();
  environment = testServerEnvironment();
}, 300_000);
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function begin(project: TestProject, mode: 'static' | 'interactive' = 'static') {
  const feature = await startLiveFeature(server, project, mode);
  const worker = await keepWorker(project.root, environment);
  open.push({
    async close() {
      await worker.kill();
      await feature.close();
    },
  });
  return { feature, worker };
}

/** What an undisturbed run leaves, whatever happened on the way. */
async function expectTheSame({ root }: TestProject, feature: LiveFeature): Promise<void> {
  await feature.handle.result();
  await expectReplays(feature.handle);
  const view = await feature.view();
  expect(view.phase).toBe('done');
  expect(view.verified).toBe(true);
  expect(view.tasks.map((one) => one.state)).toEqual(['done', 'done', 'done', 'done']);
  expect(await repeatedCalls(root, 'feature')).toEqual([]);
  const files = await git(root, 'ls-tree', '--name-only', 'blueprint/feature');
  expect(files.split('\n').filter((file) => file.endsWith('.txt'))).toEqual([
    'T001.txt',
    'T002.txt',
    'T003.txt',
    'T004.txt',
  ]);
  expect(await git(root, 'show', 'blueprint/feature:T002.txt')).toBe('corrected T002');
  // One commit a task, in one line, on top of the base.
  const commits = (await git(root, 'log', '--format=%P', 'main..blueprint/feature')).split('\n');
  expect(commits).toHaveLength(4);
  expect(commits.every((parents) => !parents.includes(' '))).toBe(true);
  expect(await git(root, 'status', '--porcelain')).toBe('');
  expect(await git(root, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('main');
}

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `T${String(from + index).padStart(3, '0')}`);
const callsOf = (feature: LiveFeature): string[] =>
  existsSync(join(feature.directory, 'calls')) ? readdirSync(join(feature.directory, 'calls')) : [];
const startedCalls = async (root: string): Promise<string[]> =>
  (await ledgerOf(root, 'feature')).filter((line) => line.event === 'start').map((line) => line.call);

test('killed during the specification, the worker that follows takes the running call over', async () => {
  const project = await makeProject(script);
  const { feature, worker } = await begin(project);
  await until(async () => (await startedCalls(project.root)).some((call) => call.startsWith('spec')));
  await worker.killAndRestart();
  await expectTheSame(project, feature);
}, 120_000);

test('killed between the answer and its acknowledgement, the finished call is not made again', async () => {
  const project = await makeProject(script);
  const { feature, worker } = await begin(project);
  await until(() =>
    callsOf(feature).some(
      (call) => existsSync(join(feature.directory, 'calls', call, 'result.json')) && call.startsWith('spec'),
    ),
  );
  await worker.killAndRestart();
  await expectTheSame(project, feature);
}, 120_000);

test('killed during two drafts side by side, both go on', async () => {
  const project = await makeProject(script);
  const { feature, worker } = await begin(project);
  await until(async () => {
    const calls = await startedCalls(project.root);
    return ['T001-draft', 'T002-draft'].every((name) => calls.some((call) => call.startsWith(name)));
  });
  await worker.killAndRestart(300);
  await expectTheSame(project, feature);
}, 120_000);

test('killed during a check, the check goes on and is not run beside itself', async () => {
  const project = await makeProject(script, {
    checks: [{ name: 'test', command: 'echo run >>"$BLUEPRINT_CALL/runs"; sleep 1; sh check.sh' }],
  });
  const { feature, worker } = await begin(project);
  await until(() => callsOf(feature).some((call) => call.startsWith('T001-checks')));
  await worker.killAndRestart();
  await expectTheSame(project, feature);
}, 120_000);

test('killed when an integration has moved the branch, the commit is found and not made twice', async () => {
  const project = await makeProject(script);
  const { feature, worker } = await begin(project);
  const base = await git(project.root, 'rev-parse', 'main');
  await until(async () => {
    const head = await git(project.root, 'rev-parse', 'refs/blueprint/feature/head').catch(() => base);
    return head !== base;
  });
  await worker.killAndRestart();
  await expectTheSame(project, feature);
}, 120_000);

test('killed again and again at any moment, the result is the same', async () => {
  const project = await makeProject(script);
  const { feature, worker } = await begin(project);
  for (let kill = 0; kill < 8; kill++) {
    await delay(200 + Math.random() * 900);
    if ((await feature.view()).phase === 'done') break;
    await worker.killAndRestart();
  }
  expect(worker.kills()).toBeGreaterThan(2);
  await expectTheSame(project, feature);
}, 180_000);

test('tasks that end together go the same way when a worker that starts anew goes over them', async () => {
  const many = {
    tasks: [
      task('T000'),
      ...range(1, 9).map((id) => task(id, { dependsOn: ['T000'] })),
      task('T010', { dependsOn: range(1, 9) }),
    ],
  };
  const project = await makeProject(slowly(answersFor(many), 100));
  const { feature } = await begin(project);
  await feature.handle.result();
  expect((await feature.view()).tasks.map((one) => one.state)).toEqual(many.tasks.map(() => 'done'));
  await expectReplays(feature.handle);
}, 120_000);

test('an approval that is sent while no worker runs is there when one comes back', async () => {
  const project = await makeProject(script, { gates: { result: 'auto' } });
  const { feature, worker } = await begin(project, 'interactive');
  await feature.reaches('the plan gate', (view) => view.gates.some((gate) => gate.gate === 'plan'));
  await worker.kill();
  await feature.app.approve({ gate: 'plan' });
  await worker.restart();
  await expectTheSame(project, feature);
}, 120_000);

test('a stop that is sent while no worker runs ends the call as soon as one comes back', async () => {
  const project = await makeProject([
    { match: { purpose: 'draft', task: 'T001' }, answer: 'too late', delayMs: 600_000 },
    ...script,
  ]);
  const { feature, worker } = await begin(project);
  const line = await until(
    async () => (await ledgerOf(project.root, 'feature')).find((one) => one.call.startsWith('T001-draft')),
    'the draft',
    60_000,
  );
  await worker.kill();
  await feature.handle.signal(signalNames.stopTask, { task: 'T001' });
  expect(runs(line.pid)).toBe(true);
  await worker.restart();
  await until(() => !runs(line.pid), 'the end of the call');
  const view = await feature.reaches('the wait for a person', (seen) => seen.waiting !== undefined);
  expect(view.tasks.map((one) => one.state)).toEqual(['stopped', 'done', 'blocked', 'blocked']);
  await expectReplays(feature.handle);
}, 120_000);
