/** A problem as a person is told of it: its sentence, and apart from it what can be typed against it. Pure. */
import type { Problem, ProblemCode, ProblemParams } from '../domain/problem.js';
import { reasonHints, reasonText } from './reasons.js';

type Hints = { [C in ProblemCode]?: (params: ProblemParams[C]) => string[] };

const hints: Hints = {
  'budget-unusable': ({ models }) => [
    `Set ${models.map((model) => `models.${model}.price`).join(', ')} in blueprint.config.json (dollars for a million tokens: {"input": 1, "output": 4}), or give the budget in calls or tokens.`,
  ],
  'branch-taken': ({ branch }) => [`Rename it: git branch -m ${branch} NEW`],
  'budget-gate': ({ feature }) => reasonHints({ code: 'budget-gate', params: {} }, { feature }),
  'earlier-work': ({ feature }) => [
    `Remove it: git update-ref -d refs/blueprint/${feature}/head && git branch -D blueprint/${feature}`,
  ],
  'earlier-workflow': ({ workflowId }) => [`End it: temporal workflow terminate --workflow-id ${workflowId}`],
  'feature-missing': ({ startable }) =>
    startable === undefined ? [] : [`Start one with \`blueprint start ${startable} --brief FILE\`.`],
  'message-unusable': () => ['A message is given with -m TEXT.'],
  'name-taken': ({ feature }) => [
    `Look at it with \`blueprint status ${feature}\`, go on with it with \`blueprint run ${feature}\` and no brief, or choose another name.`,
  ],
  'no-target': () => ['A branch is named with --into BRANCH.'],
  'not-merged': ({ feature }) => [`\`blueprint merge ${feature}\` merges; --force loses what is not merged.`],
  'not-running': ({ feature }) => [`Go on with it with \`blueprint resume ${feature}\`.`],
  'not-stopped': ({ feature }) => [`\`blueprint stop ${feature}\` stops it.`],
  'prompts-unusable': () => ['`blueprint prompts` lists the prompts.'],
  'repository-untrusted': ({ folder }) => [
    `Have git trust it: git config --global --add safe.directory ${folder}`,
  ],
  'rewind-unfinished': ({ feature }) => [`\`blueprint resume ${feature}\` ends it first.`],
  'server-silent': ({ embedded }) =>
    embedded ? ['`blueprint server stop` stops it, and `blueprint server start` starts it again.'] : [],
  'spec-closed': ({ feature }) => [
    `At the plan's gate \`blueprint reject ${feature} spec -m TEXT\` has it made again.`,
  ],
};

/** @returns one sentence or several; no command is in them */
export const problemText = (problem: Problem): string => reasonText(problem.reason);

/** @returns what can be typed, each a sentence; none for most problems */
export function problemHints(problem: Problem): string[] {
  const { code, params, reason } = problem;
  const feature = 'feature' in params ? params.feature : undefined;
  const own = hintsOf(code, params);
  return own.length > 0 || feature === undefined ? own : reasonHints(reason, { feature });
}

/** The code's own function, with the parameters that belong to it. */
const hintsOf = <C extends ProblemCode>(code: C, params: ProblemParams[C]): string[] =>
  hints[code]?.(params) ?? [];
