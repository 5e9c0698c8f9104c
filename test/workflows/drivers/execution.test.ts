/** The plan's execution without a server: what starts when, what a stop ends, and what it waits for. */
import { describe, expect, test } from '@jest/globals';
import { because } from '../../../src/domain/reasons.js';
import { draftOf, makeWorld, planOf, unforeseen, type World } from './parts.js';

/** Runs the plan in a scope of its own, as a feature's workflow does. */
function run(world: World) {
  const scope = world.runtime.scope();
  const end = scope.run(() => world.execution.run());
  end.catch(() => undefined);
  return { scope, end };
}

const approve = async (world: World, ...tasks: string[]) => {
  for (const task of tasks) world.round(task).resolve({ kind: 'approved', draft: draftOf(1) });
  await world.runtime.settle();
};
const fail = async (world: World, task: string) => {
  world.round(task).resolve({ kind: 'failed', reason: unforeseen('It broke.') });
  await world.runtime.settle();
};
const begun = (world: World) => world.rounds.map((round) => `${round.task} ${round.record.round}`);
const waits = (world: World) => world.journal.ofKind('waiting').map((event) => event.reason);

describe('tasks', () => {
  test('run when all that they depend on is done, no more at once than are allowed', async () => {
    const world = makeWorld(planOf('T1', 'T2<T1', 'T3<T1', 'T4<T2,T3'), { maxParallelTasks: 1 });
    const { end } = run(world);
    await world.runtime.settle();
    expect(begun(world)).toEqual(['T1 1']);
    await approve(world, 'T1');
    expect(begun(world)).toEqual(['T1 1', 'T2 1']);
    await approve(world, 'T2');
    await approve(world, 'T3');
    await approve(world, 'T4');
    expect(await end).toBe('done');
    expect(world.states()).toEqual({ T1: 'done', T2: 'done', T3: 'done', T4: 'done' });
    expect(waits(world)).toEqual([]);
  });

  test('that depend on a failed one are blocked, and no other is touched; the wait is said once', async () => {
    const world = makeWorld(planOf('T1', 'T2<T1', 'T3', 'T4<T3'), { maxParallelTasks: 2 });
    run(world);
    await world.runtime.settle();
    await fail(world, 'T1');
    expect(world.states()).toEqual({ T1: 'failed', T2: 'blocked', T3: 'running', T4: 'missing' });
    expect(waits(world)).toEqual([]);
    await approve(world, 'T3');
    await approve(world, 'T4');
    expect(waits(world)).toEqual([
      because('stuck', { waiting: [], failed: ['T1'], stopped: [], blocked: ['T2'], budgetHeld: false }),
    ]);
    world.execution.changed();
    await world.runtime.settle();
    expect(waits(world)).toHaveLength(1);
  });

  test('are begun again by a retry, and what they blocked with them', async () => {
    const world = makeWorld(planOf('T1', 'T2<T1'));
    const { end } = run(world);
    await world.runtime.settle();
    await fail(world, 'T1');
    await world.tasks.put('T1', { kind: 'retry' });
    world.execution.changed();
    await world.runtime.settle();
    expect(begun(world)).toEqual(['T1 1', 'T1 2']);
    expect(world.states().T2).toBe('missing');
    await approve(world, 'T1');
    await approve(world, 'T2');
    expect(await end).toBe('done');
  });

  test('that fail anew for the same reason are waited for anew', async () => {
    const world = makeWorld(planOf('T1'));
    run(world);
    await world.runtime.settle();
    await fail(world, 'T1');
    await world.tasks.put('T1', { kind: 'retry' });
    world.execution.changed();
    await world.runtime.settle();
    await fail(world, 'T1');
    expect(waits(world)).toHaveLength(2);
  });

  test('that are skipped let go on what depends on them', async () => {
    const world = makeWorld(planOf('T1', 'T2<T1'));
    run(world);
    await world.runtime.settle();
    await fail(world, 'T1');
    await world.tasks.put('T1', { kind: 'skip' });
    world.execution.changed();
    await world.runtime.settle();
    expect(begun(world)).toEqual(['T1 1', 'T2 1']);
  });

  test('that a person adds to the plan meanwhile are begun', async () => {
    const world = makeWorld(planOf('T1'));
    const { end } = run(world);
    await world.runtime.settle();
    world.plan = planOf('T1', 'T2');
    world.tasks.follow(world.plan);
    world.execution.changed();
    await world.runtime.settle();
    expect(begun(world)).toEqual(['T1 1', 'T2 1']);
    await approve(world, 'T1', 'T2');
    expect(await end).toBe('done');
  });
});

test('what changes while the journal is written is not overlooked', async () => {
  const world = makeWorld(planOf('T1', 'T2<T1'));
  run(world);
  await world.runtime.settle();
  world.round('T1').resolve({ kind: 'failed', reason: unforeseen('It broke.') });
  // The write that says that T2 is blocked, and why nothing moves.
  const retried = new Promise<void>((resolve) => {
    world.journal.duringWrite = () => {
      world.journal.duringWrite = () => {
        world.tasks.change('T1', { kind: 'retry' });
        world.execution.changed();
        resolve();
      };
    };
  });
  await world.runtime.settle();
  await retried;
  expect(begun(world)).toEqual(['T1 1', 'T1 2']);
});

