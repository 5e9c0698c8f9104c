/** What a person is told of each journal entry, in the phase document's words where it has some. Pure. */

import type { JournalEntry } from '../domain/journal/entries.js';
import { type FeatureView, isScripted, type TaskView } from '../domain/journal/view.js';
import { sameReason } from '../domain/reasons.js';
import { modelNames, modelTitles } from '../domain/vocabulary.js';
import { budgetText } from './amounts.js';
import { checkLine, endText } from './check-text.js';
import { reasonText } from './reasons.js';
import { count, modelTitle, phaseTexts } from './words.js';

export interface MessageContext {
  feature: string;
  /** The feature directory as the person is shown it, without a slash at its end. */
  directory: string;
  /** The view with the entry in it. */
  view: FeatureView;
  /** The text of an error's raw output, for a caller that has read it. */
  rawText?: string | undefined;
}

/** Lines of a list that are shown; the rest is counted. */
const listLength = 5;
/** Lines of a raw output that are shown: enough to see what it is, less than a screen. */
const rawLength = 20;

/**
 * The lines for one entry, without what can be typed about it; none for what is for the record only. They do not name
 * the task that they are about: where several run at once, the caller puts `entry.task` before them.
 */
export function eventLines(entry: JournalEntry, context: MessageContext): string[] {
  const { view, directory, feature } = context;
  switch (entry.kind) {
    case 'phase':
      return phaseLines(entry, feature);
    case 'route':
      return routeLines(entry);
    case 'prepared':
      return preparedLines(entry);
    case 'spec':
      return [
        `Specification saved to ${directory}/${entry.file.path}`,
        ...list('Open questions:', entry.questions),
      ];
    case 'plan':
      return entry.edited === true
        ? [`Plan changed: ${count(entry.tasks.length, 'task')}`]
        : [`${entry.tasks.length} tasks created`, ...summaryLines(entry.tasks.length, context)];
    case 'task':
      return taskLines(entry, titleOf(view, entry.task));
    case 'step':
      return stepLines(entry, view);
    case 'draft':
      return [
        `Draft by ${modelTitle(entry.model, isScripted(view, entry.task, 'draft'))}: ${named(entry.files)}`,
      ];
    case 'taken':
      return [
        `Changed by hand${entry.author === undefined ? '' : ` by ${entry.author}`}: ${named(entry.files)}`,
      ];
    case 'checks':
      return entry.results.map(checkLine);
    case 'review':
      return reviewLines(entry, view);
    case 'unapproved':
      return ['⚠ Max iterations reached. Manual review required.'];
    case 'race':
      return [`Selected ${raceTitle(entry.selected)}: ${reasonText(entry.reason)}`];
    case 'integrated':
      return [`Committed ${entry.commit.slice(0, 10)}: ${titleOf(view, entry.task)}`];
    case 'conflict':
      return [`✗ Conflict with the branch: ${reasonText(entry.reason)}`];
    case 'gate-opened':
      return [`Waiting for you at the gate ${entry.gate.gate}: ${reasonText(entry.gate.reason)}`];
    case 'gate-closed':
      return [
        `Gate ${entry.gate} ${entry.decision}${entry.automatic ? ' automatically' : ''}${entry.message === undefined ? '' : `: ${entry.message}`}`,
      ];
    case 'budget':
      return [`Budget: ${budgetText(entry.limits)}`];
    case 'merged':
      return [`Merged into ${entry.into}: ${entry.commit.slice(0, 10)}`];
    case 'rewound':
      return rewoundLines(entry);
    case 'stopped':
      return [`Stopping feature: ${feature}`];
    case 'resumed':
      return [`Going on with feature: ${feature}`];
    case 'saved':
      return [`Saved to ${directory}/${entry.path}`];
    case 'result':
      return resultLines(entry);
    case 'ignored':
    case 'warning':
      return [`WARNING: ${reasonText(entry.reason)}`];
    case 'error':
      return [`ERROR: ${reasonText(entry.reason)}`, ...rawLines(entry, context)];
    case 'waiting':
      return isSaidByGate(entry, view) ? [] : [`Waiting for you: ${reasonText(entry.reason)}`];
    case 'mode':
    case 'call':
    case 'correction':
      return [];
  }
}

/** An open gate has said so already. */
export const isSaidByGate = ({ reason }: Entry<'waiting'>, { gates }: FeatureView): boolean =>
  gates.some((gate) => sameReason(gate.reason, reason));

type Entry<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind };

function phaseLines({ phase, reason }: Entry<'phase'>, feature: string): string[] {
  if (phase === 'done') return [`Feature done: ${feature}`];
  if (phase === 'failed')
    return [`Feature failed: ${feature}${reason === undefined ? '' : `: ${reasonText(reason)}`}`];
  return [phaseTexts[phase]];
}

function routeLines(entry: Entry<'route'>): string[] {
  const name = modelTitle(entry.model, entry.scripted);
  switch (entry.purpose) {
    case 'spec':
      return [`Generating specification using ${name}...`];
    case 'plan':
      return [
        `Specification size: ${entry.contentChars} chars`,
        `Using ${name} for task generation... (${reasonText(entry.reason)})`,
      ];
    case 'refine':
      return [`Reviewing tasks with ${name} supervisor...`];
    case 'draft':
      return [`Using ${name} as ${entry.role}... (${reasonText(entry.reason)})`];
    case 'compare':
      return [`Comparing the drafts with ${name} supervisor...`];
    case 'review':
    case 'correct':
      return [];
  }
}

