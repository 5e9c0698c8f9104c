/** A person's word to stop a task, wherever it stands. */
import { expect, test } from '@jest/globals';
import { because } from '../../../src/domain/reasons.js';
import { stopOne } from '../../../src/workflows/feature/messages.js';
import { draftOf, makeWorld, planOf, unforeseen, type World } from './parts.js';

const stop = (world: World, id: string, { planApproved = true, running = true } = {}) => {
  const state = { ...world.state, planApproved, stoppedEarly: [] as string[] };
  const execution = running ? world.execution : undefined;
  return stopOne({ ...world, state, execution }, id).then(() => state.stoppedEarly);
};

async function begun() {
  const world = makeWorld(planOf('T1', 'T2<T1'), { mode: 'interactive' });
  const end = world.execution.run();
  await world.runtime.settle();
  return Object.assign(world, { end });
}

test('what was sent with the plan’s approval holds for the plan that is approved', async () => {
  const world = makeWorld(planOf('T1'));
  expect(await stop(world, 'T1', { planApproved: false, running: false })).toEqual(['T1']);
  expect(world.states()).toEqual({ T1: 'missing' });
});

test('a task at work stops when its work has ended', async () => {
  const world = await begun();
  await stop(world, 'T1');
  await world.runtime.settle();
  expect(world.states()).toEqual({ T1: 'stopped', T2: 'blocked' });
  expect(world.ended).toEqual(['T1']);
});

test('a task that has not begun is stopped at once', async () => {
  const world = await begun();
  await stop(world, 'T2');
  expect(world.states()).toEqual({ T1: 'running', T2: 'stopped' });
});

test('a task that waits for a decision is stopped, and its gate closes', async () => {
  const world = await begun();
  const reason = unforeseen('Too long.');
  world.round('T1').resolve({ kind: 'unapproved', draft: draftOf(1), reason });
  await world.runtime.settle();
  await stop(world, 'T1');
  await world.runtime.settle();
  expect(world.states()).toEqual({ T1: 'stopped', T2: 'blocked' });
  expect(world.journal.ofKind('gate-closed')).toMatchObject([{ gate: 'T1', decision: 'withdrawn' }]);
});

test('a task of a feature that is stopped is stopped by its record alone', async () => {
  const world = makeWorld(planOf('T1'));
  await stop(world, 'T1', { running: false });
  expect(world.states()).toEqual({ T1: 'stopped' });
});

test('a task that is over, or is not in the plan, is left as it is, and the journal says so', async () => {
  const world = await begun();
  world.round('T1').resolve({ kind: 'approved', draft: draftOf(1) });
  await world.runtime.settle();
  await stop(world, 'T1');
  await stop(world, 'T9');
  expect(world.states().T1).toBe('done');
  expect(world.journal.ofKind('ignored').map((event) => event.reason)).toEqual([
    because('not-stoppable', { task: 'T1', state: 'done' }),
    because('not-stoppable', { task: 'T9', state: undefined }),
  ]);
});
