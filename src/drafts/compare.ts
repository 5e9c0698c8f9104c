/** The comparison of a race's drafts, where the checks do not tell them apart. */
import type { Answered } from '../domain/calls/answer.js';
import { Problem } from '../domain/problem.js';
import type { CompareInput, CompareOutcome } from '../domain/tasks/steps.js';
import { readArtifact } from '../feature/artifacts.js';
import type { WorkScope } from '../feature/scope.js';
import { parseComparison } from '../models/answers/review.js';
import { formatTask } from '../models/prompts/format.js';
import { ask, type Reading } from '../questions/ask.js';
import { describeChecks, showDraft } from '../questions/task-context.js';

/** Has the reviewer choose one of two drafts. */
export async function compareDrafts(
  input: CompareInput,
  scope: WorkScope,
): Promise<Answered<CompareOutcome>> {
  const [first, second] = input.drafts;
  if (first === undefined || second === undefined)
    throw new Problem('draft-missing', 'A comparison needs two drafts.');
  return ask(
    input,
    scope,
    {
      purpose: 'compare',
      role: 'reviewer',
      task: input.task.id,
      schema: 'comparison',
      prompt: async (asked) => ({
        name: 'compare',
        slots: {
          task: formatTask(input.task),
          spec: await readArtifact(scope.directory, input.context.spec),
          firstLabel: first.label,
          first: (await showDraft(scope, first.draft)).draft,
          firstChecks: await describeChecks(scope, first.checks),
          secondLabel: second.label,
          second: (await showDraft(scope, second.draft)).draft,
          secondChecks: await describeChecks(scope, second.checks),
          ...asked,
        },
      }),
    },
    async (text): Promise<Reading<CompareOutcome>> => {
      const read = parseComparison(text, [first.label, second.label]);
      return read.ok ? { ok: true, ...read.comparison } : read;
    },
  );
}
