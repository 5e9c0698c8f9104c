/** Brief → spec → tasks → refined tasks. */
import type { PlanInput, PlanOutcome, RefineInput, SpecInput } from '../domain/feature/planning.js';
import { keepVersion, readArtifact, saveArtifact } from '../feature/artifacts.js';
import { documentOf } from '../models/answers/document.js';
import { parsePlan } from '../models/answers/plan.js';
import { planPrompt, specPrompt } from '../prompt-context/pipeline-prompts.js';
import { describeRepository } from '../prompt-context/repository.js';
import { ask, type Reading } from './ask.js';
import { boundedQuestions } from './local.js';
import { readableAt } from './reading.js';
import { scoped, type WorkerContext } from './scoped.js';
import type { Activities } from './types.js';

export const createWriteSpec = (worker: WorkerContext): Activities['writeSpec'] =>
  scoped(worker, async (input: SpecInput, scope) => {
    const { directory } = scope;
    const answered = await ask(
      input,
      scope,
      {
        purpose: 'spec',
        role: 'architect',
        reads: readableAt(scope, scope.input.base),
        prompt: async ({ folder }) =>
          specPrompt(scope, {
            brief: await readArtifact(directory, input.brief),
            rejected: input.rejected === undefined ? '' : await readArtifact(directory, input.rejected.spec),
            reason: input.rejected?.reason ?? '',
            folder,
          }),
      },
      async (text) => ({ ok: true, text: `${documentOf(text).trim()}\n` }),
    );
    if (!answered.ok) throw new Error(`unreachable: any text is a specification (${answered.problem})`);
    await saveArtifact(directory, 'spec.md', answered.text);
    return {
      call: answered.call,
      file: await keepVersion(directory, 'spec.md'),
      chars: answered.text.length,
      questions: boundedQuestions(answered.text),
    };
  });

export const createMakePlan = (worker: WorkerContext): Activities['makePlan'] =>
  scoped(worker, (input: PlanInput, scope) =>
    ask(
      input,
      scope,
      {
        purpose: 'plan',
        role: 'parser',
        schema: 'plan',
        reads: readableAt(scope, scope.input.base),
        prompt: async (asked) =>
          planPrompt(scope, {
            spec: await readArtifact(scope.directory, input.spec),
            rejected:
              input.rejected === undefined ? '' : await readArtifact(scope.directory, input.rejected.plan),
            reason: input.rejected?.reason ?? '',
            ...asked,
          }),
      },
      readPlan,
    ),
  );

export const createRefinePlan = (worker: WorkerContext): Activities['refinePlan'] =>
  scoped(worker, (input: RefineInput, scope) =>
    ask(
      input,
      scope,
      {
        purpose: 'refine',
        role: 'reviewer',
        schema: 'plan',
        prompt: async (asked) => ({
          name: 'refine',
          slots: {
            spec: await readArtifact(scope.directory, input.spec),
            plan: JSON.stringify(input.plan, undefined, 2),
            repository: await describeRepository(scope, scope.input.base),
            ...asked,
          },
        }),
      },
      readPlan,
    ),
  );

async function readPlan(text: string): Promise<Reading<PlanOutcome>> {
  return parsePlan(text);
}
