/** The budget is used up in the middle: nothing more is spent, a person raises it, and nothing is paid for twice. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { signalNames } from '../../src/domain/feature/protocol.js';
import type { FeatureView } from '../../src/domain/journal/view.js';
import { because } from '../../src/domain/reasons.js';
import { readJournal } from '../../src/feature/journal.js';
import { keepHistory } from '../support/histories.js';
import { answersFor, ledgerOf, makeProject, rejection, repeatedCalls, task } from '../support/project.js';
import { withFeature } from '../support/time-skipped-feature.js';
import { createTimeSkipping } from '../support/time-skipping.js';

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkipping();
}, 120_000);
afterAll(() => environment.teardown());

const budgetOpen = (view: FeatureView) => view.gates.some((gate) => gate.gate === 'budget');
const isHeld = (view: FeatureView) => budgetOpen(view) && view.waiting !== undefined;
const states = (view: FeatureView) => view.tasks.map((one) => one.state);
const started = async (root: string) =>
  (await ledgerOf(root, 'feature')).filter((line) => line.event === 'start');
/** How often each task's rounds were begun, by the journal. */
const roundsOf = (view: FeatureView) => view.tasks.map((one) => one.round);

test('tasks side by side are held back together at one gate, in static mode too, and go on where they were', async () => {
  const plan = { tasks: ['T001', 'T002', 'T003', 'T004'].map((id) => task(id)) };
  const { root, script } = await makeProject(
    [
      {
        match: { purpose: 'review', task: 'T001' },
        answers: [
          { answer: rejection('Say it better.') },
          { answer: { approved: true, feedback: '', corrections: [] } },
        ],
      },
      ...answersFor(plan),
    ],
    { budget: { calls: 9 }, maxParallelTasks: 3 },
  );
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const view = await feature.reaches('the budget gate', isHeld);
    expect(await started(root)).toHaveLength(9);
    expect(view.gates).toHaveLength(1);
    expect(view.gates[0]?.reason).toEqual(
      because('budget-held', { why: because('budget-spent', { unit: 'calls', limit: 9, spent: 9 }) }),
    );
    expect(states(view)).not.toContain('running');
    const rounds = roundsOf(view);

    await expect(feature.app.raiseBudget({ calls: 9 })).rejects.toMatchObject({
      code: 'refused',
      reason: because('budget-below-spent', { unit: 'calls', limit: 9, spent: 9, named: true }),
    });
    await expect(feature.app.raiseBudget({})).rejects.toMatchObject({
      reason: because('budget-unnamed'),
    });
    await feature.app.raiseBudget({ calls: 11 });
    // Two calls later it is used up again.
    const again = await feature.reaches(
      'the second opening',
      (seen) => isHeld(seen) && (seen.gates[0]?.number ?? 0) > (view.gates[0]?.number ?? 0),
    );
    expect(await started(root)).toHaveLength(11);
    expect(again.gates).toHaveLength(1);

    await feature.app.raiseBudget({ calls: 100 });
    await feature.handle.result();
    const after = await feature.view();
    expect(after.phase).toBe('done');
    expect(after.gates).toEqual([]);
    expect(await repeatedCalls(root, 'feature')).toEqual([]);
    // The specification, the plan, its refinement; a draft and a review each, and one correction that is reviewed.
    expect(await started(root)).toHaveLength(3 + 4 * 2 + 2);
    expect(roundsOf(after).slice(0, 3)).toEqual(rounds.slice(0, 3));
    await keepHistory(feature.handle, 'budget', ['T001/1']);
  });
}, 120_000);

test('before there is a plan, the call that was held back is made when the budget is raised', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(answersFor(plan), { budget: { calls: 1 } });
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const view = await feature.reaches('the budget gate', isHeld);
    expect(view.phase).toBe('plan');
    await feature.app.raiseBudget({ calls: 2 });
    // Held back at the refinement, which is not given up for it.
    await feature.reaches('the second opening', (seen) => isHeld(seen) && seen.gates[0]?.number === 2);
    await feature.app.raiseBudget({ calls: 20 });
    await feature.handle.result();
    expect((await started(root)).map((line) => line.call.split('.')[0])).toEqual([
      'spec',
      'plan',
      'refine',
      'T001-draft',
      'T001-review',
    ]);
    expect((await feature.view()).warnings).toEqual([]);
    await keepHistory(feature.handle, 'budget-before-plan');
  });
}, 120_000);

