/** Quick steps on the local disk, each idempotent: whatever they do may be done again after a kill. */
import { isProblem } from '../domain/problem.js';
import type { Plan } from '../domain/tasks/plan.js';
import { appendJournal } from '../feature/journal.js';
import { readPlanFile, savePlanFile } from '../feature/plan-file.js';
import { featureDirectory } from '../feature/project.js';
import { openFeatureFolder } from '../feature/scope.js';
import { allowForPlan, raiseLimits, type Spending } from '../models/calls/spending/budget.js';
import { takeSpec } from '../planning/spec.js';
import { problemFailure, type WorkerContext } from './scoped.js';
import type { LocalActivities } from './types.js';

/** What a person has to put right is not tried again: the workflow is told its reason. */
const step =
  <Input, Output>(work: (input: Input) => Promise<Output>): ((input: Input) => Promise<Output>) =>
  async (input) => {
    try {
      return await work(input);
    } catch (error) {
      throw isProblem(error) ? problemFailure(error) : error;
    }
  };

export function createLocalActivities(worker: WorkerContext): LocalActivities {
  const directoryOf = (feature: string) => featureDirectory(worker.root, feature);
  const spendingOf = async (feature: string): Promise<Spending> => {
    const { directory, input } = await openFeatureFolder(worker.root, feature);
    return { directory, config: input.config };
  };
  /** Where nobody said how many calls there may be, the plan does. */
  const allowFor = async (feature: string, plan: Plan) => allowForPlan(await spendingOf(feature), plan);
  return {
    journal: step(({ feature, entries }) => appendJournal(directoryOf(feature), entries)),
    takeSpec: step((input) => takeSpec(directoryOf(input.feature), input)),
    savePlan: step(async ({ feature, plan }) => {
      await allowFor(feature, plan);
      return savePlanFile(directoryOf(feature), plan);
    }),
    takePlan: step(async ({ feature }) => {
      const taken = await readPlanFile(directoryOf(feature));
      if (taken.ok) await allowFor(feature, taken.plan);
      return taken;
    }),
    raiseBudget: step(async ({ feature, budget }) => raiseLimits(await spendingOf(feature), budget)),
  };
}
