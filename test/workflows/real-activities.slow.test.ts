/** Workflows with the activities that a worker has: real processes, real git, a real store of calls. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { signalNames } from '../../src/domain/feature/protocol.js';
import { runs, until } from '../support/calls.js';
import {
  answersFor,
  fileAnswer,
  git,
  ledgerOf,
  makeProject,
  repeatedCalls,
  task,
} from '../support/project.js';
import { withFeature } from '../support/time-skipped-feature.js';
import { createTimeSkipping } from '../support/time-skipping.js';
import { isWaiting, states } from './views.js';

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkipping();
}, 120_000);
afterAll(() => environment.teardown());

test('a rate limit is waited out by the delay that the model asks for', async () => {
  const plan = { tasks: [task('T001')] };
  const hour = 3_600_000;
  const project = await makeProject([
    {
      match: { purpose: 'draft', task: 'T001' },
      answers: [
        { error: { kind: 'rate-limit', retryAfterMs: hour } },
        { answer: fileAnswer('T001.txt', 'after the limit') },
      ],
    },
    ...answersFor(plan),
  ]);
  await withFeature(environment, project, 'static', async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    expect(view.phase).toBe('done');
    const [first, second] = (await ledgerOf(project.root, 'feature')).filter(
      (line) => line.event === 'start' && line.call.startsWith('T001-draft'),
    );
    expect([first?.try, second?.try]).toEqual([1, 2]);
    expect(first?.call).toBe(second?.call);
  });
});

test('a task that is stopped in the middle of a call leaves no process, blocks its dependents, and no others', async () => {
  const plan = {
    tasks: [task('T001'), task('T002', { dependsOn: ['T001'] }), task('T003')],
  };
  const project = await makeProject([
    {
      match: { purpose: 'draft', task: 'T001' },
      answers: [{ answer: fileAnswer('T001.txt', 'too late'), delayMs: 600_000 }],
    },
    ...answersFor(plan),
  ]);
  await withFeature(environment, project, 'static', async (feature) => {
    const pid = await pidOf(project.root, 'T001-draft');
    expect(runs(pid)).toBe(true);
    await feature.handle.signal(signalNames.stopTask, { task: 'T001' });
    const view = await feature.reaches('the wait for a person', (seen) => seen.waiting !== undefined);
    expect(runs(pid)).toBe(false);
    expect(states(view)).toEqual({ T001: 'stopped', T002: 'blocked', T003: 'done' });
    await feature.handle.executeUpdate('skipTask', { args: [{ task: 'T001' }] });
    await feature.handle.result();
    expect((await feature.view()).tasks.map((one) => one.state)).toEqual(['skipped', 'done', 'done']);
  });
});

/** The process of a call that runs. */
const pidOf = async (root: string, call: string): Promise<number> => {
  const line = await until(
    async () => (await ledgerOf(root, 'feature')).find((one) => one.call.startsWith(call)),
    `the call ${call}`,
  );
  return line.pid;
};

test('a review task with nothing to review fails and says so', async () => {
  const plan = { tasks: [task('T001', { type: 'review' })] };
  const { root, script } = await makeProject(answersFor(plan));
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const view = await feature.reaches('the wait for a person', isWaiting);
    expect(view.tasks[0]?.reason).toMatchObject({ params: { text: 'No code files found to review' } });
  });
});

test('a stopped feature leaves no process and goes on where it stood', async () => {
  const plan = { tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] };
  const { root, script } = await makeProject([
    {
      match: { purpose: 'draft', task: 'T002', round: 1 },
      answer: 'never',
      delayMs: 600_000,
    },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const draft = await until(
      async () => (await ledgerOf(root, 'feature')).find((line) => line.call.startsWith('T002-draft')),
      'the draft',
    );
    await feature.app.stop();
    await until(() => !runs(draft.pid), 'the end of the call');
    const stopped = await feature.reaches(
      'the stop',
      (view) => view.stopped && states(view).T002 === 'missing',
    );
    expect(states(stopped)).toEqual({ T001: 'done', T002: 'missing' });
    await feature.app.resume();
    await feature.handle.result();
    expect(states(await feature.view())).toEqual({ T001: 'done', T002: 'done' });
    expect(await repeatedCalls(root, 'feature')).toEqual([]);
  });
});

test('a feature whose workflow is gone goes on from what was approved and integrated', async () => {
  const plan = { tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] };
  const { root, script } = await makeProject([
    { match: { purpose: 'draft', task: 'T002', round: 1 }, answer: 'never', delayMs: 600_000 },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.reaches('the second task', (view) => states(view).T002 === 'running');
    await feature.handle.terminate();
    await feature.app.resume();
    await feature.handle.client.getHandle(feature.handle.workflowId).result();
    const view = await feature.view();
    expect(states(view)).toEqual({ T001: 'done', T002: 'done' });
    expect((await git(root, 'log', '--format=%s', 'main..blueprint/feature')).split('\n')).toEqual([
      'Write T002',
      'Write T001',
    ]);
    const made = (await ledgerOf(root, 'feature')).filter((line) => line.event === 'start');
    expect(made.filter((line) => line.call.startsWith('spec'))).toHaveLength(1);
    expect(made.filter((line) => line.call.startsWith('T001-draft'))).toHaveLength(1);
  });
});

test('each opened gate is told to the command of the configuration, and Temporal shows names a person understands', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(answersFor(plan), {
    notify: 'cat >>.git/told; echo >>.git/told',
    gates: { spec: 'auto', plan: 'ask', task: 'ask', result: 'auto' },
  });
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    const told = await until(async () => readFile(join(root, '.git', 'told'), 'utf8').catch(() => ''));
    expect(JSON.parse(told.split('\n')[0] ?? '')).toMatchObject({
      feature: 'feature',
      gate: 'plan',
      number: 1,
      reason: { code: 'plan-ready', params: { tasks: 1 } },
      text: 'plan ready: tasks 1',
    });
    const metadata = await feature.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('**feature**: plan');
    expect(metadata.currentDetails).toContain('waits at **plan**: plan ready: tasks 1');
    await feature.app.approve({ gate: 'plan' });
    await feature.handle.result();
  });
});

test('in a folder that is no git repository the drafts stay in partial/ and the result is unverified', async () => {
  const plan = { tasks: [task('T001'), task('T002', { type: 'review', dependsOn: ['T001'] })] };
  const { root, script } = await makeProject(answersFor(plan));
  await rm(join(root, '.git'), { recursive: true });
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    expect(states(view)).toEqual({ T001: 'done', T002: 'done' });
    expect(view.verified).toBe(false);
    expect(await readFile(join(feature.directory, 'partial', 'T001_code.txt'), 'utf8')).toBe(
      'draft of T001\n',
    );
  });
});
