/** The rounds of the plan's tasks: each is a child workflow. */
import {
  ChildWorkflowCancellationType,
  executeChild,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { signalNames, workflowTaskTimeout } from '../../domain/feature/protocol.js';
import { taskWorkflowId } from '../../domain/names.js';
import type { FileReference } from '../../domain/references.js';
import { ancestors, type Plan, type Task } from '../../domain/tasks/plan.js';
import type { RunningRecord } from '../../domain/tasks/record.js';
import { roundConfig, type TaskRoundInput } from '../../domain/tasks/round.js';
import type { TaskRecords } from '../../domain/tasks/schedule.js';
import type { taskWorkflow } from '../task/task.js';
import type { FeatureRun } from './run.js';
import type { RoundResult } from './task-driver.js';

export interface Rounds {
  /** Runs the round that the task's record has begun. */
  run(approved: Approved, task: Task, record: RunningRecord): Promise<RoundResult>;
  /** Has the rounds that run ask unavailable models again, and wait for no quota. */
  resume(): Promise<void>;
}

/** What a round works by, as it stands when it begins. */
export interface Approved {
  spec: FileReference;
  plan: Plan;
}

export function createRounds(run: FeatureRun): Rounds {
  /** Workflow ids of the rounds that run. */
  const running = new Set<string>();
  return {
    async run(approved, task, record) {
      const round = roundInput(run, approved, task, record);
      const workflowId = taskWorkflowId(workflowInfo().workflowId, task.id, round.round);
      running.add(workflowId);
      const { unavailable, ...outcome } = await runChild(workflowId, round).finally(() =>
        running.delete(workflowId),
      );
      Object.assign(run.unavailable, unavailable);
      if (outcome.kind !== 'budget') return outcome;
      const { answers, ...held } = outcome;
      return { ...held, held: { base: round.base, notes: round.notes, answers } };
    },
    async resume() {
      const signal = (id: string) => getExternalWorkflowHandle(id).signal(signalNames.resume);
      // One that ends meanwhile gets no signal, and needs none.
      await Promise.allSettled([...running].map(signal));
    },
  };
}

const runChild = (workflowId: string, round: TaskRoundInput) =>
  executeChild<typeof taskWorkflow>('taskWorkflow', {
    workflowId,
    args: [round],
    staticSummary: `${round.task.id} ${round.task.title} (round ${round.round})`,
    workflowTaskTimeout: workflowTaskTimeout(round.embedded),
    // A task that is stopped is over when its processes are gone.
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    // Ended by hand in Temporal's UI, the feature asks its tasks to end their calls too.
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });

function roundInput(
  run: FeatureRun,
  { spec, plan }: Approved,
  task: Task,
  { round, next, held }: RunningRecord,
): TaskRoundInput {
  const { input, state } = run;
  return {
    feature: input.feature,
    embedded: input.embedded,
    config: roundConfig(input.config, task),
    preparation: run.preparation(),
    unavailable: run.unavailable,
    task,
    round,
    spec,
    specChars: state.specChars,
    notes: held?.notes ?? notesFor(task, plan, run.tasks.all()),
    featureBase: input.base,
    // Only the round that was held back goes on from the head that it began with.
    base: held === undefined ? state.head : held.base,
    next,
    answers: held?.answers,
  };
}

/** What the architecture tasks say that a task depends on. */
const notesFor = (task: Task, plan: Plan, records: TaskRecords): FileReference[] =>
  ancestors(plan, task.id)
    .filter((other) => other.type === 'architecture')
    .flatMap((other) => records[other.id]?.outputs ?? [])
    .filter((output) => output.path.endsWith('.md'));
