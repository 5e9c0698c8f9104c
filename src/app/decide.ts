/** Decisions: signals, kept by the server while no worker runs, and updates, which are answered by one. */

import { join } from 'node:path';
import {
  type Client,
  WorkflowFailedError,
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { messageProblem, type OpenGate } from '../domain/feature/gates.js';
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
} from '../domain/feature/protocol.js';
import { restoredState } from '../domain/feature/state.js';
import type { WorkflowState } from '../domain/feature/status.js';
import type { FeatureInput, FeatureMode } from '../domain/feature/types.js';
import { type FeatureView, featureView } from '../domain/journal/view.js';
import { type Budget, budgetGate } from '../domain/money/budget.js';
import { featureWorkflowId, rewoundRef, taskWorkflowId } from '../domain/names.js';
import { Problem } from '../domain/problem.js';
import { because, isReason } from '../domain/reasons.js';
import { rewindProblem, rewindTargets } from '../domain/tasks/rewind.js';
import { readFeatureInput, saveFeatureInput } from '../feature/feature-file.js';
import { readJournal } from '../feature/journal.js';
import { readPlanFile } from '../feature/plan-file.js';
import { openProject } from '../feature/project.js';
import { highestRewound, readRewound } from '../feature/rewound.js';
import { listCalls } from '../models/calls/store/list.js';
import { stopCalls } from '../models/calls/store/stop.js';
import { featureHead, readRef } from '../workspace/repository.js';
import type { ServerLink } from './connection.js';
import { requireFeature } from './look.js';
import { highestRound, startWorkflow } from './start.js';

interface Target {
  name: string;
  directory: string;
  client: Client;
  handle: WorkflowHandle;
}

async function targetOf(root: string, link: ServerLink, name: string): Promise<Target> {
  const directory = await requireFeature(root, name);
  const input = await requireInput(directory);
  const { client } = await link.connected();
  const handle = client.workflow.getHandle(featureWorkflowId(input.instance, name));
  return { name, directory, client, handle };
}

async function requireInput(directory: string) {
  const input = await readFeatureInput(directory);
  if (input === undefined) throw new Problem('feature-missing', `There is no feature in ${directory}.`);
  return input;
}

/** @returns the gate that was approved */
export async function approve(
  root: string,
  link: ServerLink,
  name: string,
  options: { gate?: string; message?: string },
): Promise<OpenGate> {
  if (options.message !== undefined) refuse(messageProblem(options.message));
  const target = await targetOf(root, link, name);
  const gate = await chooseGate(target, options.gate);
  if (gate.gate === 'plan') {
    const plan = await readPlanFile(target.directory);
    if (!plan.ok) throw new Problem('plan-unusable', `The plan cannot be approved: ${plan.problem}`);
  }
  const message: ApproveMessage = { gate: gate.gate, number: gate.number, message: options.message };
  await signal(target, signalNames.approve, message);
  return gate;
}

