/** What the phases of a feature share: its input, its state, its journal, its gates and what they publish. */
import { setCurrentDetails, upsertMemo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types.js';
import type { FeatureMemo } from '../../domain/feature/protocol.js';
import { roundsBefore } from '../../domain/feature/state.js';
import type { FeatureInput, FeatureState, Preparation } from '../../domain/feature/types.js';
import { modelRules } from '../../domain/models/choice.js';
import type { UnavailableModels } from '../../domain/models/unavailable.js';
import { featurePage } from '../../domain/pages.js';
import type { Reason } from '../../domain/reasons.js';
import { longestCallSeconds } from '../../domain/tasks/round.js';
import type { Phase } from '../../domain/vocabulary.js';
import { createJournal, type Journal } from '../journal.js';
import { createModels, type Models } from '../models.js';
import { createOpenCalls, type OpenCalls } from '../open-calls.js';
import { followingActivities } from '../options.js';
import { temporal } from '../runtime.js';
import { type BudgetHold, createBudgetHold } from './budget-hold.js';
import type { Execution } from './execution.js';
import { createGates, type Gates } from './gates.js';
import { createTasks, type Tasks } from './tasks.js';

export interface FeatureRun {
  input: FeatureInput;
  state: FeatureState;
  journal: Journal;
  gates: Gates;
  tasks: Tasks;
  /** While the plan is executed. */
  execution?: Execution | undefined;
  activities: ReturnType<typeof followingActivities>;
  openCalls: OpenCalls;
  /** Models that calls found to be not there; the same object for as long as the run lasts. */
  unavailable: UnavailableModels;
  budget: BudgetHold;
  models(): Models;
  /** Ends the feature's own waits for a quota. */
  endWaits(): void;
  preparation(): Preparation;
  /** Journals a phase and shows it. */
  enter(phase: Phase, reason?: Reason): Promise<void>;
  /** Shows where the feature stands: in the memo for clients, in the details for Temporal's own UI. */
  publish(): void;
}

export function createRun(input: FeatureInput, state: FeatureState): FeatureRun {
  const journal = createJournal(input.feature, state.journalSequence);
  const activities = followingActivities({
    embedded: input.embedded,
    callSeconds: longestCallSeconds(input.config),
  });
  const { unavailable } = state;
  const gates = createGates({
    state,
    journal,
    runtime: temporal,
    publish: () => run.publish(),
    notify: (gate) => notifyOf(activities, input, gate),
  });
  const tasks = createTasks({
    state,
    journal,
    publish: () => run.publish(),
    roundsBefore: roundsBefore(input),
  });
  let phase: Phase = 'prepare';
  let published = '';
  let resumes = 0;
  const run: FeatureRun = {
    input,
    state,
    journal,
    activities,
    openCalls: createOpenCalls(activities, input.feature),
    unavailable,
    gates,
    tasks,
    budget: createBudgetHold(gates),
    models: () =>
      createModels(
        {
          config: modelRules(input.config),
          preparation: run.preparation(),
          unavailable,
          resumes: () => resumes,
          whenAffordable: run.budget.whenAffordable,
        },
        journal,
      ),
    endWaits: () => void resumes++,
    preparation: () => required(state.preparation, 'preparation'),
    async enter(next, reason) {
      phase = next;
      run.publish();
      await journal.write({ kind: 'phase', phase, reason });
    },
    publish() {
      const memo: FeatureMemo = {
        feature: input.feature,
        phase,
        gates: state.gates,
        stopped: state.stopped,
      };
      // Each upsert is an event of the history.
      const text = JSON.stringify(memo);
      if (text !== published) upsertMemo({ ...memo });
      published = text;
      setCurrentDetails(pageOf(run, phase));
    },
  };
  return run;
}

const required = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`The feature has no ${what} yet.`);
  return value;
};

const notifyOf = async (
  activities: Activities,
  input: FeatureInput,
  gate: Parameters<Activities['notify']>[0]['gate'],
): Promise<void> => {
  if (input.config.notify !== null) await activities.notify({ feature: input.feature, gate });
};

/** The feature as Temporal's own page shows it. */
const pageOf = ({ input, state }: FeatureRun, phase: Phase): string =>
  featurePage({
    name: input.feature,
    phase,
    stopped: state.stopped,
    gates: state.gates,
    tasks: (state.plan?.plan.tasks ?? []).map(({ id, title }) => ({
      id,
      title,
      state: state.tasks[id]?.state ?? 'missing',
    })),
  });
