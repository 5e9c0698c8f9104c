/** Going back, and forward again: what the workflow stops, what it forgets, and where it goes on. */
import { expect, test } from '@jest/globals';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import { answersFor, task } from '../support/project.js';
import { type StubbedFeature, stubbedFeatures } from '../support/stubs/features.js';
import { isOpen, states } from './views.js';

const features = stubbedFeatures();

const gates = { spec: 'auto', plan: 'auto', task: 'ask', result: 'ask' } as const;
const plan = {
  tasks: [task('T001'), task('T002', { dependsOn: ['T001'] }), task('T003', { dependsOn: ['T002'] })],
};
const allDone = { T001: 'done', T002: 'done', T003: 'done' };

type Rewound = JournalEntry & { kind: 'rewound' };
const rewinds = async (feature: StubbedFeature): Promise<Rewound[]> =>
  (await feature.journal()).filter((entry): entry is Rewound => entry.kind === 'rewound');

/** Waits until the result gate is open again, after so many rewinds. */
const atResult = (feature: StubbedFeature, count: number) =>
  feature.reaches(
    `the result gate after ${count} rewinds`,
    (view) => view.rewinds === count && isOpen('result')(view),
  );

test('back to the middle, to the start, and forward again: tasks begin anew, or are as they were', () =>
  features.play({ mode: 'interactive', answers: answersFor(plan), config: { gates } }, async (feature) => {
    const first = await atResult(feature, 0);
    const commits = first.tasks.map(({ commit }) => commit);

    await feature.app.rewind('T002');
    const [middle] = await rewinds(feature);
    expect(middle).toMatchObject({ to: 'T002', head: commits[0], from: commits[2] });
    expect(middle?.tasks.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'T001 done',
      'T002 missing',
      'T003 missing',
    ]);
    const again = await atResult(feature, 1);
    expect(states(again)).toEqual(allDone);
    // Done anew, in rounds of their own.
    expect(again.tasks.map(({ round }) => round)).toEqual([1, 2, 2]);
    expect(again.tasks[0]?.commit).toBe(commits[0]);
    expect(again.tasks[1]?.commit).not.toBe(commits[1]);

    await feature.app.rewind('start');
    expect(states(await atResult(feature, 2))).toEqual(allDone);

    await feature.app.rewind('rewound/1');
    const forward = await atResult(feature, 3);
    expect(forward.tasks.map(({ commit }) => commit)).toEqual(commits);

    // The moments before what is there again can be named again.
    await feature.app.rewind('T003');
    expect((await rewinds(feature))[3]).toMatchObject({ head: commits[1] });
    await atResult(feature, 4);
    await feature.approve('result');
    await feature.handle.result();
    expect(feature.repeated()).toEqual([]);
    expect(feature.branch()).toHaveLength(3);
  }));

test('tasks that run are stopped first, and begin again', () =>
  features.play(
    {
      mode: 'interactive',
      answers: [{ match: { purpose: 'draft', task: 'T003', round: 1 }, hangs: true }, ...answersFor(plan)],
      config: { gates: { ...gates, result: 'auto' } },
    },
    async (feature) => {
      await feature.begins('T003-draft.1');
      await feature.app.rewind('T002');
      expect(feature.ended).toEqual(['T003-draft.1']);
      await feature.handle.result();
      expect(states(await feature.view())).toEqual(allDone);
    },
  ));

test('the plan is the one that stood then, and comes back with what is kept', () => {
  const tasks = [...plan.tasks, task('T004')];
  return features.play(
    { mode: 'interactive', answers: answersFor({ tasks }), config: { gates } },
    async (feature) => {
      await atResult(feature, 0);
      // The model's plan has four tasks, and the fifth is added by hand.
      await feature.app.editPlan({ tasks: [...tasks, task('T005', { title: 'One more' })] });
      await feature.app.rewind('T001');
      const ids = (view: { tasks: { id: string }[] }) => view.tasks.map(({ id }) => id);
      expect(ids(await atResult(feature, 1))).toEqual(['T001', 'T002', 'T003', 'T004']);
      await feature.app.rewind('rewound/1');
      const forward = await feature.reaches('the edited plan', (view) => view.rewinds === 2);
      expect(ids(forward)).toEqual(['T001', 'T002', 'T003', 'T004', 'T005']);
    },
  );
});

test('a name that leads nowhere is answered with those that do', () =>
  features.play({ mode: 'interactive', answers: answersFor(plan), config: { gates } }, async (feature) => {
    await atResult(feature, 0);
    await expect(feature.app.rewind('T009')).rejects.toThrow(
      'There is no way back to "T009". What can be named: start, T001, T002, T003.',
    );
    await expect(feature.app.rewind('rewound/1')).rejects.toThrow('What can be named');
  }));
