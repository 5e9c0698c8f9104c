/** Puts a feature's branch back to where it stood, and says what its plan and tasks are then. */

import { roundsBefore } from '../domain/feature/state.js';
import { Problem } from '../domain/problem.js';
import {
  keptNumber,
  recordsAgain,
  recordsAt,
  rewindProblem,
  rewindTargets,
  startWord,
} from '../domain/tasks/rewind.js';
import type { RewindInput, RewindOutcome } from '../domain/tasks/steps.js';
import { readJournal } from '../feature/journal.js';
import {
  keepRewound,
  type Rewound,
  readPlanVersion,
  readRewound,
  type WorkState,
} from '../feature/rewound.js';
import type { WorkScope } from '../feature/scope.js';
import { featureHead } from '../workspace/repository.js';
import { rewindHead } from '../workspace/rewind.js';

/**
 * Puts the branch back, or forward again. Decided once and kept; whatever comes after a kill carries out what was decided.
 *
 * @returns what stands from then on
 * @throws Problem when there is nothing of that name to go back to
 */
export async function rewind(input: RewindInput, scope: WorkScope): Promise<RewindOutcome> {
  const { directory } = scope;
  const { root, feature, base } = scope.input;
  const decided =
    (await readRewound(directory, input.number)) ??
    (await keepRewound(directory, input.number, await decide(input, scope)));
  const { from } = decided;
  const next = { ...decided.next, tasks: recordsAgain(decided.next.tasks, usedRounds(input, scope)) };
  if (base === undefined || from.head === undefined || next.head === undefined) return next;
  const ref = await rewindHead(root, { feature, number: input.number, from: from.head, to: next.head });
  return { ...next, from: from.head, ref };
}

async function decide(input: RewindInput, scope: WorkScope): Promise<Rewound> {
  const { to, plan, planFile, tasks } = input;
  const { directory } = scope;
  const { root, feature, base } = scope.input;
  const targets = rewindTargets(await readJournal(directory));
  const problem = rewindProblem(targets, to);
  if (problem !== undefined) throw new Problem('rewind-refused', problem);
  const head = base === undefined ? undefined : ((await featureHead(root, feature)) ?? base);
  const from: WorkState = { head, plan, planFile, tasks };
  const number = keptNumber(to);
  if (number !== undefined) {
    const kept = await readRewound(directory, number);
    if (kept === undefined)
      throw new Problem('rewind-refused', `What rewind ${number} has undone is gone from ${directory}.`);
    return { to, from, next: kept.from };
  }
  const snapshot = to === startWord ? targets.start : targets.tasks.get(to);
  if (snapshot?.planFile === undefined)
    throw new Problem('rewind-refused', `The plan as it was before ${to} is not on record.`);
  const then = await readPlanVersion(directory, snapshot.planFile);
  const ids = then.tasks.map((task) => task.id);
  return {
    to,
    from,
    next: {
      head: base === undefined ? undefined : (snapshot.head ?? base),
      plan: then,
      planFile: snapshot.planFile,
      tasks: recordsAt(snapshot, ids, tasks, usedRounds(input, scope)),
    },
  };
}

/** The highest round that a task of this id has had. */
const usedRounds =
  ({ tasks, usedTaskRounds }: RewindInput, { input }: WorkScope) =>
  (id: string): number =>
    Math.max(roundsBefore(input), usedTaskRounds[id] ?? 0, tasks[id]?.round ?? 0);
