/** Gates without a server: which decision counts, and which comes too late. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { OpenGate } from '../../../src/domain/feature/gates.js';
import type { FeatureMode } from '../../../src/domain/feature/types.js';
import { because } from '../../../src/domain/reasons.js';
import { createGates, type Decided, type Gates } from '../../../src/workflows/feature/gates.js';
import { memoryJournal, unforeseen } from './parts.js';
import { type FakeRuntime, fakeRuntime } from './runtime.js';

const opening = { reason: unforeseen('Read it.'), mayBeAutomatic: true, blocksAll: true };

let runtime: FakeRuntime;
let journal: ReturnType<typeof memoryJournal>;
let state: { gates: OpenGate[]; gatesOpened: number; mode: FeatureMode };
let notified: string[];
let gates: Gates;
const make = () =>
  createGates({
    ...{ state, journal, runtime, publish() {} },
    notify: async ({ gate, number }) => void notified.push(`${gate} ${number}`),
  });
beforeEach(() => {
  runtime = fakeRuntime();
  journal = memoryJournal();
  state = { gates: [], gatesOpened: 0, mode: 'interactive' };
  notified = [];
  gates = make();
});

/** Waits at a gate, and collects how that ended. */
async function wait(gate: string, more: Partial<typeof opening> = {}): Promise<Decided[]> {
  const decided: Decided[] = [];
  gates.wait(gate, { ...opening, ...more }).then((decision) => decided.push(decision));
  await runtime.settle();
  return decided;
}
const kinds = () => journal.events.map((event) => event.kind);

test('a gate opens, is told to the person’s command, waits, and closes with the decision', async () => {
  const decided = await wait('plan');
  expect(state.gates).toMatchObject([{ gate: 'plan', number: 1 }]);
  expect(notified).toEqual(['plan 1']);
  expect(decided).toEqual([]);
  gates.approve({ gate: 'plan', number: 1, message: 'Good.' });
  await runtime.settle();
  expect(decided).toEqual([{ kind: 'approved', message: 'Good.', opening: 1 }]);
  expect(state.gates).toEqual([]);
  expect(kinds()).toEqual(['gate-opened', 'waiting', 'gate-closed']);
});

test('static mode passes a gate at once, where that may be', async () => {
  state.mode = 'static';
  expect(await wait('plan')).toEqual([{ kind: 'approved', opening: 1 }]);
  expect(journal.ofKind('gate-closed')).toMatchObject([{ automatic: true }]);
  expect(await wait('result', { mayBeAutomatic: false })).toEqual([]);
});

test('a change to static mode passes a gate that waits', async () => {
  const decided = await wait('plan');
  state.mode = 'static';
  await runtime.settle();
  expect(decided).toEqual([{ kind: 'approved', opening: 1 }]);
});

describe('a decision', () => {
  test('for an earlier opening comes too late, and decides nothing', async () => {
    await wait('plan');
    gates.reject({ gate: 'plan', number: 1, message: 'No.' });
    await runtime.settle();
    const second = await wait('plan');
    gates.approve({ gate: 'plan', number: 1 });
    await runtime.settle();
    expect(second).toEqual([]);
    expect(journal.ofKind('ignored').map((event) => event.reason)).toEqual([
      because('decision-late', { decision: 'approved', gate: 'plan', number: 1, waits: 2 }),
    ]);
  });

  test('for an opening that the workflow has not come to yet waits for it', async () => {
    gates.approve({ gate: 'plan', number: 1 });
    expect(await wait('plan')).toEqual([{ kind: 'approved', message: undefined, opening: 1 }]);
    expect(journal.ofKind('ignored')).toEqual([]);
  });

  test('counts once: the second one for the same opening comes too late', async () => {
    const decided = await wait('plan');
    gates.reject({ gate: 'plan', number: 1, message: 'No.' });
    gates.approve({ gate: 'plan', number: 1 });
    await runtime.settle();
    expect(decided).toEqual([{ kind: 'rejected', message: 'No.', reopenSpec: false, opening: 1 }]);
    expect(journal.ofKind('ignored')).toHaveLength(1);
  });
});

test('what is withdrawn ends the wait, and withdrawing what is not open does nothing', async () => {
  const decided = await wait('T001', { blocksAll: false });
  gates.withdraw('T002');
  gates.withdraw('T001');
  await runtime.settle();
  expect(decided).toEqual([{ kind: 'withdrawn', opening: 1 }]);
  expect(kinds()).toEqual(['gate-opened', 'gate-closed']);
});

test('a gate that the run before left open is waited at under its number, and is not opened again', async () => {
  await wait('plan');
  gates = make();
  const decided = await wait('plan');
  expect(journal.ofKind('gate-opened')).toHaveLength(1);
  gates.approve({ gate: 'plan', number: 1 });
  await runtime.settle();
  expect(decided).toMatchObject([{ kind: 'approved', opening: 1 }]);
});

test('a stop ends the wait and leaves the gate open', async () => {
  const scope = runtime.scope();
  const end = scope.run(() => gates.wait('plan', opening));
  end.catch(() => undefined);
  await runtime.settle();
  scope.cancel();
  await expect(end).rejects.toThrow('cancelled');
  expect(gates.open('plan')?.number).toBe(1);
});
