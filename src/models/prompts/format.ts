/** How tasks, files and findings are written in prompts. */
import type { CorrectionReason } from '../../domain/reasons.js';
import type { CheckEnd, CheckResult } from '../../domain/tasks/checks.js';
import type { Task } from '../../domain/tasks/plan.js';
import type { Review } from '../../domain/tasks/review.js';

/** A task, for whoever works on it. */
export const formatTask = (task: Task): string =>
  [`${task.id}: ${task.title}`, `Type: ${task.type}`, '', task.description].join('\n').trimEnd();

/** Files in the form in which answers give them, each in a fence longer than any in its content. */
export const formatFiles = (files: readonly { path: string; content: string }[]): string =>
  files
    .map(({ path, content }) => {
      const runs = content.match(/`{3,}/g) ?? [];
      const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
      const end = content === '' || content.endsWith('\n') ? '' : '\n';
      return `${fence} path=${path.includes(' ') ? `"${path}"` : path}\n${content}${end}${fence}`;
    })
    .join('\n\n');

/** What a review asks for, numbered, the first marked; with no corrections, its feedback is what is wrong. */
export function formatCorrections(review: Review): string {
  const [first, ...more] = review.corrections;
  if (first === undefined) return review.feedback;
  const numbered = [`1. (first) ${first}`, ...more.map((correction, index) => `${index + 2}. ${correction}`)];
  return [...numbered, ...(review.feedback === '' ? [] : ['', review.feedback])].join('\n');
}

/** Why a draft is corrected, for who corrects and who judges it. */
export function formatReason({ code, params }: CorrectionReason): string {
  switch (code) {
    case 'person':
      return params.text;
    case 'conflict':
      return `The draft conflicts with what other tasks have put on the branch since:\n${params.text}`;
    case 'breaks-branch': {
      const names = params.checks.map(({ name, ended }) => `${name} (${formatEnd(ended)})`).join(', ');
      return `On top of what other tasks have put on the branch since, the draft breaks: ${names}\n${params.text}`;
    }
  }
}

/** How a check ended, as a model is told. */
function formatEnd(end: CheckEnd): string {
  switch (end.kind) {
    case 'exit':
      return `exit status ${end.status}`;
    case 'timeout':
      return `timed out after ${end.seconds} s`;
    case 'not-runnable':
      return `cannot be run, exit status ${end.status}`;
    case 'protected-files': {
      const more = end.more === 0 ? '' : ` and ${end.more} more`;
      return `changes ${end.paths.join(', ')}${more}, protected by the configuration and not named by the task: to be put back as it was`;
    }
  }
}

/**
 * What the checks said, each with the end of its output, in the order that they were run.
 *
 * @param outputs the end of each check's output, by the check's name
 */
export const formatChecks = (
  checks: readonly CheckResult[],
  outputs: Readonly<Record<string, string>>,
): string =>
  checks
    .map((check) => {
      const flaky =
        check.flaky === undefined
          ? ''
          : `, flaky: ${formatEnd(check.ended)} when run again, ${formatEnd(check.flaky.ended)} before`;
      const state = check.passed ? `passes${flaky}` : `fails (${formatEnd(check.ended)})`;
      const before =
        check.redBefore && !check.passed ? ', as it did before any change: it does not count' : '';
      const output = outputs[check.name]?.trimEnd() ?? '';
      return `${check.name}: ${state}${before}${check.passed || output === '' ? '' : `\n${output}`}`;
    })
    .join('\n\n');
