/** Quick steps on the local disk, each idempotent: whatever they do may be done again after a kill. */
import { join } from 'node:path';
import type { TakenSpec, TakeSpecInput } from '../domain/feature/planning.js';
import type { Plan } from '../domain/tasks/plan.js';
import { keepVersion, readArtifact, saveArtifact } from '../feature/artifacts.js';
import { readBrief } from '../feature/input.js';
import { appendJournal } from '../feature/journal.js';
import { readPlanFile, savePlanFile } from '../feature/plan-file.js';
import { featureDirectory } from '../feature/project.js';
import { openFeatureFolder } from '../feature/scope.js';
import { openQuestions } from '../models/answers/questions.js';
import { allowForPlan, raiseLimits, type Spending } from '../models/calls/spending/budget.js';
import type { WorkerContext } from './scoped.js';
import type { LocalActivities } from './types.js';

export function createLocalActivities(worker: WorkerContext): LocalActivities {
  const directoryOf = (feature: string) => featureDirectory(worker.root, feature);
  const spendingOf = async (feature: string): Promise<Spending> => {
    const { directory, input } = await openFeatureFolder(worker.root, feature);
    return { directory, config: input.config };
  };
  /** Where nobody said how many calls there may be, the plan does. */
  const allowFor = async (feature: string, plan: Plan) => allowForPlan(await spendingOf(feature), plan);
  return {
    journal: ({ feature, file, entries }) => appendJournal(directoryOf(feature), file, entries),
    takeSpec: (input) => takeSpec(directoryOf(input.feature), input),
    async savePlan({ feature, plan }) {
      await allowFor(feature, plan);
      return savePlanFile(directoryOf(feature), plan);
    },
    async takePlan({ feature }) {
      const taken = await readPlanFile(directoryOf(feature));
      if (taken.ok) await allowFor(feature, taken.plan);
      return taken;
    },
    async raiseBudget({ feature, budget }) {
      return raiseLimits(await spendingOf(feature), budget);
    },
  };
}

const fileName = 'spec.md';

/** Questions go into the history and onto the screen: more, or longer ones, are in the specification. */
const keptQuestions = 30;
const keptQuestionChars = 500;

/** What a specification leaves open, as far as the history carries it. */
export const boundedQuestions = (spec: string): string[] =>
  openQuestions(spec)
    .slice(0, keptQuestions)
    .map((question) => question.slice(0, keptQuestionChars));

async function takeSpec(directory: string, input: TakeSpecInput): Promise<TakenSpec> {
  if (input.fromBrief !== undefined)
    await saveArtifact(directory, fileName, await readArtifact(directory, input.fromBrief));
  const text = await readBrief({ kind: 'file', path: join(directory, fileName) }, 'specification').catch(
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  if (text instanceof Error) return { ok: false, problem: `No specification found: ${text.message}` };
  const whole = input.addition === undefined ? text : withAddition(text, input.addition);
  if (whole !== text) await saveArtifact(directory, fileName, whole);
  return {
    ok: true,
    file: await keepVersion(directory, fileName),
    chars: whole.length,
    questions: boundedQuestions(whole),
  };
}

/** Appended once: a specification that ends with it has it already. */
function withAddition(
  text: string,
  { heading, text: added }: NonNullable<TakeSpecInput['addition']>,
): string {
  const section = `\n\n## ${heading}\n\n${added.trim()}\n`;
  return text.endsWith(section) ? text : `${text.trimEnd()}${section}`;
}