function preparedLines(entry: Entry<'prepared'>): string[] {
  const checks =
    entry.checks.length === 0
      ? ['No checks: the result will be unverified. Name some under `checks` in the configuration.']
      : [`Checks: ${entry.checks.join(', ')}`];
  const setup = entry.setup === null ? [] : [`Setup: ${entry.setup}`];
  const red = entry.baseline
    .filter((check) => !check.passed)
    .map(
      (check) =>
        `WARNING: ${check.name} is red before any change (${endText(check.ended)}); it will not count.`,
    );
  return [...setup, ...checks, ...red];
}

const summaryLines = (tasks: number, { view, directory, feature }: MessageContext): string[] => [
  'PIPELINE COMPLETE',
  `  Feature: ${feature}`,
  ...(view.specFile === undefined ? [] : [`  Specification: ${directory}/${view.specFile.path}`]),
  `  Tasks: ${tasks}`,
];

function taskLines(entry: Entry<'task'>, name: string): string[] {
  const reason = entry.reason === undefined ? [] : [`  ${reasonText(entry.reason)}`];
  switch (entry.state) {
    case 'running':
      return [`Executing: ${name}`, ...reason];
    case 'done':
      return [`✓ Task completed: ${name}`];
    case 'failed':
      return [`✗ Task failed: ${name}`, ...reason];
    case 'stopped':
      return [`Stopping task: ${name}`];
    case 'waiting':
      return [`Waiting: ${name}`, ...reason];
    case 'blocked':
      return [`Blocked: ${name}`, ...reason];
    case 'skipped':
      return [`Skipped: ${name}`];
    case 'missing':
      return [];
  }
}

function stepLines(entry: Entry<'step'>, view: FeatureView): string[] {
  // A review task's files are known when its review is there.
  if (entry.step === 'review') return reviewedFiles(taskOf(view, entry.task)?.files ?? []);
  if (entry.step !== 'correct') return [];
  const iteration =
    entry.of === undefined || entry.iteration === 0 ? [] : [`Iteration ${entry.iteration}/${entry.of}`];
  return [...iteration, 'Applying corrections...'];
}

const reviewedFiles = (files: readonly string[]): string[] =>
  shortened(files.map((file) => `Reviewing ${file}...`));

function reviewLines(entry: Entry<'review'>, view: FeatureView): string[] {
  const task = taskOf(view, entry.task);
  const own = task?.type === 'review';
  const files = task?.files.length === 0 ? reviewedFiles(entry.files) : [];
  const author = entry.sameAsAuthor
    ? [
        `  ${modelTitles[entry.model]} reviewed its own draft, in a fresh session: no other model is available.`,
      ]
    : [];
  if (entry.approved) return [...files, own ? '✓ Code approved' : '✓ Output approved', ...author];
  const points = entry.corrections.length > 0 ? entry.corrections : [entry.feedback];
  return [
    ...files,
    own ? '✗ Code needs corrections:' : '✗ Corrections needed:',
    ...points.map((point) => `  - ${point}`),
    ...author,
  ];
}

function rawLines({ rawOutput }: Entry<'error'>, { directory, rawText }: MessageContext): string[] {
  if (rawOutput === undefined) return [];
  const path = `${directory}/${rawOutput}`;
  if (rawText === undefined) return [`Raw output: ${path}`];
  const lines = rawText.split('\n');
  return [
    'Raw output:',
    ...lines.slice(0, rawLength),
    ...(lines.length > rawLength ? [`… ${count(lines.length - rawLength, 'more line')} in ${path}`] : []),
  ];
}

function resultLines(entry: Entry<'result'>): string[] {
  if (entry.checks.length === 0) return ['Result: unverified, no check was run'];
  return [
    entry.verified ? '✓ Result: the checks pass' : '✗ Result: not verified',
    ...entry.checks.map((check) => `  ${checkLine(check)}`),
  ];
}

function rewoundLines({ to, ref, from, head, tasks }: Entry<'rewound'>): string[] {
  const again = tasks.filter((task) => task.state === 'missing').map((task) => task.id);
  return [
    `Rewound to ${to === 'start' || to.includes('rewound/') ? to : `just before ${to}`}${head === undefined ? '' : `: ${head.slice(0, 10)}`}`,
    ...(again.length === 0 ? [] : [`  To do again: ${shortened(again).join(', ')}`]),
    ...(ref === undefined || from === undefined
      ? []
      : [`  What was undone is kept: ${ref} at ${from.slice(0, 10)}`]),
  ];
}

/** A race's drafts are labelled by their models. */
function raceTitle(label: string): string {
  const model = modelNames.find((name) => name === label);
  return model === undefined ? label : modelTitles[model];
}

const taskOf = (view: FeatureView, id: string): TaskView | undefined =>
  view.tasks.find((task) => task.id === id);

const titleOf = (view: FeatureView, id: string): string => taskOf(view, id)?.title ?? id;

const list = (heading: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [heading, ...items.map((item) => `  - ${item}`)];

const named = (files: readonly string[]): string =>
  files.length === 0 ? 'no files' : shortened(files).join(', ');

const shortened = (items: readonly string[]): string[] =>
  items.length <= listLength
    ? [...items]
    : [...items.slice(0, listLength), `and ${items.length - listLength} more`];
