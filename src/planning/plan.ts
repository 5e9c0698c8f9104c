/** Specification → tasks → refined tasks. */
import type { Answered } from '../domain/calls/answer.js';
import type { PlanInput, PlanOutcome, RefineInput, TakenPlan } from '../domain/feature/planning.js';
import type { FileReference } from '../domain/references.js';
import type { Plan } from '../domain/tasks/plan.js';
import { readArtifact } from '../feature/artifacts.js';
import { readPlanFile, savePlanFile } from '../feature/plan-file.js';
import type { FeatureFolder, WorkScope } from '../feature/scope.js';
import { parsePlan } from '../models/answers/plan.js';
import { allowForPlan } from '../models/calls/spending/budget.js';
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

/**
 * Writes a plan as `tasks.json`. Where nobody said how many calls there may be, the plan does.
 *
 * @returns the version that is kept
 */
export async function savePlan(plan: Plan, { directory, input }: FeatureFolder): Promise<FileReference> {
  await allowForPlan({ directory, config: input.config }, plan);
  return savePlanFile(directory, plan);
}

/** Takes the plan as it stands in `tasks.json`, where a person may have edited it. */
export async function takePlan({ directory, input }: FeatureFolder): Promise<TakenPlan> {
  const taken = await readPlanFile(directory);
  if (taken.ok) await allowForPlan({ directory, config: input.config }, taken.plan);
  return taken;
}
