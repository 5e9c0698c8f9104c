/** Going back, and forward again: branch, plan and tasks are what they were, by hash. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import type { FeatureView } from '../../src/domain/journal/view.js';
import { readJournal } from '../../src/feature/journal.js';
import { keepRewound, readRewound } from '../../src/feature/rewound.js';
import { rewindHead } from '../../src/workspace/rewind.js';
import { until } from '../support/calls.js';
import { answersFor, git, makeProject, repeatedCalls, task } from '../support/project.js';
import { type TimeSkippedFeature, withFeature } from '../support/time-skipped-feature.js';
import { createTimeSkipping } from '../support/time-skipping.js';

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkipping();
}, 120_000);
afterAll(() => environment.teardown());

const gates = { spec: 'auto', plan: 'auto', task: 'ask', result: 'ask' } as const;
const plan = {
  tasks: [task('T001'), task('T002', { dependsOn: ['T001'] }), task('T003', { dependsOn: ['T002'] })],
};
const states = (view: FeatureView) => Object.fromEntries(view.tasks.map((one) => [one.id, one.state]));
const allDone = { T001: 'done', T002: 'done', T003: 'done' };

const headTree = (root: string) => git(root, 'rev-parse', 'refs/blueprint/feature/head^{tree}');

type Rewound = JournalEntry & { kind: 'rewound' };
const rewinds = async (directory: string): Promise<Rewound[]> =>
  (await readJournal(directory)).filter((entry): entry is Rewound => entry.kind === 'rewound');

/** Several tasks, each with a handful of processes, on two busy cores. */
const patienceMs = 120_000;

async function reaches(
  feature: TimeSkippedFeature,
  what: string,
  look: (view: FeatureView) => boolean,
): Promise<FeatureView> {
  await until(async () => look(await feature.view()), what, patienceMs);
  return feature.view();
}

/** Waits until the result gate is open again, after so many rewinds. */
const atResult = (feature: TimeSkippedFeature, count: number) =>
  reaches(
    feature,
    `the result gate after ${count} rewinds`,
    (view) => view.rewinds === count && view.gates.some((gate) => gate.gate === 'result'),
  );

test('back to the middle and to the start, and forward again: each tree is the one that it was', async () => {
  const { root, script } = await makeProject(answersFor(plan), { gates });
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    const to = (target: string) => feature.app.rewind(target);
    const first = await atResult(feature, 0);
    const commits = first.tasks.map((one) => one.commit ?? '');
    const trees = await Promise.all(
      ['main', ...commits].map((commit) => git(root, 'rev-parse', `${commit}^{tree}`)),
    );
    const end = await git(root, 'rev-parse', 'blueprint/feature');

    await to('T002');
    const [middle] = await rewinds(feature.directory);
    expect(middle).toMatchObject({ to: 'T002', head: commits[0], from: end });
    expect(middle?.tasks.map((one) => `${one.id} ${one.state}`)).toEqual([
      'T001 done',
      'T002 missing',
      'T003 missing',
    ]);
    expect(await git(root, 'rev-parse', 'refs/blueprint/feature/rewound/1')).toBe(end);
    const again = await atResult(feature, 1);
    expect(states(again)).toEqual(allDone);
    // Done anew, in rounds of their own: other commits, the same trees.
    expect(again.tasks.map((one) => one.round)).toEqual([1, 2, 2]);
    expect(again.tasks[0]?.commit).toBe(commits[0]);
    expect(again.tasks[1]?.commit).not.toBe(commits[1]);
    expect(await headTree(root)).toBe(trees[3]);

    await to('start');
    expect((await rewinds(feature.directory))[1]).toMatchObject({
      head: await git(root, 'rev-parse', 'main'),
    });
    expect(states(await atResult(feature, 2))).toEqual(allDone);
    expect(await headTree(root)).toBe(trees[3]);
    const third = await git(root, 'rev-parse', 'blueprint/feature');

    await to('rewound/1');
    const forward = await atResult(feature, 3);
    expect(forward.tasks.map((one) => one.commit)).toEqual(commits);
    expect(await git(root, 'rev-parse', 'blueprint/feature')).toBe(end);
    expect(await git(root, 'rev-parse', 'refs/blueprint/feature/rewound/3')).toBe(third);

    // The moments before what is there again can be named again.
    await to('T003');
    expect((await rewinds(feature.directory))[3]).toMatchObject({ head: commits[1] });
    await atResult(feature, 4);
    await feature.app.approve({ gate: 'result' });
    await feature.handle.result();
    expect(await repeatedCalls(root, 'feature')).toEqual([]);
    expect((await git(root, 'log', '--format=%P', 'main..blueprint/feature')).split('\n')).toHaveLength(3);
    expect(await git(root, 'status', '--porcelain')).toBe('');
  });
}, 300_000);

