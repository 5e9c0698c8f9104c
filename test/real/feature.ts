/**
 * The feature that each real project gets: six tasks, of which two change the same lines at the same time, and the
 * answers of the models that do them.
 */

import type { Check } from '../../src/domain/feature/types.js';
import type { Plan, Task } from '../../src/domain/tasks/plan.js';
import { approval, type ScriptEntry } from '../support/project.js';
import type { SourceArchive } from '../support/source-archives.js';

/** Files of an answer, by path, whole. */
export type Files = Record<string, string>;

/** Two models draft it side by side. */
interface RacedTask {
  title: string;
  description: string;
}

/** One draft makes the project's own tests fail. */
interface DecidedByChecks extends RacedTask {
  breaks: Files;
  works: Files;
}

/** The tests pass for both drafts. */
interface DecidedBySupervisor extends RacedTask {
  chosen: Files;
  other: Files;
  reason: string;
}

export interface RealProject {
  archive: SourceArchive;
  /** The project's own tests. */
  check: Check;
  /** A command that the tests need, in `node_modules` of the checkout. */
  tool?: { name: string; version: string };
  brief: string;
  /** T001, which settles how. */
  architecture: string;
  /** T002, whose first draft is rejected. */
  docs: { title: string; description: string; first: Files; missing: string; corrected: Files };
  /** T003 and T004, which change the same lines. */
  beside: [DecidedByChecks, DecidedByChecks];
  /** The files of the conflict, with what both want: whichever comes second gives them. */
  together: Files;
  /** T005, which builds on both. */
  after: DecidedBySupervisor;
}

/** A text with parts of it replaced; each part must be there once. */
export function edited(text: string, ...edits: [from: string, to: string][]): string {
  return edits.reduce((before, [from, to]) => {
    if (before.split(from).length !== 2) throw new Error(`It is not there once: ${from}`);
    return before.replace(from, () => to);
  }, text);
}

/** Longer than any fence in the files. */
const fence = '`'.repeat(6);

const answerOf = (files: Files): string =>
  Object.entries(files)
    .map(([path, content]) => `${fence}text path=${path}\n${content.trimEnd()}\n${fence}\n`)
    .join('\n');

export function planOf({ docs, beside, after }: RealProject): Plan {
  const task = (id: string, type: Task['type'], dependsOn: string[], { title, description }: RacedTask) => ({
    ...{ id, type, dependsOn, title, description },
  });
  const [first, second] = beside;
  return {
    tasks: [
      task('T001', 'architecture', [], {
        title: 'Settle how it is done',
        description: 'Say what is changed where, and what stays as it is.',
      }),
      task('T002', 'boilerplate', ['T001'], docs),
      task('T003', 'code', ['T001'], first),
      task('T004', 'code', ['T001'], second),
      task('T005', 'code', ['T003', 'T004'], after),
      task('T006', 'review', ['T002', 'T005'], {
        title: 'Review the whole',
        description: 'Does the branch do what the specification says?',
      }),
    ],
  };
}

/** The answers to every call of the feature, whichever of the two tasks comes to the branch first. */
export function scriptOf(project: RealProject): ScriptEntry[] {
  const plan = planOf(project);
  const { architecture, docs, beside, together, after } = project;
  const [first, second] = beside;
  const raced = (task: string, deepseek: Files, gemini: Files): ScriptEntry[] => [
    { match: { purpose: 'draft', task, model: 'deepseek' }, answer: answerOf(deepseek) },
    { match: { purpose: 'draft', task, model: 'gemini' }, answer: answerOf(gemini) },
  ];
  return [
    { match: { purpose: 'spec' }, answer: `# Specification\n\n${project.brief}\n` },
    { match: { purpose: 'plan' }, answer: plan },
    { match: { purpose: 'refine' }, answer: plan },
    { match: { purpose: 'draft', task: 'T001' }, answer: architecture },
    { match: { purpose: 'draft', task: 'T002' }, answer: answerOf(docs.first) },
    {
      match: { purpose: 'review', task: 'T002' },
      answers: [
        { answer: { approved: false, feedback: docs.missing, corrections: [docs.missing] } },
        { answer: approval },
      ],
    },
    { match: { purpose: 'correct', task: 'T002' }, answer: answerOf(docs.corrected) },
    ...raced('T003', first.breaks, first.works),
    ...raced('T004', second.works, second.breaks),
    { match: { purpose: 'correct', task: 'T003' }, answer: answerOf(together) },
    { match: { purpose: 'correct', task: 'T004' }, answer: answerOf(together) },
    ...raced('T005', after.other, after.chosen),
    {
      match: { purpose: 'compare', task: 'T005' },
      answer: { selected: 'gemini', reasoning: after.reason },
    },
    { match: { purpose: 'review' }, answer: approval },
  ];
}
