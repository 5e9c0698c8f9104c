/** The messages of a feature's workflow: what a person may say, and what is wrong with what they said. */
import { defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import {
  type ApproveMessage,
  type EditPlanUpdate,
  type RejectMessage,
  type ResumeMessage,
  type RewindUpdate,
  type StopTaskMessage,
  signalNames,
  type TaskUpdate,
  updateNames,
} from '../../domain/feature/protocol.js';
import { forgetAbsences } from '../../domain/models/unavailable.js';
import { type Budget, budgetGate, raiseProblem } from '../../domain/money/budget.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { Plan } from '../../domain/tasks/plan.js';
import { planEditProblem } from '../../domain/tasks/plan.js';
import { can } from '../../domain/tasks/states.js';
import { failureFor } from '../failures.js';
import { local } from '../options.js';
import type { Execution } from './execution.js';
import { addRecords, keepPlan } from './plan-phase.js';
import type { Rewinds } from './rewind.js';
import type { FeatureRun } from './run.js';

const approve = defineSignal<[ApproveMessage]>(signalNames.approve);
const reject = defineSignal<[RejectMessage]>(signalNames.reject);
const stopTask = defineSignal<[StopTaskMessage]>(signalNames.stopTask);
const stop = defineSignal(signalNames.stop);
const resume = defineSignal<[ResumeMessage]>(signalNames.resume);
const retryTask = defineUpdate<void, [TaskUpdate]>(updateNames.retryTask);
const skipTask = defineUpdate<void, [TaskUpdate]>(updateNames.skipTask);
const raiseBudget = defineUpdate<void, [Budget]>(updateNames.raiseBudget);
const editPlan = defineUpdate<void, [EditPlanUpdate]>(updateNames.editPlan);

const rewind = defineUpdate<void, [RewindUpdate]>(updateNames.rewind);

/** @param stopAll cancels whatever the feature is doing */
export function handleMessages(
  run: FeatureRun,
  execution: Execution,
  rewinds: Rewinds,
  stopAll: () => void,
): void {
  const { state, journal, gates } = run;

  // What a handler notes is written by the handler: nothing else may be moving.
  setHandler(approve, async (message) => {
    // Approving would spend beyond the budget that the person set.
    if (message.gate === budgetGate) journal.note({ kind: 'ignored', reason: because('budget-gate') });
    else gates.approve(message);
    await journal.write();
  });
  setHandler(reject, async (message) => {
    if (message.gate === budgetGate) journal.note({ kind: 'ignored', reason: because('budget-gate') });
    else gates.reject(message);
    await journal.write();
  });
  setHandler(stopTask, ({ task }) => execution.stopTask(task));
  setHandler(stop, async () => {
    if (state.stopped) return;
    state.stopped = true;
    journal.note({ kind: 'stopped' });
    stopAll();
    await journal.write();
  });
  setHandler(resume, async ({ mode }) => {
    if (mode !== undefined && mode !== state.mode) {
      state.mode = mode;
      journal.note({ kind: 'mode', mode });
    }
    if (state.stopped) journal.note({ kind: 'resumed' });
    state.stopped = false;
    forgetAbsences(run.absences);
    run.endWaits();
    await journal.write();
    await execution.resumeRounds();
  });

  const ifItCan = (action: 'retry' | 'skip') => ({
    validator({ task }: TaskUpdate) {
      const now = state.tasks[task]?.state;
      if (now === undefined) throw refusal(because('no-task', { task }));
      if (!can(now, action)) throw refusal(because('not-allowed', { task, state: now, action }));
    },
  });

  const replace = async (id: string, next: 'missing' | 'skipped') => {
    const record = state.tasks[id];
    if (record === undefined) return;
    record.state = next;
    record.reason = undefined;
    record.draft = undefined;
    record.next = undefined;
    record.held = undefined;
    record.sentBack = 0;
    gates.withdraw(id);
    await journal.write({ kind: 'task', task: id, state: next, round: record.round });
    execution.changed();
  };
  setHandler(
    retryTask,
    ({ task }) => {
      forgetAbsences(run.absences);
      return replace(task, 'missing');
    },
    ifItCan('retry'),
  );
  setHandler(skipTask, ({ task }) => replace(task, 'skipped'), ifItCan('skip'));

  setHandler(
    raiseBudget,
    async (budget) => {
      const raised = await local.raiseBudget({ feature: run.input.feature, budget });
      if (!raised.ok) throw refusal(raised.reason);
      await journal.write({ kind: 'budget', limits: raised.limits });
      run.budget.raised();
      execution.budgetRaised();
    },
    {
      validator(budget: Budget) {
        const problem = raiseProblem(budget);
        if (problem !== undefined) throw refusal(problem);
      },
    },
  );

  setHandler(
    editPlan,
    async ({ plan }) => {
      state.planProblem = undefined;
      state.plan = plan;
      if (state.planApproved) addRecords(run);
      await keepPlan(run, plan, { edited: true });
      execution.changed();
    },
    {
      validator({ plan }: { plan: Plan }) {
        const states = Object.fromEntries(
          Object.entries(state.tasks).map(([id, record]) => [id, record.state]),
        );
        if (state.plan === undefined) throw refusal(because('no-plan'));
        const problem = planEditProblem(state.plan, plan, states);
        if (problem !== undefined) throw refusal(problem);
      },
    },
  );

  setHandler(rewind, ({ to }) => rewinds.ask(to), {
    validator(_: RewindUpdate) {
      if (!state.planApproved) throw refusal(because('rewind-unplanned'));
      if (rewinds.isAsked()) throw refusal(because('rewind-under-way'));
    },
  });
}

const refusal = (reason: Reason) => failureFor(reason, 'refused');
