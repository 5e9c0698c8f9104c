/** What a person is told of each journal entry, in the phase document's words where it has some. Pure. */

import type { JournalEntry } from '../domain/journal/entries.js';
import type { FeatureView, TaskView } from '../domain/journal/view.js';
import { budgetGate, budgetText } from '../domain/money/budget.js';
import type { CheckResult } from '../domain/tasks/review.js';
import { type ModelName, modelNames, modelTitles, type Purpose } from '../domain/vocabulary.js';

/** The warning when the reviewer's refinement is no valid plan. */
export const refinementFailed = 'Supervisor refinement failed, using original tasks';

/** The error when the parser's answer is no valid plan. */
export const tasksUnreadable = (problem: string): string => `Failed to parse tasks JSON: ${problem}`;

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
 * The lines for one entry; none for what is for the record only. They do not name the task that they are about:
 * where several run at once, the caller puts `entry.task` before them.
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
      return [`Draft by ${title(entry.model, isScripted(view, 'draft', entry.task))}: ${named(entry.files)}`];
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
      return [`Selected ${raceTitle(entry.selected)}: ${entry.reason}`];
    case 'integrated':
      return [`Committed ${entry.commit.slice(0, 10)}: ${titleOf(view, entry.task)}`];
    case 'conflict':
      return [`✗ Conflict with the branch: ${entry.reason}`];
    case 'gate-opened': {
      const { gate, reason } = entry.gate;
      // Its reason says what passes it.
      if (gate === budgetGate) return [`Waiting for you at the gate ${gate}: ${reason}`];
      return [
        `Waiting for you at the gate ${gate}: ${reason}`,
        `  blueprint approve ${feature} ${gate}   or   blueprint reject ${feature} ${gate} -m TEXT`,
      ];
    }
    case 'gate-closed':
      return [
        `Gate ${entry.gate} ${entry.decision}${entry.automatic ? ' automatically' : ''}${entry.message === undefined ? '' : `: ${entry.message}`}`,
      ];
    case 'budget':
      return [`Budget: ${budgetText(entry.limits)}`];
    case 'merged':
      return [`Merged into ${entry.into}: ${entry.commit.slice(0, 10)}`];
    case 'rewound':
      return rewoundLines(entry, feature);
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
      return [`WARNING: ${entry.message}`];
    case 'error':
      return [`ERROR: ${entry.message}`, ...rawLines(entry, context)];
    case 'waiting':
      // An open gate has said so already.
      return view.gates.some((gate) => gate.reason === entry.reason)
        ? []
        : [`Waiting for you: ${entry.reason}`];
    case 'mode':
    case 'call':
    case 'correction':
      return [];
  }
}

type Entry<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind };

function phaseLines(entry: Entry<'phase'>, feature: string): string[] {
  switch (entry.phase) {
    case 'prepare':
      return ['Checking models and the project...'];
    case 'spec':
      return ['[1/2] Generating specification...'];
    case 'plan':
      return ['[2/2] Creating tasks from the specification...'];
    case 'execution':
      return ['Executing tasks...'];
    case 'result':
      return ['Checking the result...'];
    case 'done':
      return [`Feature done: ${feature}`];
    case 'failed':
      return [`Feature failed: ${feature}${entry.reason === undefined ? '' : `: ${entry.reason}`}`];
  }
}

function routeLines(entry: Entry<'route'>): string[] {
  const name = title(entry.model, entry.scripted);
  switch (entry.purpose) {
    case 'spec':
      return [`Generating specification using ${name}...`];
    case 'plan':
      return [
        `Specification size: ${entry.contentChars} chars`,
        `Using ${name} for task generation... (${entry.reason})`,
      ];
    case 'refine':
      return [`Reviewing tasks with ${name} supervisor...`];
    case 'draft':
      return [`Using ${name} as ${entry.role}... (${entry.reason})`];
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
    .map((check) => `WARNING: ${check.name} is red before any change (${check.ended}); it will not count.`);
  return [...setup, ...checks, ...red];
}

const summaryLines = (tasks: number, { view, directory, feature }: MessageContext): string[] => [
  'PIPELINE COMPLETE',
  `  Feature: ${feature}`,
  ...(view.specFile === undefined ? [] : [`  Specification: ${directory}/${view.specFile.path}`]),
  `  Tasks: ${tasks}`,
  `  Go on with \`blueprint run ${feature}\`, or with \`blueprint\` to decide by hand.`,
];

function taskLines(entry: Entry<'task'>, name: string): string[] {
  const reason = entry.reason === undefined ? [] : [`  ${entry.reason}`];
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

function rewoundLines({ to, ref, from, head, tasks, number }: Entry<'rewound'>, feature: string): string[] {
  const again = tasks.filter((task) => task.state === 'missing').map((task) => task.id);
  return [
    `Rewound to ${to === 'start' || to.includes('rewound/') ? to : `just before ${to}`}${head === undefined ? '' : `: ${head.slice(0, 10)}`}`,
    ...(again.length === 0 ? [] : [`  To do again: ${shortened(again).join(', ')}`]),
    ...(ref === undefined || from === undefined
      ? []
      : [`  What was undone is kept: ${ref} at ${from.slice(0, 10)}`]),
    `  Forward again: blueprint rewind ${feature} --to rewound/${number}`,
  ];
}

function checkLine(check: CheckResult): string {
  if (check.flaky) return `✓ Check flaky: ${check.name} (${check.ended})`;
  if (check.passed) return `✓ Check passed: ${check.name}`;
  return check.redBefore
    ? `- Check red as before: ${check.name} (${check.ended})`
    : `✗ Check failed: ${check.name} (${check.ended})`;
}

const title = (model: ModelName, scripted: boolean): string =>
  scripted && model !== 'scripted' ? `${modelTitles[model]} (scripted)` : modelTitles[model];

/** A race's drafts are labelled by their models. */
function raceTitle(label: string): string {
  const model = modelNames.find((name) => name === label);
  return model === undefined ? label : modelTitles[model];
}

const isScripted = (view: FeatureView, purpose: Purpose, task: string): boolean =>
  view.routes.some((route) => route.purpose === purpose && route.task === task && route.scripted);

const taskOf = (view: FeatureView, id: string): TaskView | undefined =>
  view.tasks.find((task) => task.id === id);

const titleOf = (view: FeatureView, id: string): string => taskOf(view, id)?.title ?? id;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const list = (heading: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : [heading, ...items.map((item) => `  - ${item}`)];

const named = (files: readonly string[]): string =>
  files.length === 0 ? 'no files' : shortened(files).join(', ');

const shortened = (items: readonly string[]): string[] =>
  items.length <= listLength
    ? [...items]
    : [...items.slice(0, listLength), `and ${items.length - listLength} more`];
