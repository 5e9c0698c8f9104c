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
import type { FeatureState } from '../../domain/feature/types.js';
import { clearUnavailable } from '../../domain/models/unavailable.js';
import { type Budget, budgetGate, raiseProblem } from '../../domain/money/budget.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { Plan } from '../../domain/tasks/plan.js';
import { planEditProblem } from '../../domain/tasks/plan.js';
import { statesOf } from '../../domain/tasks/schedule.js';
import { can } from '../../domain/tasks/states.js';
import { failureFor } from '../failures.js';
import { local } from '../options.js';
import { keepPlan } from './plan-phase.js';
import type { Rewinds } from './rewind.js';
import type { Rounds } from './rounds.js';
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

interface MessageDeps {
  run: FeatureRun;
  rounds: Pick<Rounds, 'resume'>;
  rewinds: Rewinds;
  /** Cancels whatever the feature is doing. */
  stopAll(): void;
}

/** Answers all messages from now on. What a handler notes, it writes: nothing else may be moving. */
export function handleMessages(deps: MessageDeps): void {
  handleDecisions(deps);
  handleStops(deps);
  handleTaskUpdates(deps);
  handlePlanUpdates(deps);
}

function handleDecisions({ run: { gates, journal } }: MessageDeps): void {
  // Approving would spend beyond the budget that the person set.
  const onlyRaised = { kind: 'ignored', reason: because('budget-gate') } as const;
  setHandler(approve, async (message) => {
    if (message.gate === budgetGate) journal.note(onlyRaised);
    else gates.approve(message);
    await journal.write();
  });
  setHandler(reject, async (message) => {
    if (message.gate === budgetGate) journal.note(onlyRaised);
    else gates.reject(message);
    await journal.write();
  });
}

function handleStops({ run, rounds, stopAll }: MessageDeps): void {
  const { state, journal } = run;
  setHandler(stopTask, ({ task }) => stopOne(run, task));
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
    clearUnavailable(run.unavailable);
    run.endWaits();
    await journal.write();
    await rounds.resume();
  });
}

type StopDeps = Pick<FeatureRun, 'tasks' | 'gates' | 'journal' | 'execution'> & {
  state: Pick<FeatureState, 'planApproved' | 'stoppedEarly'>;
};

/** Stops a task that runs, waits, or has not begun. */
export async function stopOne(run: StopDeps, id: string): Promise<void> {
  const { state, tasks, gates, journal } = run;
  // Sent with the plan's approval, it may come first: it holds for the plan that is approved.
  if (!state.planApproved) {
    state.stoppedEarly.push(id);
    return;
  }
  const record = tasks.find(id);
  if (record === undefined || !can(record.state, 'stop')) {
    const reason = because('not-stoppable', { task: id, state: record?.state });
    return journal.write({ kind: 'ignored', reason });
  }
  // Its driver notes that it stopped, once its processes are gone.
  if (run.execution?.stopWork(id) === true) return;
  await tasks.put(id, { kind: 'stop' });
  gates.withdraw(id);
  run.execution?.changed();
}

function handleTaskUpdates({ run }: MessageDeps): void {
  const { tasks, gates } = run;
  const ifItCan = (action: 'retry' | 'skip') => ({
    validator({ task }: TaskUpdate) {
      const now = tasks.find(task)?.state;
      if (now === undefined) throw refusal(because('no-task', { task }));
      if (!can(now, action)) throw refusal(because('not-allowed', { task, state: now, action }));
    },
  });
  const act = async (id: string, action: 'retry' | 'skip'): Promise<void> => {
    const written = tasks.put(id, { kind: action });
    gates.withdraw(id);
    await written;
    run.execution?.changed();
  };
  setHandler(
    retryTask,
    ({ task }) => {
      clearUnavailable(run.unavailable);
      return act(task, 'retry');
    },
    ifItCan('retry'),
  );
  setHandler(skipTask, ({ task }) => act(task, 'skip'), ifItCan('skip'));
}

function handlePlanUpdates({ run, rewinds }: MessageDeps): void {
  const { state, journal, tasks } = run;
  setHandler(
    raiseBudget,
    async (budget) => {
      const raised = await local.raiseBudget({ feature: run.input.feature, budget });
      if (!raised.ok) throw refusal(raised.reason);
      await journal.write({ kind: 'budget', limits: raised.limits });
      run.budget.raised();
      run.execution?.budgetRaised();
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
      // Later messages are checked against it, and it is on its way to the disk.
      if (state.plan !== undefined) state.plan = { ...state.plan, plan };
      if (state.planApproved) tasks.follow(plan);
      await keepPlan(run, plan, { edited: true });
      run.execution?.changed();
    },
    {
      validator({ plan }: { plan: Plan }) {
        if (state.plan === undefined) throw refusal(because('no-plan'));
        const problem = planEditProblem(state.plan.plan, plan, statesOf(tasks.all()));
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
