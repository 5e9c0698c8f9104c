/** Specification → tasks → refined tasks. */
import type { Answered } from '../domain/calls/answer.js';
import type { PlanInput, PlanOutcome, RefineInput } from '../domain/feature/planning.js';
import { readArtifact } from '../feature/artifacts.js';
import type { WorkScope } from '../feature/scope.js';
import { parsePlan } from '../models/answers/plan.js';
import { planPrompt } from '../prompt-context/pipeline-prompts.js';
import { describeRepository } from '../prompt-context/repository.js';
import { ask, type Reading } from '../questions/ask.js';
import { readableAt } from '../questions/worktree-ref.js';

/** Has a model make tasks of the specification. */
export function makePlan(input: PlanInput, scope: WorkScope): Promise<Answered<PlanOutcome>> {
  const { directory } = scope;
  const { spec, rejected } = input;
  return ask(
    input,
    scope,
    {
      purpose: 'plan',
      role: 'parser',
      schema: 'plan',
      reads: readableAt(scope, scope.input.base),
      prompt: async (slots) =>
        planPrompt(scope, {
          spec: await readArtifact(directory, spec),
          rejected: rejected === undefined ? '' : await readArtifact(directory, rejected.plan),
          reason: rejected?.reason ?? '',
          ...slots,
        }),
    },
    readPlan,
  );
}

/** Has the reviewer look over the tasks. */
export function refinePlan(input: RefineInput, scope: WorkScope): Promise<Answered<PlanOutcome>> {
  return ask(
    input,
    scope,
    {
      purpose: 'refine',
      role: 'reviewer',
      schema: 'plan',
      prompt: async (slots) => ({
        name: 'refine',
        slots: {
          spec: await readArtifact(scope.directory, input.spec),
          plan: JSON.stringify(input.plan, undefined, 2),
          repository: await describeRepository(scope, scope.input.base),
          ...slots,
        },
      }),
    },
    readPlan,
  );
}

async function readPlan(text: string): Promise<Reading<PlanOutcome>> {
  return parsePlan(text);
}
