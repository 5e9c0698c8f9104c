/** The records of the plan's tasks: changed by events, journaled, and shown. */
import type { JournalEvent } from '../../domain/journal/entries.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { Plan } from '../../domain/tasks/plan.js';
import {
  commitOf,
  freshRecord,
  type TaskEvent,
  type TaskRecord,
  transition,
} from '../../domain/tasks/record.js';
import type { TaskRecords } from '../../domain/tasks/schedule.js';
import { stateAfter } from '../../domain/tasks/states.js';
import type { Journal } from '../journal.js';

export interface Tasks {
  all(): TaskRecords;
  /** Undefined where the approved plan has no such task. */
  find(id: string): TaskRecord | undefined;
  /** @throws Error where the approved plan has no such task */
  get(id: string): TaskRecord;
  /** Whether an event can happen to a task just now. */
  takes(id: string, event: TaskEvent['kind']): boolean;
  /** Changes a record, and says nothing of it. */
  change(id: string, event: TaskEvent): TaskRecord;
  /** Changes a record; the journal has it with its next write. */
  note(id: string, event: TaskEvent): TaskRecord;
  /** Changes a record, shows it and writes it to the journal. The record is changed at once. */
  put(id: string, event: TaskEvent): Promise<TaskRecord>;
  /** Every task of the plan has a record from now on, and nothing else has one. */
  follow(plan: Plan): void;
  /** The records as a rewind has them. */
  replace(records: Record<string, TaskRecord>): void;
  /** The highest round of each task that the plan has ever had. */
  usedRounds(): Record<string, number>;
}

/** The part of a feature's state that this changes. */
interface TasksState {
  tasks: Record<string, TaskRecord>;
  usedTaskRounds: Record<string, number>;
}

export interface TasksDeps {
  state: TasksState;
  journal: Pick<Journal, 'note' | 'write'>;
  publish(): void;
  /** How many rounds a task counts as begun at first. */
  roundsBefore: number;
}

export function createTasks({ state, journal, publish, roundsBefore }: TasksDeps): Tasks {
  const get = (id: string): TaskRecord => {
    const record = state.tasks[id];
    if (record === undefined) throw new Error(`The approved plan has no task ${id}.`);
    return record;
  };
  const change = (id: string, event: TaskEvent): TaskRecord => {
    const record = transition(get(id), event);
    state.tasks[id] = record;
    return record;
  };
  const note = (id: string, event: TaskEvent): TaskRecord => {
    const record = change(id, event);
    journal.note(entryOf(id, record, event));
    return record;
  };
  /** Calls and drafts are named by rounds, and an id may come back that goes away. */
  const usedRounds = (): Record<string, number> => {
    for (const [id, { round }] of Object.entries(state.tasks))
      state.usedTaskRounds[id] = Math.max(round, state.usedTaskRounds[id] ?? 0);
    return state.usedTaskRounds;
  };
  return {
    all: () => state.tasks,
    find: (id) => state.tasks[id],
    get,
    takes: (id, event) => stateAfter(get(id).state, event) !== undefined,
    change,
    note,
    async put(id, event) {
      const record = note(id, event);
      publish();
      await journal.write();
      return record;
    },
    follow(plan) {
      const used = usedRounds();
      state.tasks = Object.fromEntries(
        plan.tasks.map(({ id }) => [
          id,
          state.tasks[id] ?? freshRecord(Math.max(roundsBefore, used[id] ?? 0)),
        ]),
      );
    },
    replace(records) {
      state.tasks = records;
    },
    usedRounds,
  };
}

const entryOf = (id: string, record: TaskRecord, event: TaskEvent): JournalEvent => ({
  kind: 'task',
  task: id,
  state: record.state,
  round: record.round,
  reason: reasonFor(record, event),
  commit: commitOf(record),
});

function reasonFor(record: TaskRecord, { kind }: TaskEvent): Reason | undefined {
  if (kind === 'stop') return because('stopped-by-person');
  if (kind === 'interrupt') return because('feature-stopped');
  return 'reason' in record ? record.reason : undefined;
}
