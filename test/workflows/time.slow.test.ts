import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { signalNames } from '../../src/domain/feature/protocol.js';
import type { FeatureView } from '../../src/domain/journal/view.js';
import { runs, until } from '../support/calls.js';
import { keepHistory } from '../support/histories.js';
import {
  answersFor,
  fileAnswer,
  ledgerOf,
  makeProject,
  rejection,
  repeatedCalls,
  task,
} from '../support/project.js';
import { type TimeSkippedFeature, withFeature } from '../support/time-skipped-feature.js';
import { createTimeSkipping } from '../support/time-skipping.js';

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkipping();
}, 120_000);
afterAll(() => environment.teardown());

const isOpen = (gate: string) => (view: FeatureView) => view.gates.some((open) => open.gate === gate);
const stateOf = (view: FeatureView, id: string) => view.tasks.find((one) => one.id === id)?.state;

async function approve({ handle, reaches }: TimeSkippedFeature, gate: string): Promise<void> {
  const view = await reaches(`the gate ${gate}`, isOpen(gate));
  const number = view.gates.find((open) => open.gate === gate)?.number;
  await handle.signal(signalNames.approve, { gate, number });
}

test('an approval three days later finds everything as it was', async () => {
  const plan = { tasks: [task('T001')] };
  const project = await makeProject(answersFor(plan), { gates: { result: 'auto' } });
  await withFeature(environment, project, 'interactive', async (feature) => {
    await feature.reaches('the plan gate', isOpen('plan'));
    const opened = await environment.currentTimeMs();
    await environment.sleep('3 days');
    await approve(feature, 'plan');
    await feature.handle.result();
    const view = await feature.view();
    expect(view.phase).toBe('done');
    expect(view.verified).toBe(true);
    expect((view.lastAt ?? 0) - opened).toBeGreaterThanOrEqual(3 * 24 * 3_600_000);
    expect(await repeatedCalls(project.root, 'feature')).toEqual([]);
    await keepHistory(feature.handle, 'approval-three-days-later');
  });
}, 120_000);

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
    await keepHistory(feature.handle, 'rate-limit');
  });
}, 120_000);

test('a quota that no other model can stand in for is waited out, five hours, without a person', async () => {
  const plan = { tasks: [task('T001')] };
  const resetAt = (await environment.currentTimeMs()) + 5 * 3_600_000;
  const project = await makeProject([
    {
      match: { purpose: 'spec' },
      answers: [
        // Each of the five models in turn.
        ...Array.from({ length: 5 }, () => ({ error: { kind: 'quota', resetAt } })),
        { answer: '# The specification' },
      ],
    },
    ...answersFor(plan),
  ]);
  await withFeature(environment, project, 'static', async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    expect(view.phase).toBe('done');
    expect(view.lastAt).toBeGreaterThanOrEqual(resetAt);
    await keepHistory(feature.handle, 'quota');
  });
}, 120_000);

test('three rejected corrections end at the task gate, and a person decides', async () => {
  const plan = { tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] };
  const project = await makeProject(
    [
      { match: { purpose: 'review', task: 'T001' }, answer: rejection('Say it better.') },
      ...answersFor(plan),
    ],
    { gates: { plan: 'auto', result: 'auto' } },
  );
  await withFeature(environment, project, 'interactive', async (feature) => {
    const view = await feature.reaches('the task gate', isOpen('T001'));
    expect(stateOf(view, 'T001')).toBe('waiting');
    expect(view.tasks[0]?.iterations).toBe(3);
    const calls = (await ledgerOf(project.root, 'feature')).filter((line) => line.event === 'start');
    expect(calls.filter((line) => line.call.startsWith('T001-correct'))).toHaveLength(3);
    // The last correction is reviewed too.
    expect(calls.filter((line) => line.call.startsWith('T001-review'))).toHaveLength(4);
    await approve(feature, 'T001');
    await feature.handle.result();
    const after = await feature.view();
    expect(after.tasks.map((one) => one.state)).toEqual(['done', 'done']);
    await keepHistory(feature.handle, 'manual-review');
  });
}, 120_000);

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
    expect(view.tasks.map((one) => one.state)).toEqual(['stopped', 'blocked', 'done']);
    await keepHistory(feature.handle, 'stopped-task');
    await feature.handle.executeUpdate('skipTask', { args: [{ task: 'T001' }] });
    await feature.handle.result();
    expect((await feature.view()).tasks.map((one) => one.state)).toEqual(['skipped', 'done', 'done']);
  });
}, 120_000);

const pidOf = async (root: string, call: string): Promise<number> => {
  const line = await until(
    async () => (await ledgerOf(root, 'feature')).find((one) => one.call.startsWith(call)),
    `the call ${call}`,
  );
  return line.pid;
};
