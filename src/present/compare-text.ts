/** The drafts of a task, side by side. Pure. */
import type { ComparedDraft, Comparison } from '../domain/tasks/comparison.js';
import { modelTitles } from '../domain/vocabulary.js';
import { checkItem } from './check-text.js';
import { cleanLine, cleanText } from './clean.js';
import { reasonText } from './reasons.js';
import { statLines } from './result-text.js';
import { count, shortHash } from './words.js';

export function compareLines({ feature, task, race, drafts, others }: Comparison): string[] {
  return [
    `${feature} ${task}: ${race === undefined ? count(drafts.length, 'draft') : `a race of ${drafts.length} drafts`}`,
    ...(race === undefined
      ? []
      : [
          `Selected: ${race.selected}, by the ${race.judgedBy === 'checks' ? 'checks' : 'supervisor'}: ${cleanLine(reasonText(race.reason))}`,
        ]),
    ...drafts.flatMap((draft) => ['', ...draftLines(draft)]),
    ...(others === 0
      ? []
      : ['', `${count(others, 'other draft')} of this task: \`blueprint logs ${feature} ${task}\`.`]),
  ];
}

function draftLines(draft: ComparedDraft): string[] {
  const { attempt, label, model, commit, selected, checks, review, stat, diff } = draft;
  const name =
    label === undefined ? `Draft ${attempt}, by ${modelTitles[model]}` : `${modelTitles[model]}’s draft`;
  return [
    `${name}${selected ? ' (selected)' : ''}${commit === undefined ? '' : ` ${shortHash(commit)}`}`,
    ...(checks.length === 0 ? ['  no checks ran'] : checks.map(checkItem)),
    ...(review === undefined
      ? []
      : [
          `  ${review.approved ? '✓ approved' : '✗ not approved'} by ${modelTitles[review.model]}: ${cleanLine(review.feedback)}`,
          ...review.corrections.map((correction) => `    - ${cleanLine(correction)}`),
        ]),
    ...statLines(stat),
    ...(diff === undefined ? [] : ['', ...cleanText(diff).trimEnd().split('\n')]),
  ];
}
