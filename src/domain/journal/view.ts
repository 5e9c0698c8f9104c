/** Where a feature stands, by its journal alone: no server and no worker is asked. Pure. */

import type { OpenGate } from '../feature/gates.js';
import type { FeatureMode } from '../feature/types.js';
import { budgetGate } from '../money/budget.js';
import type { Reason, RouteReason } from '../reasons.js';
import type { CommitHash, FileReference } from '../references.js';
import type { CheckResult } from '../tasks/checks.js';
import {
  type ModelName,
  modelNames,
  type Phase,
  type Purpose,
  type Role,
  type TaskState,
  type TaskType,
} from '../vocabulary.js';
import type { JournalEntry } from './entries.js';

/** One task, as a person is shown it. */
export interface TaskView {
  id: string;
  title: string;
  type: TaskType;
  state: TaskState;
  dependsOn: string[];
  /** Rounds begun; 0 before the first. */
  round: number;
  /** Corrections in the last round. */
  iterations: number;
  /** The author of the last draft. */
  model?: ModelName | undefined;
  /** The commit on the feature's branch. */
  commit?: CommitHash | undefined;
  /** What a running task does just now, and since when, in milliseconds since 1970. */
  step?: string | undefined;
  stepStartedAt?: number | undefined;
  /** Why it failed, waits or was stopped. */
  reason?: Reason | undefined;
  /** The files of the last draft. */
  files: string[];
}

/** Which model was chosen for what. */
export interface RouteView {
  role: Role;
  purpose: Purpose;
  task?: string | undefined;
  model: ModelName;
  scripted: boolean;
  contentChars: number;
  reason: RouteReason;
}

/** Something that went wrong, and when, in milliseconds since 1970. */
export interface NoticeView {
  at: number;
  reason: Reason;
  task?: string | undefined;
}

export interface FeatureView {
  /** Undefined until the workflow's first entry. */
  phase?: Phase | undefined;
  mode?: FeatureMode | undefined;
  gates: OpenGate[];
  head?: CommitHash | undefined;
  /** The checks passed on the whole result. */
  verified: boolean;
  tasks: TaskView[];
  /** The last choice for each purpose and task. */
  routes: RouteView[];
  checks: string[];
  baseline: CheckResult[];
  warnings: NoticeView[];
  errors: NoticeView[];
  /** When the last entry was written, in milliseconds since 1970. */
  lastAt?: number | undefined;
  specFile?: FileReference | undefined;
  openQuestions: string[];
  planFile?: FileReference | undefined;
  /** A person stopped the whole feature. */
  stopped: boolean;
  /** Why nothing can move without a person. */
  waiting?: Reason | undefined;
  /** How often it was rewound. */
  rewinds: number;
}

/** The view of a journal that has no entries yet. */
export const emptyView = (): FeatureView => ({
  gates: [],
  verified: false,
  tasks: [],
  routes: [],
  checks: [],
  baseline: [],
  warnings: [],
  errors: [],
  openQuestions: [],
  stopped: false,
  rewinds: 0,
});

/**
 * Where a feature stands.
 *
 * @param entries the journal, merged, without repeats and in order
 */
export function featureView(entries: Iterable<JournalEntry>): FeatureView {
  const view = emptyView();
  for (const entry of entries) applyEntry(view, entry);
  return view;
}

/** Whether the scripted model plays a part of this task: any, or that of one purpose. */
export const isScripted = (view: FeatureView, task: string | undefined, purpose?: Purpose): boolean =>
  view.routes.some(
    (route) => route.scripted && route.task === task && (purpose === undefined || route.purpose === purpose),
  );

