/** Where a feature can be put back to, by its journal, and what stands then. Pure. */
import type { JournalEntry } from '../journal/entries.js';
import type { CommitHash, FileReference } from '../references.js';
import type { TaskState } from '../vocabulary.js';
import { type TaskRecord, takenOver } from './record.js';

/** Where a feature stood at one moment, as far as going back there needs it. */
export interface TaskSnapshot {
  /** Undefined: at the commit that the feature started from. */
  head?: CommitHash | undefined;
  planFile?: FileReference | undefined;
  tasks: Readonly<Record<string, { state: TaskState; commit?: CommitHash | undefined }>>;
}

/** The names that `--to` takes. */
export interface RewindTargets {
  /** Before the first task; undefined before there is an approved plan. */
  start?: TaskSnapshot | undefined;
  /** Just before each task that is done, in the order in which they were. */
  tasks: ReadonlyMap<string, TaskSnapshot>;
  /** The numbers of what earlier rewinds have undone. */
  kept: readonly number[];
}

/** The word for the beginning of the execution. */
export const startWord = 'start';

/** The number of what an earlier rewind kept, named as `rewound/2` or by its whole ref; undefined for another name. */
export function keptNumber(to: string): number | undefined {
  const match = /^(?:refs\/blueprint\/[^/]+\/)?rewound\/([1-9]\d{0,5})$/.exec(to);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** What stood when an earlier rewind undid it, and what could be named then. */
interface KeptMoment {
  tasks: Map<string, TaskSnapshot>;
}

/** @param entries the journal, merged, without repeats and in order */
export function rewindTargets(entries: Iterable<JournalEntry>): RewindTargets {
  let now: TaskSnapshot = { tasks: {} };
  let start: TaskSnapshot | undefined;
  let before = new Map<string, TaskSnapshot>();
  const kept = new Map<number, KeptMoment>();
  // The commit comes a moment before its task is done: what stands is what was before both.
  const onBranch = new Set<string>();

  const put = (id: string, change: Partial<TaskSnapshot['tasks'][string]>) => {
    const task = now.tasks[id] ?? { state: 'missing' };
    now = { ...now, tasks: { ...now.tasks, [id]: { ...task, ...change } } };
  };
  const mark = (id: string) => {
    before.delete(id);
    before.set(id, now);
  };

  for (const entry of entries) {
    switch (entry.kind) {
      case 'plan': {
        const tasks = entry.tasks.map(
          ({ id }) => [id, now.tasks[id] ?? { state: 'missing' as const }] as const,
        );
        now = { ...now, planFile: entry.file, tasks: Object.fromEntries(tasks) };
        break;
      }
      case 'phase':
        if (entry.phase === 'execution') start ??= now;
        break;
      case 'integrated':
        mark(entry.task);
        onBranch.add(entry.task);
        now = { ...now, head: entry.commit };
        put(entry.task, { commit: entry.commit });
        break;
      case 'task':
        if (entry.state === 'done' && !onBranch.delete(entry.task)) mark(entry.task);
        put(entry.task, { state: entry.state });
        break;
      case 'rewound': {
        kept.set(entry.number, { tasks: before });
        const again = keptNumber(entry.to);
        before = again === undefined ? until(before, entry.to) : new Map(kept.get(again)?.tasks);
        onBranch.clear();
        now = {
          head: entry.head,
          planFile: now.planFile,
          tasks: Object.fromEntries(entry.tasks.map(({ id, state, commit }) => [id, { state, commit }])),
        };
        break;
      }
      default:
    }
  }
  const done = [...before].filter(([id]) => now.tasks[id]?.state === 'done');
  return { start, tasks: new Map(done), kept: [...kept.keys()] };
}

/** What stood before a task was undone: the moments up to it. From the start there are none. */
function until(moments: ReadonlyMap<string, TaskSnapshot>, task: string): Map<string, TaskSnapshot> {
  const names = [...moments.keys()];
  return new Map([...moments].slice(0, task === startWord ? 0 : Math.max(0, names.indexOf(task))));
}

/** What is wrong with a name for `--to`, as a sentence with the names that there are, or undefined. */
export function rewindProblem(targets: RewindTargets, to: string): string | undefined {
  if (targets.start === undefined) return 'Nothing was begun yet, so there is nothing to put back.';
  const number = keptNumber(to);
  const isKnown =
    number === undefined ? targets.tasks.has(to) || to === startWord : targets.kept.includes(number);
  if (isKnown) return undefined;
  const names = [startWord, ...targets.tasks.keys(), ...targets.kept.map((kept) => `rewound/${kept}`)];
  return `There is no way back to ${JSON.stringify(to)}. What can be named: ${names.join(', ')}.`;
}

/**
 * The tasks' records as they are after going back: what is over stays, everything else begins again. Rounds go on,
 * since calls and drafts are named by them.
 *
 * @param ids the tasks of the plan that stands then
 * @param records as they are before
 * @param usedRound the highest round that a task of this id has had
 */
export function recordsAt(
  snapshot: TaskSnapshot,
  ids: readonly string[],
  records: Readonly<Record<string, TaskRecord>>,
  usedRound: (id: string) => number,
): Record<string, TaskRecord> {
  return Object.fromEntries(
    ids.map((id) => {
      const then = snapshot.tasks[id] ?? { state: 'missing' };
      return [id, takenOver(usedRound(id), then, records[id]?.outputs)];
    }),
  );
}

/**
 * Kept records as they are when they are taken again.
 *
 * @param usedRound the highest round that a task of this id has had: those that were begun meanwhile count
 */
export const recordsAgain = (
  kept: Readonly<Record<string, TaskRecord>>,
  usedRound: (id: string) => number,
): Record<string, TaskRecord> =>
  Object.fromEntries(
    Object.entries(kept).map(([id, record]) => [
      id,
      { ...record, round: Math.max(record.round, usedRound(id)) },
    ]),
  );
