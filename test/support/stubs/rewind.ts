/** Going back in a stubbed feature: as the real activity decides it, without git. */

import { roundsBefore } from '../../../src/domain/feature/state.js';
import {
  keptNumber,
  recordsAgain,
  recordsAt,
  rewindTargets,
  startWord,
} from '../../../src/domain/tasks/rewind.js';
import type { RewindInput, RewindOutcome } from '../../../src/domain/tasks/steps.js';
import { readJournal } from '../../../src/feature/journal.js';
import { readPlanVersion, type WorkState } from '../../../src/feature/rewound.js';
import type { FeatureFolder } from '../../../src/feature/scope.js';
import type { Stage } from './stage.js';

export async function rewind(
  { number, to, plan, planFile, tasks, usedTaskRounds }: RewindInput,
  stage: Stage,
  { directory, input }: FeatureFolder,
): Promise<RewindOutcome> {
  const head = stage.branch.at(-1)?.commit ?? input.base;
  const { branch } = stage;
  const used = (id: string) => Math.max(roundsBefore(input), usedTaskRounds[id] ?? 0, tasks[id]?.round ?? 0);
  stage.rewound.set(number, { work: { head, plan, planFile, tasks }, branch });
  const kept = stage.rewound.get(keptNumber(to) ?? 0);
  const next = kept?.work ?? (await stateAt(to));
  stage.branch = kept?.branch ?? branch.slice(0, branch.findIndex(({ commit }) => commit === next.head) + 1);
  return { ...next, tasks: recordsAgain(next.tasks, used), from: head, ref: `rewound/${number}` };

  async function stateAt(moment: string): Promise<WorkState> {
    const targets = rewindTargets(await readJournal(directory));
    const snapshot = moment === startWord ? targets.start : targets.tasks.get(moment);
    if (snapshot?.planFile === undefined) throw new Error(`The stub cannot go back to ${moment}.`);
    const then = await readPlanVersion(directory, snapshot.planFile);
    const ids = then.tasks.map(({ id }) => id);
    return {
      head: snapshot.head ?? input.base,
      plan: then,
      planFile: snapshot.planFile,
      tasks: recordsAt(snapshot, ids, tasks, used),
    };
  }
}
