/** The part of the screen that changes in place: the phase, each task, and the last line of what runs. Pure. */

import { type RunningCall, taskOfCall } from '../domain/calls/stored-call.js';
import type { JournalEntry } from '../domain/journal/entries.js';
import { type FeatureView, isScripted, type TaskView } from '../domain/journal/view.js';
import { isBegun, isOver, satisfies } from '../domain/tasks/states.js';
import type { TaskState } from '../domain/vocabulary.js';
import { cleanLine } from './clean.js';
import { columns } from './table.js';
import { cut } from './width.js';
import { duration, modelTitle, phaseTexts } from './words.js';

/** What the view does not keep: when things began, and the most corrections of a round. */
interface Clocks {
  phaseStartedAt: number | undefined;
  tasks: Map<string, { startedAt: number; endedAt?: number; of?: number }>;
}

export const newClocks = (): Clocks => ({ phaseStartedAt: undefined, tasks: new Map() });

/** Takes one more entry in, in place. */
export function applyToClocks(clocks: Clocks, entry: JournalEntry): void {
  if (entry.kind === 'phase') clocks.phaseStartedAt = entry.at;
  if (entry.kind === 'step') {
    const clock = clocks.tasks.get(entry.task);
    if (clock !== undefined && entry.of !== undefined) clock.of = entry.of;
  }
  if (entry.kind !== 'task') return;
  const clock = clocks.tasks.get(entry.task);
  if (entry.state !== 'running') {
    if (clock !== undefined) clock.endedAt = entry.at;
    return;
  }
  // A task that was sent back goes on; one that is begun again begins again.
  if (clock === undefined || clock.endedAt !== undefined)
    clocks.tasks.set(entry.task, { startedAt: entry.at });
}

export interface Live {
  view: FeatureView;
  clocks: Clocks;
  running: readonly RunningCall[];
  /** Milliseconds since 1970. */
  now: number;
  /** The size of the screen in characters. */
  columns: number;
  rows: number;
}

const marks: Record<TaskState, string> = {
  missing: '·',
  blocked: '·',
  running: '▸',
  waiting: '?',
  done: '✓',
  failed: '✗',
  stopped: '■',
  skipped: '-',
};

/** Lines that stay free for what is printed above. */
const spareRows = 2;

/** The lines, each no wider than the screen, and together no higher: then what is over is left out first. */
export function liveLines(live: Live): string[] {
  const { view, clocks, now, running } = live;
  if (view.phase === undefined || view.phase === 'done' || view.phase === 'failed') return [];
  const phase = phaseTexts[view.phase];
  const time = clocks.phaseStartedAt === undefined ? '' : `  ${duration(now - clocks.phaseStartedAt)}`;
  const most = Math.max(3, live.rows - spareRows);
  const own = running
    .filter((call) => ownerOf(call, view) === undefined)
    .map((call) => `  ${callLine(call)}`);
  const head = [phase + time, ...own].slice(0, most);
  const tasks = view.phase === 'execution' ? view.tasks : [];
  const lines = [...head, ...taskLines(tasks, live, most - head.length)];
  return lines.map((line) => cut(line, live.columns - 1));
}

const ownerOf = ({ call, about }: RunningCall, view: FeatureView): string | undefined =>
  taskOfCall(
    call,
    about,
    view.tasks.map((task) => task.id),
  );

const callLine = ({ about, lastLine }: RunningCall): string =>
  `└ ${about.purpose ?? about.kind ?? 'call'}: ${cleanLine(lastLine) || '…'}`;

function taskLines(tasks: readonly TaskView[], live: Live, most: number): string[] {
  const rows = columns(tasks.map((task) => taskRow(task, live)));
  const all = tasks.map((task, index) => {
    // The two drafts of a race run at once.
    const calls = live.running.filter((call) => ownerOf(call, live.view) === task.id);
    return { task, lines: [`  ${rows[index] ?? ''}`, ...calls.map((call) => `      ${callLine(call)}`)] };
  });
  if (all.flatMap((one) => one.lines).length <= most) return all.flatMap((one) => one.lines);
  const moving = all.filter(({ task }) => isBegun(task.state) && !isOver(task.state));
  const done = tasks.filter((task) => satisfies(task.state)).length;
  return [
    ...moving.flatMap((one) => one.lines).slice(0, most - 1),
    `  ${done} of ${tasks.length} tasks done`,
  ];
}

function taskRow(task: TaskView, { view, clocks, now }: Live): string[] {
  const clock = clocks.tasks.get(task.id);
  const time = clock === undefined ? '' : duration((clock.endedAt ?? now) - clock.startedAt);
  const model = task.model === undefined ? '' : modelTitle(task.model, isScripted(view, task.id));
  const iteration =
    task.iterations === 0
      ? []
      : [`Iteration ${task.iterations}${clock?.of === undefined ? '' : `/${clock.of}`}`];
  const step = task.state === 'running' && task.step !== undefined ? [task.step] : [];
  const state = [task.state, ...step, ...iteration].join(', ');
  return [`${marks[task.state]} ${task.id}`, state, model, time, cleanLine(task.title)];
}
