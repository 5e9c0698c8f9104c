/** What the tests of the drivers share: a plan, a journal in memory, and drivers of fakes around it. */
import type { OpenGate } from '../../../src/domain/feature/gates.js';
import type { FeatureMode } from '../../../src/domain/feature/types.js';
import type { JournalEvent } from '../../../src/domain/journal/entries.js';
import { because, type ReasonOf } from '../../../src/domain/reasons.js';
import type { Plan, Task } from '../../../src/domain/tasks/plan.js';
import type { OpenDraft, RunningRecord, TaskRecord } from '../../../src/domain/tasks/record.js';
import { createBudgetHold } from '../../../src/workflows/feature/budget-hold.js';
import { createExecution, type Execution } from '../../../src/workflows/feature/execution.js';
import { createGates, type Gates } from '../../../src/workflows/feature/gates.js';
import {
  createTaskDriver,
  type Integrated,
  type RoundResult,
  type TakenEdit,
  type TaskDriver,
} from '../../../src/workflows/feature/task-driver.js';
import { createTasks, type Tasks } from '../../../src/workflows/feature/tasks.js';
import { type FakeRuntime, fakeRuntime, type Pending } from './runtime.js';

/** `T1`, `T2<T1` (depends on T1), `T3<T1,T2` … */
export const planOf = (...tasks: string[]): Plan => ({
  tasks: tasks.map((text) => {
    const [id = '', dependencies = ''] = text.split('<');
    const dependsOn = dependencies.split(',').filter((name) => name !== '');
    return { id, title: `Title of ${id}`, description: '', type: 'code', dependsOn };
  }),
});

export const draftOf = (attempt: number): OpenDraft => ({
  ...{ attempt, commit: `c${attempt}`, base: 'b', files: ['a.ts'], outputs: [] },
});

export const unforeseen = (text: string): ReasonOf<'unforeseen'> => because('unforeseen', { text });

interface MemoryJournal {
  events: JournalEvent[];
  note(event: JournalEvent): void;
  write(...events: JournalEvent[]): Promise<void>;
  sequence(): number;
  /** What happens while the next write is under way. */
  duringWrite?: (() => void) | undefined;
  ofKind<K extends JournalEvent['kind']>(kind: K): (JournalEvent & { kind: K })[];
}

export function memoryJournal(): MemoryJournal {
  const journal: MemoryJournal = {
    events: [],
    note: (event) => void journal.events.push(event),
    sequence: () => journal.events.length,
    async write(...events) {
      journal.events.push(...events);
      const { duringWrite } = journal;
      journal.duringWrite = undefined;
      await Promise.resolve();
      duringWrite?.();
      await Promise.resolve();
    },
    ofKind: (kind) =>
      journal.events.filter((event): event is JournalEvent & { kind: typeof kind } => event.kind === kind),
  };
  return journal;
}

/** A round that the test ends. */
interface StartedRound extends Pending<RoundResult> {
  task: string;
  record: RunningRecord;
}

export interface World {
  runtime: FakeRuntime;
  journal: MemoryJournal;
  state: {
    tasks: Record<string, TaskRecord>;
    usedTaskRounds: Record<string, number>;
    gates: OpenGate[];
    gatesOpened: number;
    mode: FeatureMode;
  };
  tasks: Tasks;
  gates: Gates;
  driver: TaskDriver;
  execution: Execution;
  /** Rounds that were begun, in order. */
  rounds: StartedRound[];
  /** The last round of a task. */
  round(task: string): StartedRound;
  /** What an integration comes to; integrated at once where a test says nothing. */
  integrate: (task: Task, draft: OpenDraft) => Promise<Integrated>;
  takeEdit: (task: Task, draft: OpenDraft, opening: number) => Promise<TakenEdit>;
  /** Tasks whose calls were ended. */
  ended: string[];
  states(): Record<string, string>;
  approve(gate: string): void;
  reject(gate: string, message: string): void;
  raiseBudget(): void;
  draining: boolean;
  plan: Plan;
}

/** @param maxParallelTasks how many tasks may run at once */
export function makeWorld(
  plan: Plan,
  { maxParallelTasks = 4, mode = 'interactive' as FeatureMode } = {},
): World {
  const runtime = fakeRuntime();
  const journal = memoryJournal();
  const state: World['state'] = { tasks: {}, usedTaskRounds: {}, gates: [], gatesOpened: 0, mode };
  const shared = { state, journal, runtime, publish() {} };
  const tasks = createTasks({ ...shared, roundsBefore: 0 });
  tasks.follow(plan);
  const gates = createGates({ ...shared, notify: async () => {} });
  const budget = createBudgetHold(gates);
  const numberOf = (gate: string) => gates.open(gate)?.number ?? -1;
  const world: Omit<World, 'driver' | 'execution'> = {
    ...{ runtime, journal, state, tasks, gates, plan },
    rounds: [],
    ended: [],
    draining: false,
    round(task) {
      const found = world.rounds.findLast((round) => round.task === task);
      if (found === undefined) throw new Error(`No round of ${task} was begun.`);
      return found;
    },
    integrate: async (_, { commit }) => ({ kind: 'integrated', commit }),
    takeEdit: async (_, draft) => ({ ok: true, draft }),
    states: () => Object.fromEntries(Object.entries(state.tasks).map(([id, record]) => [id, record.state])),
    approve: (gate) => gates.approve({ gate, number: numberOf(gate) }),
    reject: (gate, message) => gates.reject({ gate, number: numberOf(gate), message }),
    raiseBudget() {
      budget.raised();
      execution.budgetRaised();
    },
  };
  const driver = createTaskDriver({
    ...{ tasks, gates, runtime },
    runRound(task, record) {
      const round = { task: task.id, record, ...runtime.pending<RoundResult>() };
      world.rounds.push(round);
      return round.promise;
    },
    integrate: (task, draft) => world.integrate(task, draft),
    takeEdit: (task, draft, opening) => world.takeEdit(task, draft, opening),
    endCalls: async (task) => void world.ended.push(task),
    asksPerson: () => state.mode === 'interactive',
    raises: budget.raises,
  });
  const execution = createExecution({
    ...{ ...shared, tasks, gates, budget, driver, maxParallelTasks },
    plan: () => world.plan,
    shouldContinueAsNew: () => world.draining,
  });
  return Object.assign(world, { driver, execution });
}
