/** Where a feature's workflow begins: at the beginning, or where a workflow that is gone has left it. Pure. */

import type { FeatureView } from '../journal/view.js';
import type { Plan } from '../tasks/plan.js';
import { satisfies } from '../tasks/states.js';
import type { FeatureInput, FeatureState, TaskRecord } from './types.js';

/**
 * A task that has not begun. Its rounds go on from those that an earlier run of the feature's name has used.
 *
 * @param usedRound the highest round that a task of this id has had in this run
 */
export const newTaskRecord = ({ usedRounds, config }: FeatureInput, usedRound = 0): TaskRecord => ({
  state: 'missing',
  round: Math.max(usedRound, Math.ceil(usedRounds / (config.maxIterations + 1))),
  iterations: 0,
  outputs: [],
  sentBack: 0,
});

export const initialState = ({ usedRounds, mode }: FeatureInput): FeatureState => ({
  planApproved: false,
  tasks: {},
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
  if (view.specFile === undefined || plan === undefined || !begun) {
    // Nothing was approved beyond the spec: the spec's gate, or the next plan, is where it goes on.
    if (view.specFile === undefined || view.openQuestions.length > 0) return state;
    return { ...state, spec: view.specFile, specChars: view.specFile.bytes };
  }
  const tasks = Object.fromEntries(
    plan.tasks.map(({ id }) => {
      const seen = view.tasks.find((task) => task.id === id);
      const record = newTaskRecord(input);
      if (seen === undefined || !satisfies(seen.state)) return [id, record];
      return [id, { ...record, state: seen.state, iterations: seen.iterations, commit: seen.commit }];
    }),
  );
  return {
    ...state,
    spec: view.specFile,
    specChars: view.specFile.bytes,
    plan,
    planFile: view.planFile,
    planApproved: true,
    tasks,
  };
}
