/** Where a feature's workflow begins: at the beginning, or where a workflow that is gone has left it. Pure. */

import type { FeatureView } from '../journal/view.js';
import type { Plan } from '../tasks/plan.js';
import { freshRecord, takenOver } from '../tasks/record.js';
import { satisfies } from '../tasks/states.js';
import type { FeatureInput, FeatureState } from './types.js';

/** How many rounds a task counts as begun at first: as many as an earlier run of the feature's name may have used. */
export const roundsBefore = ({ usedRounds, config }: Pick<FeatureInput, 'usedRounds' | 'config'>): number =>
  Math.ceil(usedRounds / (config.maxIterations + 1));

export const initialState = ({ usedRounds, mode }: FeatureInput): FeatureState => ({
  planApproved: false,
  tasks: {},
  usedTaskRounds: {},
  unavailable: {},
  rewinds: 0,
  stoppedEarly: [],
  gates: [],
  gatesOpened: 0,
  rounds: { prepare: usedRounds, spec: usedRounds, plan: usedRounds, result: usedRounds },
  specChars: 0,
  revisions: { spec: 0, plan: 0 },
  resultApproved: false,
  mode,
  stopped: false,
  journalSequence: 0,
});

/**
 * The state to go on from when Temporal has no workflow of the feature any more: what was approved and what was
 * integrated stays; tasks that were under way begin again. Models, setup and checks are looked at anew.
 *
 * @param view from the journal
 * @param plan from `tasks.json`, where there is a usable one
 */
export function restoredState(input: FeatureInput, view: FeatureView, plan: Plan | undefined): FeatureState {
  const state = { ...initialState(input), rewinds: view.rewinds };
  const begun = view.rewinds > 0 || view.tasks.some((task) => task.state !== 'missing');
  if (view.specFile === undefined || view.planFile === undefined || plan === undefined || !begun) {
    // Nothing was approved beyond the spec: the spec's gate, or the next plan, is where it goes on.
    if (view.specFile === undefined || view.openQuestions.length > 0) return state;
    return { ...state, spec: view.specFile, specChars: view.specFile.bytes };
  }
  const tasks = Object.fromEntries(
    plan.tasks.map(({ id }) => {
      const seen = view.tasks.find((task) => task.id === id);
      const round = roundsBefore(input);
      return [id, seen !== undefined && satisfies(seen.state) ? takenOver(round, seen) : freshRecord(round)];
    }),
  );
  return {
    ...state,
    spec: view.specFile,
    specChars: view.specFile.bytes,
    plan: { plan, file: view.planFile },
    planApproved: true,
    tasks,
  };
}