test('a feature that is done goes on from where it is put back to', async () => {
  const { root, script } = await makeProject(answersFor(plan), { gates: { ...gates, result: 'auto' } });
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    await feature.handle.result();
    const before = await headTree(root);
    const end = await git(root, 'rev-parse', 'blueprint/feature');
    await feature.app.rewind('T003');
    await reaches(feature, 'the end again', (view) => view.rewinds === 1 && view.phase === 'done');
    await feature.handle.result();
    expect(states(await feature.view())).toEqual(allDone);
    expect(await headTree(root)).toBe(before);
    await feature.app.rewind('rewound/1');
    await reaches(feature, 'the end once more', (view) => view.rewinds === 2 && view.phase === 'done');
    expect(await git(root, 'rev-parse', 'blueprint/feature')).toBe(end);
    expect(await repeatedCalls(root, 'feature')).toEqual([]);
  });
}, 300_000);

test('a rewind whose workflow was lost in the middle is ended by the next one, and no other takes its place', async () => {
  const { root, script } = await makeProject(answersFor(plan), { gates });
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    const { directory, app, handle } = feature;
    await atResult(feature, 0);
    await app.rewind('T002');
    await atResult(feature, 1);
    const tree = await headTree(root);
    const end = await git(root, 'rev-parse', 'refs/blueprint/feature/head');
    // As a second rewind leaves it that was killed when the head had moved, before anything was journaled.
    const first = await readRewound(directory, 1);
    if (first?.next.head === undefined) throw new Error('The first rewind was not kept.');
    const second = { ...first, from: { ...first.from, head: end } };
    await keepRewound(directory, 2, second);
    await rewindHead(root, { feature: 'feature', number: 2, from: end, to: first.next.head });
    await handle.terminate('lost');

    await expect(app.rewind('start')).rejects.toThrow('to T002 was broken off');
    await app.resume();
    const again = await atResult(feature, 2);
    expect(states(again)).toEqual(allDone);
    expect((await rewinds(directory)).map((one) => `${one.number} ${one.to}`)).toEqual(['1 T002', '2 T002']);
    expect(await headTree(root)).toBe(tree);
    expect(await git(root, 'rev-parse', 'refs/blueprint/feature/rewound/2')).toBe(end);
    expect(await repeatedCalls(root, 'feature')).toEqual([]);
  });
}, 300_000);

test('a rewind that cannot be carried out is told, changes nothing, and is not mixed up with the next', async () => {
  const { root, script } = await makeProject(answersFor(plan), { gates });
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    await atResult(feature, 0);
    const end = await git(root, 'rev-parse', 'refs/blueprint/feature/head');
    await git(root, 'update-ref', 'refs/blueprint/feature/rewound/1', 'main');
    await expect(feature.app.rewind('T003')).rejects.toThrow('is taken');
    await atResult(feature, 0);
    expect(await git(root, 'rev-parse', 'refs/blueprint/feature/head')).toBe(end);
    await feature.app.rewind('start');
    expect((await rewinds(feature.directory)).map((one) => `${one.number} ${one.to}`)).toEqual(['2 start']);
    expect(await git(root, 'rev-parse', 'refs/blueprint/feature/rewound/2')).toBe(end);
    expect(states(await atResult(feature, 2))).toEqual(allDone);
  });
}, 300_000);