/** Takes one more entry into a view, in place: for a follower, who would else read the whole journal each time. */
export function applyEntry(view: FeatureView, entry: JournalEntry): void {
  view.lastAt = Math.max(view.lastAt ?? 0, entry.at);
  switch (entry.kind) {
    case 'phase':
      view.phase = entry.phase;
      view.waiting = undefined;
      // A workflow that begins has no gates; those of one that is gone wait for nobody.
      if (entry.phase === 'prepare') view.gates = [];
      if (entry.phase === 'failed' && entry.reason !== undefined) notice(view.errors, entry, entry.reason);
      return;
    case 'mode':
      view.mode = entry.mode;
      return;
    case 'route':
      applyRoute(view, entry);
      return;
    case 'prepared':
      view.checks = entry.checks;
      view.baseline = entry.baseline;
      return;
    case 'spec':
      view.specFile = entry.file;
      view.openQuestions = entry.questions;
      return;
    case 'plan':
      view.planFile = entry.file;
      view.tasks = entry.tasks.map((task) => ({ ...newTask(view, task.id), ...task }));
      return;
    case 'gate-opened':
      view.gates = [...view.gates.filter((gate) => gate.gate !== entry.gate.gate), entry.gate];
      return;
    case 'gate-closed':
      view.gates = view.gates.filter((gate) => gate.number !== entry.number);
      view.waiting = undefined;
      return;
    case 'waiting':
      view.waiting = entry.reason;
      return;
    case 'stopped':
    case 'resumed':
      view.stopped = entry.kind === 'stopped';
      view.waiting = undefined;
      return;
    case 'budget':
      if (view.gates.some((gate) => gate.gate === budgetGate)) view.waiting = undefined;
      return;
    case 'result':
      view.head = entry.head ?? view.head;
      view.verified = entry.verified;
      return;
    case 'ignored':
    case 'warning':
      notice(view.warnings, entry, entry.reason);
      return;
    case 'error':
      notice(view.errors, entry, entry.reason, entry.task);
      return;
    case 'integrated':
      view.head = entry.commit;
      // What was verified is no longer what stands there.
      view.verified = false;
      applyToTask(view, entry);
      return;
    case 'rewound':
      applyRewind(view, entry);
      return;
    default:
      applyToTask(view, entry);
  }
}

function applyRewind(view: FeatureView, entry: JournalEntry & { kind: 'rewound' }): void {
  Object.assign(view, { head: entry.head, verified: false, stopped: false, waiting: undefined });
  view.rewinds = entry.number;
  // What they were about is not there any more; those of a workflow that is gone are closed by nobody else.
  view.gates = [];
  for (const task of view.tasks) {
    const now = entry.tasks.find((other) => other.id === task.id);
    task.state = now?.state ?? 'missing';
    task.commit = now?.commit;
    task.reason = undefined;
    task.step = undefined;
    task.stepStartedAt = undefined;
  }
}

function applyToTask(view: FeatureView, entry: JournalEntry): void {
  const task = 'task' in entry ? view.tasks.find((other) => other.id === entry.task) : undefined;
  if (task === undefined) return;
  switch (entry.kind) {
    case 'task':
      if (entry.round !== task.round) Object.assign(task, { round: entry.round, iterations: 0 });
      task.state = entry.state;
      if (entry.state === 'running') view.waiting = undefined;
      task.reason = entry.reason;
      task.commit = entry.commit ?? task.commit;
      task.step = undefined;
      task.stepStartedAt = undefined;
      return;
    case 'step':
      // Two workflows write: a round's last step may stand behind what its parent made of it.
      if (task.state !== 'running') return;
      task.step = entry.step;
      task.stepStartedAt = entry.at;
      return;
    case 'draft':
      task.files = entry.files;
      task.model = entry.model;
      return;
    case 'taken':
      task.files = entry.files;
      return;
    case 'correction':
      task.iterations = entry.iteration;
      return;
    case 'race':
      task.model = modelNames.find((model) => model === entry.selected) ?? task.model;
      return;
    case 'integrated':
      task.commit = entry.commit;
      return;
    default:
      return;
  }
}

function applyRoute(view: FeatureView, entry: JournalEntry & { kind: 'route' }): void {
  const { role, purpose, task, model, scripted, contentChars, reason } = entry;
  // In place: a journal of a large feature has a thousand of them.
  const before = view.routes.findLastIndex((other) => other.purpose === purpose && other.task === task);
  if (before !== -1) view.routes.splice(before, 1);
  view.routes.push({ role, purpose, task, model, scripted, contentChars, reason });
  const drafted = purpose === 'draft' ? view.tasks.find((other) => other.id === task) : undefined;
  if (drafted !== undefined) drafted.model = model;
}

/** A plan that replaces another keeps what is known of the tasks that stay. */
const newTask = (view: FeatureView, id: string) =>
  view.tasks.find((task) => task.id === id) ?? {
    state: 'missing' as const,
    round: 0,
    iterations: 0,
    files: [],
  };

function notice(list: NoticeView[], entry: JournalEntry, reason: Reason, task?: string): void {
  list.push({ at: entry.at, reason, ...(task === undefined ? {} : { task }) });
}