describe('a stop', () => {
  test('of a task ends its work, blocks what depends on it, and nothing else', async () => {
    const world = makeWorld(planOf('T1', 'T2<T1', 'T3'));
    run(world);
    await world.runtime.settle();
    expect(world.execution.stopWork('T1')).toBe(true);
    await world.runtime.settle();
    expect(world.states()).toEqual({ T1: 'stopped', T2: 'blocked', T3: 'running' });
    expect(world.ended).toEqual(['T1']);
    expect(world.execution.stopWork('T1')).toBe(false);
    const stopped = world.journal.ofKind('task').find((event) => event.state === 'stopped');
    expect(stopped).toMatchObject({ task: 'T1', round: 1, reason: because('stopped-by-person') });
  });

  test('of the feature ends all work; what ran begins again when it goes on', async () => {
    const world = makeWorld(planOf('T1', 'T2'));
    const { scope, end } = run(world);
    await world.runtime.settle();
    scope.cancel();
    await world.runtime.settle();
    await expect(end).rejects.toThrow('cancelled');
    expect(world.states()).toEqual({ T1: 'missing', T2: 'missing' });
    run(world);
    await world.runtime.settle();
    expect(begun(world)).toEqual(['T1 1', 'T2 1', 'T1 2', 'T2 2']);
  });

  test('that comes when the draft is on the branch already leaves the task done', async () => {
    const world = makeWorld(planOf('T1', 'T2'));
    const { end } = run(world);
    await world.runtime.settle();
    world.integrate = async ({ id }, { commit }) => {
      if (id === 'T1') world.journal.duringWrite = () => world.execution.stopWork('T1');
      return { kind: 'integrated', commit };
    };
    await approve(world, 'T1');
    expect(world.states().T1).toBe('done');
    await approve(world, 'T2');
    expect(await end).toBe('done');
  });
});

describe('the budget', () => {
  const held = { base: 'b', notes: [], answers: [{ model: 'claude', ask: 1 }] } as const;
  const hold = async (world: World, task: string) => {
    const reason = unforeseen('Too little is left.');
    world
      .round(task)
      .resolve({ kind: 'budget', reason, held: { ...held, notes: [], answers: [...held.answers] } });
    await world.runtime.settle();
  };

  test('that is used up begins nothing; raised, the round goes on under its number', async () => {
    const world = makeWorld(planOf('T1', 'T2<T3', 'T3'), { maxParallelTasks: 2 });
    const { end } = run(world);
    await world.runtime.settle();
    await hold(world, 'T1');
    expect(world.gates.open('budget')).toBeDefined();
    await approve(world, 'T3');
    expect(world.states()).toEqual({ T1: 'waiting', T2: 'missing', T3: 'done' });
    expect(waits(world)).toEqual([because('budget-held', { why: unforeseen('Too little is left.') })]);
    world.raiseBudget();
    await world.runtime.settle();
    expect(begun(world)).toEqual(['T1 1', 'T3 1', 'T1 1', 'T2 1']);
    expect(world.round('T1').record.held).toEqual(held);
    expect(world.gates.open('budget')).toBeUndefined();
    await approve(world, 'T1', 'T2');
    expect(await end).toBe('done');
  });

  test('that was raised while the round ran has it go on at once', async () => {
    const world = makeWorld(planOf('T1'));
    run(world);
    await world.runtime.settle();
    world.raiseBudget();
    await hold(world, 'T1');
    expect(begun(world)).toEqual(['T1 1', 'T1 1']);
    expect(world.gates.open('budget')).toBeUndefined();
  });

  test('is not waited for when what it held back is skipped', async () => {
    const world = makeWorld(planOf('T1'));
    const { end } = run(world);
    await world.runtime.settle();
    await hold(world, 'T1');
    await world.tasks.put('T1', { kind: 'skip' });
    world.execution.changed();
    await world.runtime.settle();
    expect(await end).toBe('done');
    expect(world.journal.ofKind('gate-closed').map((event) => event.decision)).toEqual(['withdrawn']);
  });
});

test('a long history begins nothing more, and continues as new when what runs has ended', async () => {
  const world = makeWorld(planOf('T1', 'T2'), { maxParallelTasks: 1 });
  const { end } = run(world);
  await world.runtime.settle();
  world.draining = true;
  await approve(world, 'T1');
  expect(await end).toBe('continue-as-new');
  expect(world.states()).toEqual({ T1: 'done', T2: 'missing' });
});

test('what a task’s work throws beside its round ends the execution', async () => {
  const world = makeWorld(planOf('T1', 'T2'));
  const { end } = run(world);
  await world.runtime.settle();
  world.integrate = () => Promise.reject(new Error('The disk is gone.'));
  await approve(world, 'T1');
  // That is the task's failure, and not the feature's.
  expect(world.states()).toEqual({ T1: 'failed', T2: 'running' });
  world.journal.note = () => {
    throw new Error('No room for the journal.');
  };
  world.round('T2').resolve({ kind: 'failed', reason: unforeseen('It broke.') });
  await world.runtime.settle();
  await expect(end).rejects.toThrow('No room for the journal.');
});
