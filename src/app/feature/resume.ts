/** Going on with a feature: with the workflow that it has, or with a new one in the place of one that is gone. */

import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { RewindUpdate } from '../../domain/feature/protocol.js';
import { restoredState } from '../../domain/feature/state.js';
import type { FeatureInput, FeatureMode } from '../../domain/feature/types.js';
import type { FeatureView } from '../../domain/journal/view.js';
import { featureWorkflowId, rewoundRef, taskWorkflowId } from '../../domain/names.js';
import { Problem } from '../../domain/problem.js';
import { rewindProblem, rewindTargets } from '../../domain/tasks/rewind.js';
import { saveFeatureInput } from '../../feature/feature-file.js';
import { readPlanFile } from '../../feature/plan-file.js';
import { openProject } from '../../feature/project.js';
import { highestRewound, readRewound } from '../../feature/rewound.js';
import { listCalls } from '../../models/calls/store/list.js';
import { stopCalls } from '../../models/calls/store/stop.js';
import { featureHead, readRef } from '../../workspace/repository.js';
import { resumeRunning, update } from './decide.js';
import type { FeatureRecord } from './record.js';
import { highestRound, startWorkflow, workflowState } from './workflow.js';

/** Goes on; where the workflow is gone, a new one goes on from what the feature directory and git have. */
export async function resume(feature: FeatureRecord, mode?: FeatureMode): Promise<void> {
  const input = await feature.input();
  // The server first: while none runs, nobody knows what the workflow does.
  const { client, server } = await feature.link.connected();
  const project = await openProject(feature.root);
  // A folder that was moved or copied has an id of its own, and no worker of it serves the old one's workflows.
  const isHere = input.instance === project.instance;
  const state = isHere ? await workflowState(feature) : 'unknown';
  if (state === 'completed') return;
  if (state === 'running') {
    await resumeRunning(feature, mode);
    return;
  }
  const { phase } = (await feature.journal()).view();
  if (phase === 'done') return;
  await startAgain(client, feature, {
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
  feature: FeatureRecord,
  input: FeatureInput,
  rewind?: RewindUpdate,
): Promise<void> {
  const { directory } = feature;
  const view = (await feature.journal()).view();
  await endLeftovers(client, feature.calls, input, view);
  const plan = await readPlanFile(directory);
  const again: FeatureInput = { ...input, usedRounds: await highestRound(input.root, input.feature) };
  await saveFeatureInput(directory, again);
  feature.forget();
  const broken = await interruptedRewind(directory, input, view);
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
async function interruptedRewind(
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
export async function rewind(feature: FeatureRecord, to: string): Promise<void> {
  const input = await feature.input();
  await refuseRewind(feature, to);
  const { client, server } = await feature.link.connected();
  const project = await openProject(feature.root);
  const isHere = input.instance === project.instance;
  if (isHere && (await workflowState(feature)) === 'running') {
    await update(feature, { kind: 'rewind', to });
    return;
  }
  const again = { ...input, instance: project.instance, root: project.root, embedded: server.embedded };
  await startAgain(client, feature, again, { to });
}

/** @throws Problem when nothing can be put back to there; looks at the journal only */
export async function refuseRewind(feature: FeatureRecord, to: string): Promise<void> {
  await feature.input();
  const problem = rewindProblem(rewindTargets((await feature.journal()).entries()), to);
  if (problem !== undefined) throw new Problem('rewind-refused', problem);
}

/** Ends what the workflow that is gone left running: its tasks' rounds, and calls that nobody would read. */
async function endLeftovers(
  client: Client,
  calls: string,
  { instance, feature }: FeatureInput,
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
  const unread = (await listCalls(calls)).filter((call) => !call.finished);
  await Promise.all(unread.map((call) => stopCalls(calls, call)));
}
