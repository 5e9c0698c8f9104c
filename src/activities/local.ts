/** Quick steps on the local disk, each idempotent: whatever they do may be done again after a kill. */
import { isProblem } from '../domain/problem.js';
import { appendJournal } from '../feature/journal.js';
import { featureDirectory } from '../feature/project.js';
import { openFeatureFolder } from '../feature/scope.js';
import { raiseLimits } from '../models/calls/spending/budget.js';
import { savePlan, takePlan } from '../planning/plan.js';
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

export function createLocalActivities({ root }: WorkerContext): LocalActivities {
  const directoryOf = (feature: string) => featureDirectory(root, feature);
  return {
    journal: step(({ feature, entries }) => appendJournal(directoryOf(feature), entries)),
    takeSpec: step((input) => takeSpec(directoryOf(input.feature), input)),
    savePlan: step(async ({ feature, plan }) => savePlan(plan, await openFeatureFolder(root, feature))),
    takePlan: step(async ({ feature }) => takePlan(await openFeatureFolder(root, feature))),
    raiseBudget: step(async ({ feature, budget }) => {
      const { directory, input } = await openFeatureFolder(root, feature);
      return raiseLimits({ directory, config: input.config }, budget);
    }),
  };
}
