/** What comes of a stop: a worker carries it out, and its processes are gone. */

import type { Reason } from '../../domain/reasons.js';
import { can, isBegun } from '../../domain/tasks/states.js';
import type { Phase, TaskState } from '../../domain/vocabulary.js';
import { listCalls } from '../../models/calls/store/list.js';
import type { FeatureRecord } from './record.js';

export type StopOutcome =
  | { kind: 'stopped' }
  /** It came to another end before. */
  | { kind: 'over'; state: Phase | TaskState }
  /** The stop came too late, or was for nothing. */
  | { kind: 'ignored'; reason: Reason };

/** @param after the number of the journal's last entry before the stop */
export async function stopOutcome(
  feature: FeatureRecord,
  { task, after }: { task?: string | undefined; after: number },
): Promise<StopOutcome | undefined> {
  return task === undefined ? featureOutcome(feature) : taskOutcome(feature, task, after);
}

async function taskOutcome(
  feature: FeatureRecord,
  task: string,
  after: number,
): Promise<StopOutcome | undefined> {
  const entries = (await feature.journal()).entries(after);
  const ignored = entries.findLast((entry) => entry.kind === 'ignored');
  if (ignored?.kind === 'ignored') return { kind: 'ignored', reason: ignored.reason };
  const left = entries.findLast(
    (entry) => entry.kind === 'task' && entry.task === task && isBegun(entry.state) && isLeft(entry.state),
  );
  if (left?.kind !== 'task') return undefined;
  return left.state === 'stopped' ? { kind: 'stopped' } : { kind: 'over', state: left.state };
}

/** It is not at work any more. */
const isLeft = (state: TaskState): boolean => state !== 'running';

async function featureOutcome(feature: FeatureRecord): Promise<StopOutcome | undefined> {
  const { stopped, phase, tasks } = (await feature.journal()).view();
  if (phase === 'done' || phase === 'failed') return { kind: 'over', state: phase };
  if (!stopped || tasks.some((task) => task.state === 'running')) return undefined;
  const calls = await listCalls(feature.calls);
  return calls.some((call) => call.tries.at(-1)?.state === 'running') ? undefined : { kind: 'stopped' };
}

/** What keeps a task from being stopped, as a sentence; undefined where it can be. */
export async function stopProblem(feature: FeatureRecord, id: string): Promise<string | undefined> {
  const { name } = feature;
  const { tasks } = (await feature.journal()).view();
  const task = tasks.find((one) => one.id === id);
  if (task === undefined)
    return tasks.length === 0
      ? `${name} has no tasks yet; only the whole feature can be stopped.`
      : `${name} has no task ${id}; it has ${tasks.map((one) => one.id).join(', ')}.`;
  if (can(task.state, 'stop')) return undefined;
  return `Task ${id} is ${task.state} already, so there is nothing to stop.`;
}
