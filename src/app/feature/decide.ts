/** Decisions: signals, kept by the server while no worker runs, and updates, which are answered by one. */

import {
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { messageProblem, type OpenGate } from '../../domain/feature/gates.js';
import {
  type ApproveMessage,
  type EditPlanUpdate,
  type FeatureMemo,
  type RejectMessage,
  type ResumeMessage,
  type RewindUpdate,
  type StopTaskMessage,
  signalNames,
  type TaskUpdate,
  updateNames,
} from '../../domain/feature/protocol.js';
import type { FeatureMode } from '../../domain/feature/types.js';
import { type Budget, budgetGate } from '../../domain/money/budget.js';
import { featureWorkflowId } from '../../domain/names.js';
import { Problem } from '../../domain/problem.js';
import { because, isReason } from '../../domain/reasons.js';
import { readPlanFile } from '../../feature/plan-file.js';
import type { FeatureRecord } from './record.js';

interface Target {
  name: string;
  feature: FeatureRecord;
  handle: WorkflowHandle;
}

async function targetOf(feature: FeatureRecord): Promise<Target> {
  const { instance } = await feature.input();
  const { client } = await feature.link.connected();
  const handle = client.workflow.getHandle(featureWorkflowId(instance, feature.name));
  return { name: feature.name, feature, handle };
}

/** @returns the gate that was approved */
export async function approve(
  feature: FeatureRecord,
  options: { gate?: string | undefined; message?: string | undefined },
): Promise<OpenGate> {
  if (options.message !== undefined) refuse(messageProblem(options.message));
  const target = await targetOf(feature);
  const gate = await chooseGate(target, options.gate);
  if (gate.gate === 'plan') {
    const plan = await readPlanFile(feature.directory);
    if (!plan.ok) throw new Problem('plan-unusable', `The plan cannot be approved: ${plan.problem}`);
  }
  const message: ApproveMessage = { gate: gate.gate, number: gate.number, message: options.message };
  await signal(target, signalNames.approve, message);
  return gate;
}

/** @returns the gate that was rejected */
export async function reject(
  feature: FeatureRecord,
  options: { gate?: string | undefined; message: string },
): Promise<OpenGate> {
  refuse(messageProblem(options.message));
  const target = await targetOf(feature);
  const gates = await openGates(target);
  // The spec's own gate is closed when the plan's is open: rejecting the spec there has both made again.
  const reopenSpec = options.gate === 'spec' && !gates.some((open) => open.gate === 'spec');
  const gate = await chooseGate(target, reopenSpec ? 'plan' : options.gate);
  const message: RejectMessage = {
    gate: gate.gate,
    number: gate.number,
    message: options.message,
    reopenSpec,
  };
  await signal(target, signalNames.reject, message);
  return gate;
}

const refuse = (problem: string | undefined): void => {
  if (problem !== undefined) throw new Problem('message-unusable', problem);
};

async function chooseGate(target: Target, wanted: string | undefined): Promise<OpenGate> {
  const gate = await findGate(target, wanted);
  if (gate.gate === budgetGate) throw budgetGateProblem(target.name);
  return gate;
}

const budgetGateProblem = (feature: string): Problem =>
  new Problem('budget-gate', 'The gate budget is passed by a higher budget.', {
    feature,
    reason: because('budget-gate'),
  });

async function findGate(target: Target, wanted: string | undefined): Promise<OpenGate> {
  const gates = await openGates(target);
  const names = gates.map((gate) => gate.gate).join(', ');
  if (wanted !== undefined) {
    const gate = gates.find((open) => open.gate === wanted);
    if (gate !== undefined) return gate;
    throw new Problem(
      'gate-not-open',
      `The gate ${wanted} of ${target.name} is not open. ${names === '' ? 'No gate is.' : `Open: ${names}.`}`,
    );
  }
  const [first, ...others] = gates;
  if (first === undefined)
    throw new Problem('gate-not-open', `Nothing of ${target.name} waits for a decision.`);
  if (others.length > 0)
    throw new Problem('gate-ambiguous', `More than one gate of ${target.name} is open; name one: ${names}.`);
  return first;
}

/**
 * From the journal, which is written before the server hears of a gate; from the memo, which is there without the
 * feature directory's files.
 */
async function openGates(target: Target): Promise<OpenGate[]> {
  const described = await answered(target, () => target.handle.describe());
  if (described.status.name !== 'RUNNING') throw notRunning(target.name);
  const { gates } = (await target.feature.journal()).view();
  const memo = described.memo as Partial<FeatureMemo> | undefined;
  return gates.length > 0 ? gates : (memo?.gates ?? []);
}

const notRunning = (name: string): Problem =>
  new Problem('not-running', `The feature ${name} is not running, so there is nobody to tell.`, {
    feature: name,
  });

async function answered<T>(target: Pick<Target, 'name'>, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw notRunning(target.name);
    if (error instanceof WorkflowUpdateFailedError) throw refused(target.name, error);
    if (error instanceof WorkflowFailedError) throw notRunning(target.name);
    throw error;
  }
}

/** A refused update carries its reason; what a worker never got to answer has none. */
function refused(feature: string, error: WorkflowUpdateFailedError): Problem {
  const { cause: failure } = error;
  const reason: unknown = failure instanceof ApplicationFailure ? failure.details?.[0] : undefined;
  return new Problem('refused', failure?.message ?? error.message, {
    feature,
    cause: error,
    ...(isReason(reason) ? { reason } : {}),
  });
}

const signal = (target: Target, name: string, message?: unknown): Promise<void> =>
  answered(target, () => target.handle.signal(name, ...(message === undefined ? [] : [message])));

export async function stopTask(feature: FeatureRecord, task: string): Promise<void> {
  const message: StopTaskMessage = { task };
  await signal(await targetOf(feature), signalNames.stopTask, message);
}

export async function stopFeature(feature: FeatureRecord): Promise<void> {
  await signal(await targetOf(feature), signalNames.stop);
}

/** The workflow that runs goes on, when it was stopped; `static` approves what waits and may be approved by itself. */
export async function resumeRunning(feature: FeatureRecord, mode: FeatureMode | undefined): Promise<void> {
  const message: ResumeMessage = { mode };
  await signal(await targetOf(feature), signalNames.resume, message);
}

export async function update(
  feature: FeatureRecord,
  message:
    | ({ kind: 'retryTask' | 'skipTask' } & TaskUpdate)
    | ({ kind: 'editPlan' } & EditPlanUpdate)
    | ({ kind: 'raiseBudget' } & Budget)
    | ({ kind: 'rewind' } & RewindUpdate),
): Promise<void> {
  const target = await targetOf(feature);
  const { kind, ...args } = message;
  await answered(target, () => target.handle.executeUpdate(updateNames[kind], { args: [args] }));
}
