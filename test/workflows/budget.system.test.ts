/** The budget is used up in the middle: nothing more is spent, a person raises it, and nothing is paid for twice. */
import { expect, test } from '@jest/globals';
import { signalNames } from '../../src/domain/feature/protocol.js';
import type { FeatureView } from '../../src/domain/journal/view.js';
import { because } from '../../src/domain/reasons.js';
import { keepHistory } from '../support/histories.js';
import { answersFor, approval, rejection, task } from '../support/project.js';
import { stubbedFeatures } from '../support/stubs/features.js';
import { isOpen, states } from './views.js';

const features = stubbedFeatures();

const one = answersFor({ tasks: [task('T001')] });
const isHeld = (view: FeatureView) => isOpen('budget')(view) && view.waiting !== undefined;
/** How often each task's rounds were begun, by the journal. */
const roundsOf = (view: FeatureView) => view.tasks.map(({ round }) => round);

test('tasks side by side are held back together at one gate, in static mode too, and go on where they were', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        {
          match: { purpose: 'review', task: 'T001' },
          answers: [{ answer: rejection('Say it better.') }, { answer: approval }],
        },
        ...answersFor({ tasks: ['T001', 'T002', 'T003', 'T004'].map((id) => task(id)) }),
      ],
      config: { budget: { calls: 9 }, maxParallelTasks: 3 },
    },
    async (feature) => {
      const view = await feature.reaches('the budget gate', isHeld);
      expect(feature.started).toHaveLength(9);
      expect(view.gates.map(({ reason }) => reason)).toEqual([
        because('budget-held', { why: because('budget-spent', { unit: 'calls', limit: 9, spent: 9 }) }),
      ]);
      expect(Object.values(states(view))).not.toContain('running');
      const rounds = roundsOf(view);

      await expect(feature.app.raiseBudget({ calls: 9 })).rejects.toMatchObject({
        code: 'refused',
        reason: because('budget-below-spent', { unit: 'calls', limit: 9, spent: 9, named: true }),
      });
      await expect(feature.app.raiseBudget({})).rejects.toMatchObject({ reason: because('budget-unnamed') });
      await feature.app.raiseBudget({ calls: 11 });
      // Two calls later it is used up again.
      const again = await feature.reaches(
        'the second opening',
        (seen) => isHeld(seen) && (seen.gates[0]?.number ?? 0) > (view.gates[0]?.number ?? 0),
      );
      expect(feature.started).toHaveLength(11);
      expect(again.gates).toHaveLength(1);

      await feature.app.raiseBudget({ calls: 100 });
      await feature.handle.result();
      const after = await feature.view();
      expect(after.phase).toBe('done');
      expect(after.gates).toEqual([]);
      expect(feature.repeated()).toEqual([]);
      // The specification, the plan, its refinement; a draft and a review each, and one correction that is reviewed.
      expect(feature.started).toHaveLength(3 + 4 * 2 + 2);
      expect(roundsOf(after).slice(0, 3)).toEqual(rounds.slice(0, 3));
      await keepHistory(feature.handle, 'budget', ['T001/1']);
    },
  ));

test('before there is a plan, the call that was held back is made when the budget is raised', () =>
  features.play({ mode: 'static', answers: one, config: { budget: { calls: 1 } } }, async (feature) => {
    const view = await feature.reaches('the budget gate', isHeld);
    expect(view.phase).toBe('plan');
    await feature.app.raiseBudget({ calls: 2 });
    // Held back at the refinement, which is not given up for it.
    await feature.reaches('the second opening', (seen) => isHeld(seen) && seen.gates[0]?.number === 2);
    await feature.app.raiseBudget({ calls: 20 });
    await feature.handle.result();
    expect(feature.started).toEqual(['spec.1', 'plan.1', 'refine.1', 'T001-draft.1', 'T001-review.1']);
    expect((await feature.view()).warnings).toEqual([]);
    await keepHistory(feature.handle, 'budget-before-plan');
  }));

test('nobody passes the gate by approving it', () =>
  features.play({ mode: 'static', answers: one, config: { budget: { calls: 4 } } }, async (feature) => {
    const view = await feature.reaches('the budget gate', isHeld);
    await expect(feature.approve('budget')).rejects.toMatchObject({
      code: 'budget-gate',
      params: { feature: feature.name },
    });
    const number = view.gates[0]?.number;
    await feature.handle.signal(signalNames.approve, { gate: 'budget', number });
    const after = await feature.reaches('the answer', (seen) => seen.warnings.length > 0);
    expect(after.warnings[0]?.reason).toEqual(because('budget-gate'));
    expect(isHeld(after)).toBe(true);
    expect(feature.started).toHaveLength(4);
  }));

test('a feature that is stopped at the gate goes on when it is raised and resumed, in either order', () =>
  features.play({ mode: 'static', answers: one, config: { budget: { calls: 1 } } }, async (feature) => {
    await feature.reaches('the budget gate', isHeld);
    await feature.app.stop();
    await feature.reaches('the stop', (view) => view.stopped);
    await feature.app.raiseBudget({ calls: 4 });
    await feature.app.resume();
    await feature.reaches('the review that is held', (view) => isHeld(view) && view.phase === 'execution');
    await feature.app.stop();
    await feature.reaches('the stop', (view) => view.stopped);
    await feature.app.resume();
    await feature.reaches('the gate again', (view) => !view.stopped && isOpen('budget')(view));
    await feature.app.raiseBudget({ calls: 20 });
    await feature.handle.result();
    expect((await feature.view()).gates).toEqual([]);
    expect(feature.repeated()).toEqual([]);
  }));

test('when all that was held back is skipped, nothing waits for the budget any more', () =>
  features.play(
    {
      mode: 'static',
      answers: answersFor({ tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] }),
      config: { budget: { calls: 5 } },
    },
    async (feature) => {
      const view = await feature.reaches('the budget gate', isHeld);
      expect(states(view)).toEqual({ T001: 'done', T002: 'waiting' });
      await feature.app.skip('T002');
      await feature.handle.result();
      const after = await feature.view();
      expect(after.gates).toEqual([]);
      expect(states(after)).toEqual({ T001: 'done', T002: 'skipped' });
    },
  ));

test('a race that is held back is run with both when the budget is raised', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        { match: { purpose: 'compare' }, answer: { selected: 'gemini', reasoning: 'It is shorter.' } },
        ...one,
      ],
      config: { budget: { calls: 4 }, race: { code: ['gemini', 'deepseek'] } },
    },
    async (feature) => {
      await feature.reaches('the budget gate', isHeld);
      expect(feature.started).toHaveLength(4);
      await feature.app.raiseBudget({ calls: 20 });
      await feature.handle.result();
      expect((await feature.view()).phase).toBe('done');
      expect(feature.repeated()).toEqual([]);
      expect(feature.started.filter((call) => call.startsWith('T001-draft'))).toHaveLength(2);
      expect((await feature.journal()).filter(({ kind }) => kind === 'race')).toHaveLength(1);
    },
  ));

test('without a budget, a feature gets as many calls as its plan can need', () =>
  features.play({ mode: 'static', answers: one, config: { maxIterations: 0 } }, async (feature) => {
    await feature.handle.result();
    const { budget, usage, unknown } = await feature.app.status();
    expect(budget.limits).toEqual({ calls: 50 + 6 });
    expect(budget.spent.calls).toBe(5);
    expect(usage.inputTokens).toBeGreaterThan(0);
    expect(usage.costUsd).toBeUndefined();
    expect(unknown).toEqual({ tokens: 0, cost: 5 });
  }));