test('nobody passes the gate by approving it', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(answersFor(plan), { budget: { calls: 4 } });
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const view = await feature.reaches('the budget gate', isHeld);
    await expect(feature.app.approve({ gate: 'budget' })).rejects.toMatchObject({
      code: 'budget-gate',
      params: { feature: 'feature' },
    });
    const number = view.gates[0]?.number;
    await feature.handle.signal(signalNames.approve, { gate: 'budget', number });
    const after = await feature.reaches('the answer', (seen) => seen.warnings.length > 0);
    expect(after.warnings[0]?.reason).toEqual(because('budget-gate'));
    expect(isHeld(after)).toBe(true);
    expect(await started(root)).toHaveLength(4);
  });
}, 120_000);

test('a feature that is stopped at the gate goes on when it is raised and resumed, in either order', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(answersFor(plan), { budget: { calls: 1 } });
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.reaches('the budget gate', isHeld);
    await feature.app.stop();
    await feature.reaches('the stop', (view) => view.stopped);
    await feature.app.raiseBudget({ calls: 4 });
    await feature.app.resume();
    await feature.reaches(
      'the review that is held back',
      (view) => isHeld(view) && view.phase === 'execution',
    );
    await feature.app.stop();
    await feature.reaches('the stop', (view) => view.stopped);
    await feature.app.resume();
    await feature.reaches('the gate again', (view) => !view.stopped && budgetOpen(view));
    await feature.app.raiseBudget({ calls: 20 });
    await feature.handle.result();
    expect((await feature.view()).gates).toEqual([]);
    expect(await repeatedCalls(root, 'feature')).toEqual([]);
  });
}, 120_000);

test('when all that was held back is skipped, nothing waits for the budget any more', async () => {
  const plan = { tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] };
  const { root, script } = await makeProject(answersFor(plan), { budget: { calls: 5 } });
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const view = await feature.reaches('the budget gate', isHeld);
    expect(states(view)).toEqual(['done', 'waiting']);
    await feature.app.skip('T002');
    await feature.handle.result();
    const after = await feature.view();
    expect(after.gates).toEqual([]);
    expect(states(after)).toEqual(['done', 'skipped']);
  });
}, 120_000);

test('a race that is held back is run with both when the budget is raised', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(
    [
      { match: { purpose: 'compare' }, answer: { selected: 'gemini', reasoning: 'It is shorter.' } },
      ...answersFor(plan),
    ],
    { budget: { calls: 4 }, race: { code: ['gemini', 'deepseek'] } },
  );
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.reaches('the budget gate', isHeld);
    expect(await started(root)).toHaveLength(4);
    await feature.app.raiseBudget({ calls: 20 });
    await feature.handle.result();
    expect((await feature.view()).phase).toBe('done');
    expect(await repeatedCalls(root, 'feature')).toEqual([]);
    expect((await started(root)).filter((line) => line.call.startsWith('T001-draft'))).toHaveLength(2);
    const journal = await readJournal(feature.directory);
    expect(journal.filter((entry) => entry.kind === 'race')).toHaveLength(1);
  });
}, 120_000);

test('without a budget, a feature gets as many calls as its plan can need', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(answersFor(plan), { maxIterations: 0 });
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    const { budget, usage, unknown } = await feature.app.status();
    expect(budget.limits).toEqual({ calls: 50 + 6 });
    expect(budget.spent.calls).toBe(5);
    expect(usage.inputTokens).toBeGreaterThan(0);
    expect(usage.costUsd).toBeUndefined();
    expect(unknown).toEqual({ tokens: 0, cost: 5 });
  });
}, 120_000);
