/** Which models there are, and what each role would be done by. Pure. */

import type { Config } from '../domain/feature/types.js';
import { type FoundModels, ownReviews, type RoleChoice, roleChoices } from '../domain/models/choices.js';
import type { ModelFinding } from '../domain/models/findings.js';
import { modelTitles } from '../domain/vocabulary.js';
import { ownReviewText, routeText } from './model-reasons.js';
import { table } from './table.js';

/** What was found of each model; below one that is not there, what to do about it. */
export const modelLines = (models: readonly ModelFinding[]): string[] =>
  table(
    ['  MODEL', 'FOUND'],
    models.flatMap(({ model, ok, detail, advice }) => [
      [`${ok ? '✓' : '-'} ${modelTitles[model]}`, detail],
      ...(advice === undefined ? [] : [['', advice]]),
    ]),
  );

/** Which model each role would get, and where one would judge its own work. */
export function choiceLines(config: Config, found: FoundModels): string[] {
  const choices = roleChoices(config, found);
  const named = choices.some(({ vendorModel }) => vendorModel !== undefined);
  const rows = choices.map((choice) => [
    `  ${choice.role}${size(choice)}`,
    choice.model === undefined ? 'none' : modelTitles[choice.model],
    choice.mode,
    ...(named ? [choice.vendorModel ?? '(its default)'] : []),
    routeText(choice.reason),
  ]);
  const warnings = ownReviews(config, found).map((own) => `WARNING: ${ownReviewText(own)}`);
  return [
    ...table(['  ROLE', 'MODEL', 'MODE', ...(named ? ['NAMED'] : []), 'WHY'], rows),
    ...(warnings.length === 0 ? [] : ['', ...warnings]),
  ];
}

const size = ({ overChars }: RoleChoice): string => (overChars === 0 ? '' : ` over ${overChars} characters`);
