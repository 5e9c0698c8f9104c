/** One task's way through its rounds, its integration and its gate, without a server. */
import { describe, expect, test } from '@jest/globals';
import { because } from '../../../src/domain/reasons.js';
import type { OpenDraft } from '../../../src/domain/tasks/record.js';
import { draftOf, makeWorld, planOf, unforeseen, type World } from './parts.js';

async function begun(options?: Parameters<typeof makeWorld>[1]): Promise<World & { end: Promise<string> }> {
  const world = makeWorld(planOf('T1'), options);
  const end = world.execution.run();
  end.catch(() => undefined);
  await world.runtime.settle();
  return Object.assign(world, { end });
}

async function ends(
  world: World,
  kind: 'approved' | 'unapproved',
  draft: OpenDraft = draftOf(world.rounds.length),
): Promise<void> {
  const reason = because('unapproved', { checks: [], text: 'Too long.' });
  world.round('T1').resolve(kind === 'approved' ? { kind, draft } : { kind, draft, reason });
  await world.runtime.settle();
}

const conflict = because('conflict', { text: 'Both change a.ts.' });
const sendBack = (world: World, times: number) => {
  world.integrate = async (_, { commit }) =>
    times-- > 0 ? { kind: 'sent-back', reason: conflict } : { kind: 'integrated', commit };
};
const record = (world: World) => world.tasks.get('T1');

test('an approved draft goes on the branch, and the task is done with its commit', async () => {
  const world = await begun();
  await ends(world, 'approved');
  expect(record(world)).toMatchObject({ state: 'done', commit: 'c1' });
  expect(world.journal.ofKind('task').map(({ state, commit }) => [state, commit])).toEqual([
    ['running', undefined],
    ['done', 'c1'],
  ]);
});

describe('a draft that the review does not approve', () => {
  test('opens the task’s gate; approved, it goes on the branch', async () => {
    const world = await begun();
    await ends(world, 'unapproved');
    expect(world.gates.open('T1')?.reason).toEqual(
      because('manual-review', { why: because('unapproved', { checks: [], text: 'Too long.' }) }),
    );
    world.approve('T1');
    await world.runtime.settle();
    expect(record(world)).toMatchObject({ state: 'done', commit: 'c1' });
    expect(await world.end).toBe('done');
  });

  test('is never approved by itself: static mode leaves it failed, and a person may reject it', async () => {
    const world = await begun({ mode: 'static' });
    await ends(world, 'unapproved');
    expect(record(world).state).toBe('failed');
    world.reject('T1', 'Begin with a capital.');
    await world.runtime.settle();
    expect(world.round('T1').record).toMatchObject({
      round: 2,
      next: { from: draftOf(1), reason: because('person', { text: 'Begin with a capital.' }) },
    });
    await ends(world, 'approved');
    expect(record(world)).toMatchObject({ state: 'done', commit: 'c2' });
  });

  test('can be stopped while it is taken', async () => {
    const world = await begun();
    await ends(world, 'unapproved');
    world.takeEdit = () => world.runtime.pending<never>().promise;
    world.approve('T1');
    await world.runtime.settle();
    expect(record(world).state).toBe('running');
    expect(world.execution.stopWork('T1')).toBe(true);
    await world.runtime.settle();
    expect(record(world).state).toBe('stopped');
    expect(world.ended).toEqual(['T1']);
  });

  test('is asked about again where taking it fails', async () => {
    const world = await begun();
    await ends(world, 'unapproved');
    world.takeEdit = () => Promise.reject(new Error('The worktree is broken.'));
    world.approve('T1');
    await world.runtime.settle();
    expect(record(world)).toMatchObject({ state: 'failed', reason: unforeseen('The worktree is broken.') });
    expect(world.gates.open('T1')).toBeDefined();
  });

  test('is not approved after it was skipped in the same moment', async () => {
    const world = await begun();
    await ends(world, 'unapproved');
    world.approve('T1');
    await world.tasks.put('T1', { kind: 'skip' });
    world.gates.withdraw('T1');
    world.execution.changed();
    await world.runtime.settle();
    expect(record(world).state).toBe('skipped');
    expect(await world.end).toBe('done');
  });
});

describe('what a person changed in it', () => {
  test('goes on the branch with its author', async () => {
    const world = await begun();
    const author = { name: 'Ada', email: 'ada@example.com' };
    const integrated: OpenDraft[] = [];
    world.takeEdit = async (_, draft) => ({ ok: true, draft: { ...draft, author } });
    world.integrate = async (_, draft) => {
      integrated.push(draft);
      return { kind: 'integrated', commit: draft.commit };
    };
    await ends(world, 'unapproved');
    world.approve('T1');
    await world.runtime.settle();
    expect(integrated).toEqual([{ ...draftOf(1), author }]);
  });

  test('is asked about once more where it breaks checks', async () => {
    const world = await begun();
    const reason = because('edit-breaks', { checks: [{ name: 'test', ended: { kind: 'exit', status: 1 } }] });
    await ends(world, 'unapproved');
    world.takeEdit = async () => ({ ok: false, draft: draftOf(7), reason });
    world.approve('T1');
    await world.runtime.settle();
    expect(world.gates.open('T1')).toMatchObject({
      number: 2,
      reason: because('manual-review', { why: reason }),
    });
    world.takeEdit = async (_, draft) => ({ ok: true, draft });
    world.approve('T1');
    await world.runtime.settle();
    expect(record(world)).toMatchObject({ state: 'done', commit: 'c7' });
  });
});

describe('a draft that does not fit on the branch', () => {
  test('is sent back with the reason, and comes again', async () => {
    const world = await begun();
    sendBack(world, 1);
    await ends(world, 'approved');
    expect(world.round('T1').record).toMatchObject({
      round: 2,
      next: { from: draftOf(1), reason: conflict },
    });
    await ends(world, 'approved');
    expect(record(world)).toMatchObject({ state: 'done', commit: 'c2', sentBack: 1 });
  });

  test('is a person’s after three times', async () => {
    const world = await begun();
    sendBack(world, 9);
    for (let round = 1; round <= 4; round++) await ends(world, 'approved');
    expect(world.rounds).toHaveLength(4);
    expect(record(world)).toMatchObject({
      state: 'waiting',
      draft: draftOf(4),
      reason: because('manual-review', { why: conflict }),
    });
    world.approve('T1');
    await world.runtime.settle();
    expect(record(world).state).toBe('waiting');
    expect(world.gates.open('T1')?.number).toBe(2);
  });
});

test('what breaks off a task’s work ends its calls first, and fails the task with its reason', async () => {
  const world = await begun();
  world.round('T1').reject(new Error('The child is lost.'));
  await world.runtime.settle();
  expect(world.ended).toEqual(['T1']);
  expect(record(world)).toMatchObject({ state: 'failed', reason: unforeseen('The child is lost.') });
});

test('a round that was stopped from outside is begun again with the feature', async () => {
  const world = await begun();
  world.draining = true;
  world.round('T1').resolve({ kind: 'stopped' });
  await world.runtime.settle();
  expect(record(world).state).toBe('missing');
  expect(await world.end).toBe('continue-as-new');
});
