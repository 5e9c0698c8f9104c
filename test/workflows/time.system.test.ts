/** What takes hours or days: gates, rate limits, quotas. */
import { expect, test } from '@jest/globals';
import { keepHistory } from '../support/histories.js';
import { answersFor, fileAnswer, rejection, task } from '../support/project.js';
import { stubbedFeatures } from '../support/stubs/features.js';
import { isOpen, states } from './views.js';

const features = stubbedFeatures();
const hour = 3_600_000;
const plan = { tasks: [task('T001')] };

test('an approval three days later finds everything as it was', () =>
  features.play(
    { mode: 'interactive', answers: answersFor(plan), config: { gates: { result: 'auto' } } },
    async (feature) => {
      await feature.reaches('the plan gate', isOpen('plan'));
      const opened = await features.now();
      await features.sleep('3 days');
      await feature.approve('plan');
      await feature.handle.result();
      const view = await feature.view();
      expect(view.phase).toBe('done');
      expect(view.verified).toBe(true);
      expect((view.lastAt ?? 0) - opened).toBeGreaterThanOrEqual(3 * 24 * hour);
      expect(feature.repeated()).toEqual([]);
      await keepHistory(feature.handle, 'approval-three-days-later');
    },
  ));

test('a rate limit is waited out by the delay that the model asks for', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        {
          match: { purpose: 'draft', task: 'T001' },
          answers: [
            { error: { kind: 'rate-limit', retryAfterMs: hour } },
            { answer: fileAnswer('T001.txt', 'after the limit') },
          ],
        },
        ...answersFor(plan),
      ],
    },
    async (feature) => {
      const begun = await features.now();
      await feature.handle.result();
      const view = await feature.view();
      expect(view.phase).toBe('done');
      // The same call, in its second try.
      expect(feature.started.filter((call) => call.startsWith('T001-draft'))).toEqual([
        'T001-draft.1',
        'T001-draft.1',
      ]);
      expect((view.lastAt ?? 0) - begun).toBeGreaterThanOrEqual(hour);
      await keepHistory(feature.handle, 'rate-limit');
    },
  ));

test('a quota that no other model can stand in for is waited out, five hours, without a person', async () => {
  const resetAt = (await features.now()) + 5 * hour;
  const answers = [
    {
      match: { purpose: 'spec' as const },
      answers: [
        // Each of the five models in turn.
        ...Array.from({ length: 5 }, () => ({ error: { kind: 'quota' as const, resetAt } })),
        { answer: '# The specification' },
      ],
    },
    ...answersFor(plan),
  ];
  await features.play({ mode: 'static', answers }, async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    expect(view.phase).toBe('done');
    expect(view.lastAt).toBeGreaterThanOrEqual(resetAt);
    await keepHistory(feature.handle, 'quota');
  });
});

test('three rejected corrections end at the task gate, and a person decides', () =>
  features.play(
    {
      mode: 'interactive',
      answers: [
        { match: { purpose: 'review', task: 'T001' }, answer: rejection('Say it better.') },
        ...answersFor({ tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] }),
      ],
      config: { gates: { plan: 'auto', result: 'auto' } },
    },
    async (feature) => {
      const view = await feature.reaches('the task gate', isOpen('T001'));
      expect(states(view)).toMatchObject({ T001: 'waiting' });
      expect(view.tasks[0]?.iterations).toBe(3);
      const started = (what: string) => feature.started.filter((call) => call.startsWith(what));
      expect(started('T001-correct')).toHaveLength(3);
      // The last correction is reviewed too.
      expect(started('T001-review')).toHaveLength(4);
      await feature.approve('T001');
      await feature.handle.result();
      expect(states(await feature.view())).toEqual({ T001: 'done', T002: 'done' });
      await keepHistory(feature.handle, 'manual-review');
    },
  ));

test('a task that is stopped in the middle of a call ends that call, blocks its dependents, and no others', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        { match: { purpose: 'draft', task: 'T001' }, hangs: true },
        ...answersFor({ tasks: [task('T001'), task('T002', { dependsOn: ['T001'] }), task('T003')] }),
      ],
    },
    async (feature) => {
      await feature.begins('T001-draft.1');
      await feature.stopTask('T001');
      const view = await feature.reaches('the wait for a person', (seen) => seen.waiting !== undefined);
      expect(feature.ended).toEqual(['T001-draft.1']);
      expect(states(view)).toEqual({ T001: 'stopped', T002: 'blocked', T003: 'done' });
      await keepHistory(feature.handle, 'stopped-task');
      await feature.app.skip('T001');
      await feature.handle.result();
      expect(states(await feature.view())).toEqual({ T001: 'skipped', T002: 'done', T003: 'done' });
    },
  ));
