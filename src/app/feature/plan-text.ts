/** A plan as a person edits it: JSON with the rules above it, or Markdown; and what is wrong with an edit, and where. Pure. */

import type { Plan } from '../../domain/tasks/plan.js';
import { taskTypes } from '../../domain/vocabulary.js';
import { checkPlan } from '../../feature/plan-file.js';

export type PlanFormat = 'json' | 'markdown';

export type EditedPlan = { ok: true; plan: Plan } | { ok: false; problem: string };

/** @param fixed ids of tasks that may not be changed any more */
const rules = (fixed: readonly string[]): string[] => [
  'Each task has an id such as T001, a title, a description, a type, and the tasks that come before it.',
  `Types: ${taskTypes.join(', ')}. The description is all that a model is told besides the specification.`,
  'An id is letters, digits, - and _, used once. No circles. Add, change, order and remove tasks as you like.',
  ...(fixed.length === 0 ? [] : [`Begun, and so neither to be changed nor removed: ${fixed.join(', ')}.`]),
  'Save it as it is, and nothing is changed. What is wrong is told with its place, and your text is kept.',
];

/** The JSON with the rules before it, as lines that begin with `//`. */
export const jsonText = (json: string, fixed: readonly string[]): string =>
  `${rules(fixed)
    .map((rule) => `// ${rule}`)
    .join('\n')}\n${json}`;

/** The JSON alone. */
export const withoutRules = (text: string): string => text.replace(/^(?:[ \t]*\/\/[^\n]*(?:\n|$))+/, '');

/** The plan as Markdown, with the rules before it. */
export function markdownText(plan: Plan, fixed: readonly string[]): string {
  const tasks = plan.tasks.map(({ id, title, type, dependsOn, description }) =>
    [
      `## ${id} ${title}`,
      `- type: ${type}`,
      `- after: ${dependsOn.length === 0 ? 'nothing' : dependsOn.join(', ')}`,
      '',
      // A heading of the description's own must not begin a task.
      description.replace(/^(\\*)## /gm, '\\$1## ').trimEnd(),
    ].join('\n'),
  );
  const head = ['<!--', ...rules(fixed), 'A task begins with: ## ID Title', '-->'];
  return `${head.join('\n')}\n\n${tasks.join('\n\n')}\n`;
}

/** The plan that a person wrote, or what is wrong with it, with the line where that can be told. */
export function readEditedPlan(text: string, format: PlanFormat = 'json'): EditedPlan {
  if (format === 'markdown') return readMarkdown(text);
  return checkPlan(text);
}

interface Draft {
  id: string;
  title: string;
  type?: string;
  dependsOn?: string[];
  description: string[];
  /** Of its heading, from 1. */
  line: number;
}

function readMarkdown(text: string): EditedPlan {
  const lines = withoutComment(text.replace(/\r\n?/g, '\n')).split('\n');
  const tasks: Draft[] = [];
  for (const [index, line] of lines.entries()) {
    const number = index + 1;
    const heading = /^##\s+(\S+)\s*(.*)$/.exec(line);
    const task = tasks.at(-1);
    if (heading !== null) {
      const [, id = '', title = ''] = heading;
      if (title.trim() === '') return wrong(number, `the task ${id} has no title: write \`## ${id} Title\``);
      tasks.push({ id, title: title.trim(), description: [], line: number });
    } else if (task === undefined) {
      if (line.trim() !== '') return wrong(number, 'a task begins with `## ID Title`');
    } else {
      const problem = take(task, line);
      if (problem !== undefined) return wrong(number, problem);
    }
  }
  const plan = {
    tasks: tasks.map(({ id, title, type = 'code', dependsOn = [], description }) => ({
      id,
      title,
      description: description.join('\n').trim(),
      type,
      dependsOn,
    })),
  };
  const checked = checkPlan(JSON.stringify(plan));
  return checked.ok ? checked : { ok: false, problem: withLine(checked.problem, tasks) };
}

/** The rules, blanked: what follows keeps its line. */
const withoutComment = (text: string): string =>
  text.replace(/^\s*<!--[\s\S]*?-->/, (comment) => comment.replace(/[^\n]/g, ''));

/** Takes a line below a task's heading; what is wrong with it, or undefined. */
function take(task: Draft, line: string): string | undefined {
  // The fields stand before the description.
  const isAtHead = task.description.every((before) => before.trim() === '');
  const field = isAtHead ? /^-\s*(type|after):\s*(.*)$/i.exec(line) : null;
  if (field === null) {
    task.description.push(line.replace(/^\\(\\*## )/, '$1'));
    return undefined;
  }
  const [, name = '', value = ''] = field;
  if (name.toLowerCase() === 'after') {
    const ids = value.split(/[\s,]+/).filter((id) => id !== '' && !/^(nothing|none|-)$/i.test(id));
    task.dependsOn = ids;
    return undefined;
  }
  const type = value.trim();
  if (!taskTypes.some((known) => known === type))
    return `there is no task type ${JSON.stringify(type)}; there are ${taskTypes.join(', ')}`;
  task.type = type;
  return undefined;
}

const wrong = (line: number, problem: string): EditedPlan => ({
  ok: false,
  problem: `Line ${line}: ${problem}.`,
});

/** What is wrong with the plan as a whole names a task: its heading's line helps to find it. */
function withLine(problem: string, tasks: readonly Draft[]): string {
  const found = tasks.findLast(({ id }) => new RegExp(`\\b${id.replace(/\W/g, '\\$&')}\\b`).test(problem));
  return found === undefined ? problem : `${problem} (line ${found.line})`;
}
