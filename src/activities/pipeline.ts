/** Brief → spec → tasks → refined tasks. */
import { keepVersion, readArtifact, saveArtifact } from '../feature/artifacts.js';
import { documentOf } from '../models/answers/document.js';
import { parsePlan } from '../models/answers/plan.js';
import { renderPrompt } from '../models/prompts/index.js';
import { ask, ownPrompts, type Reading } from './ask.js';
import type { WorkerContext } from './context.js';
import { following } from './following.js';
import { boundedQuestions } from './local.js';
import { describeRepository } from './material.js';
import type { Activities, PlanInput, PlanOutcome, RefineInput, SpecInput } from './types.js';

export const createWriteSpec = (worker: WorkerContext): Activities['writeSpec'] =>
  following(worker, async (input: SpecInput, follow) => {
    const { directory } = follow;
    const answered = await ask(
      input,
      follow,
      {
        name: 'spec',
        purpose: 'spec',
        role: 'architect',
        prompt: async () =>
          renderPrompt(
            'spec',
            {
              brief: await readArtifact(directory, input.brief),
              repository: await describeRepository(follow, follow.input.base),
              rejected:
                input.rejected === undefined ? '' : await readArtifact(directory, input.rejected.spec),
              reason: input.rejected?.reason ?? '',
            },
            ownPrompts(follow),
          ),
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
  following(worker, (input: PlanInput, follow) =>
    ask(
      input,
      follow,
      {
        name: 'plan',
        purpose: 'plan',
        role: 'parser',
        prompt: async (again) =>
          renderPrompt(
            'plan',
            {
              spec: await readArtifact(follow.directory, input.spec),
              repository: await describeRepository(follow, follow.input.base),
              rejected:
                input.rejected === undefined ? '' : await readArtifact(follow.directory, input.rejected.plan),
              reason: input.rejected?.reason ?? '',
              ...again,
            },
            ownPrompts(follow),
          ),
      },
      readPlan,
    ),
  );

export const createRefinePlan = (worker: WorkerContext): Activities['refinePlan'] =>
  following(worker, (input: RefineInput, follow) =>
    ask(
      input,
      follow,
      {
        name: 'refine',
        purpose: 'refine',
        role: 'reviewer',
        prompt: async (again) =>
          renderPrompt(
            'refine',
            {
              spec: await readArtifact(follow.directory, input.spec),
              plan: JSON.stringify(input.plan, undefined, 2),
              repository: await describeRepository(follow, follow.input.base),
              ...again,
            },
            ownPrompts(follow),
          ),
      },
      readPlan,
    ),
  );

async function readPlan(text: string): Promise<Reading<PlanOutcome>> {
  return parsePlan(text);
}