/** @returns the gate that was rejected */
export async function reject(
  root: string,
  link: ServerLink,
  name: string,
  options: { gate?: string; message: string },
): Promise<OpenGate> {
  refuse(messageProblem(options.message));
  const target = await targetOf(root, link, name);
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
  const { gates } = featureView(await readJournal(target.directory));
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

export async function stopTask(root: string, link: ServerLink, name: string, task: string): Promise<void> {
  const message: StopTaskMessage = { task };
  await signal(await targetOf(root, link, name), signalNames.stopTask, message);
}

export async function stopFeature(root: string, link: ServerLink, name: string): Promise<void> {
  await signal(await targetOf(root, link, name), signalNames.stop);
}

/** Goes on; where the workflow is gone, a new one goes on from what the feature directory and git have. */
export async function resume(
  root: string,
  link: ServerLink,
  name: string,
  mode?: FeatureMode,
): Promise<void> {
  const directory = await requireFeature(root, name);
  const input = await requireInput(directory);
  // The server first: while none runs, nobody knows what the workflow does.
  const { client, server } = await link.connected();
  const project = await openProject(root);
  // A folder that was moved or copied has an id of its own, and no worker of it serves the old one's workflows.
  const isHere = input.instance === project.instance;
  const state = isHere ? await workflowState(root, link, name) : 'unknown';
  if (state === 'completed') return;
  if (state === 'running') {
    const message: ResumeMessage = { mode };
    await signal(await targetOf(root, link, name), signalNames.resume, message);
    return;
  }
  const view = featureView(await readJournal(directory));
  if (view.phase === 'done') return;
  await startAgain(client, directory, view, {
    ...input,
    instance: project.instance,
    root: project.root,
    mode: mode ?? input.mode,
    embedded: server.embedded,
  });
}

/**
 * Starts a workflow that goes on from the journal, the plan and git.
 *
 * @param rewind is carried out before anything else
 */
async function startAgain(
  client: Client,
  directory: string,
  view: FeatureView,
  input: FeatureInput,
  rewind?: RewindUpdate,
): Promise<void> {
  await endLeftovers(client, input, directory, view);
  const plan = await readPlanFile(directory);
  const again: FeatureInput = { ...input, usedRounds: await highestRound(input.root, input.feature) };
  await saveFeatureInput(directory, again);
  const broken = await brokenOff(directory, input, view);
  if (broken !== undefined && rewind !== undefined && broken.to !== rewind.to)
    throw new Problem(
      'rewind-unfinished',
      `A rewind of ${input.feature} to ${broken.to} was broken off when its workflow was lost.`,
      { feature: input.feature },
    );
  const used = broken === undefined ? await highestRewound(directory) : broken.number - 1;
  const state = restoredState(again, view, plan.ok ? plan.plan : undefined);
  const asked = rewind ?? (broken && { to: broken.to });
  await startWorkflow(client, again, { ...state, rewinds: Math.max(view.rewinds, used), rewind: asked });
}

/**
 * A rewind that had moved the feature's head when its workflow was lost, so that the journal knows nothing of it. One
 * that had not is as if it had never been asked for.
 */
async function brokenOff(
  directory: string,
  { root, feature, base }: FeatureInput,
  view: FeatureView,
): Promise<{ number: number; to: string } | undefined> {
  const number = await highestRewound(directory);
  const kept =
    number <= view.rewinds || base === undefined ? undefined : await readRewound(directory, number);
  if (kept === undefined || kept.from.head === kept.next.head) return undefined;
  const [head, ref] = await Promise.all([
    featureHead(root, feature),
    readRef(root, rewoundRef(feature, number)),
  ]);
  return head === kept.next.head && ref === kept.from.head ? { number, to: kept.to } : undefined;
}

/**
 * Puts a feature back to an earlier moment, or forward again. A workflow that runs does it; for one that has ended a
 * new one is started that does it first.
 */
export async function rewind(root: string, link: ServerLink, name: string, to: string): Promise<void> {
  const directory = await requireFeature(root, name);
  const input = await requireInput(directory);
  const entries = await readJournal(directory);
  const problem = rewindProblem(rewindTargets(entries), to);
  if (problem !== undefined) throw new Problem('rewind-refused', problem);
  const { client, server } = await link.connected();
  const project = await openProject(root);
  const isHere = input.instance === project.instance;
  if (isHere && (await workflowState(root, link, name)) === 'running') {
    const target = await targetOf(root, link, name);
    const update: RewindUpdate = { to };
    await answered(target, () => target.handle.executeUpdate(updateNames.rewind, { args: [update] }));
    return;
  }
  const again = { ...input, instance: project.instance, root: project.root, embedded: server.embedded };
  await startAgain(client, directory, featureView(entries), again, { to });
}

/** Ends what the workflow that is gone left running: its tasks' rounds, and calls that nobody would read. */
async function endLeftovers(
  client: Client,
  { instance, feature }: FeatureInput,
  directory: string,
  view: FeatureView,
): Promise<void> {
  const running = view.tasks.filter((task) => task.state === 'running');
  await Promise.all(
    running.map(({ id, round }) =>
      client.workflow
        .getHandle(taskWorkflowId(featureWorkflowId(instance, feature), id, round))
        .terminate('The feature goes on in a new workflow.')
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }),
    ),
  );
  const calls = join(directory, 'calls');
  const unread = (await listCalls(calls)).filter((call) => !call.finished);
  await Promise.all(unread.map((call) => stopCalls(calls, call)));
}

/** What Temporal knows of the feature's workflow. */
export async function workflowState(root: string, link: ServerLink, name: string): Promise<WorkflowState> {
  const input = await requireInput(await requireFeature(root, name));
  const running = await link.ifRunning();
  if (running === undefined) return 'unknown';
  try {
    const handle = running.client.workflow.getHandle(featureWorkflowId(input.instance, name));
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') return 'running';
    if (status.name === 'COMPLETED') return 'completed';
    return status.name === 'FAILED' ? 'failed' : 'ended';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  }
}

export async function update(
  root: string,
  link: ServerLink,
  name: string,
  message:
    | ({ kind: 'retryTask' | 'skipTask' } & TaskUpdate)
    | ({ kind: 'editPlan' } & EditPlanUpdate)
    | ({ kind: 'raiseBudget' } & Budget),
): Promise<void> {
  const target = await targetOf(root, link, name);
  const { kind, ...args } = message;
  await answered(target, () => target.handle.executeUpdate(updateNames[kind], { args: [args] }));
}
