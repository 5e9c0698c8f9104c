/** A task's worktree, for a person to change its draft by hand. */

import type { ManualEdit } from '../../domain/feature/outcome.js';
import type { JournalEntry } from '../../domain/journal/entries.js';
import type { TaskView } from '../../domain/journal/view.js';
import { Problem } from '../../domain/problem.js';
import { exists } from '../../host/files.js';
import { prepareWorktree, worktreePath } from '../../workspace/worktree.js';
import type { FeatureRecord } from './record.js';

/**
 * Where a task's last draft stands. A worktree that is gone is made again, at the draft.
 *
 * @throws Problem when there is no such task, no draft of it, or no git
 */
export async function openManualEdit(feature: FeatureRecord, id: string): Promise<ManualEdit> {
  const { root, name, directory } = feature;
  const { base, instance } = await feature.input();
  const journal = await feature.journal();
  const view = journal.view();
  const task = view.tasks.find((one) => one.id === id);
  if (task === undefined)
    throw new Problem(
      'task-missing',
      view.tasks.length === 0
        ? `${name} has no tasks yet.`
        : `${name} has no task ${id}; it has ${view.tasks.map((one) => one.id).join(', ')}.`,
    );
  if (base === undefined)
    throw new Problem(
      'no-repository',
      `${name} is no git repository's: its drafts are in ${directory}/partial.`,
    );
  const draft = lastDraft(journal.entries(), id);
  if (draft?.commit === undefined)
    throw new Problem(
      'draft-missing',
      `Task ${id} of ${name} has no draft that changes files yet, so it has no worktree.`,
    );
  const key = { root, instance, feature: name, task: id, ...labelOf(draft) };
  const path = worktreePath(key);
  const isThere = await exists(path);
  if (!isThere) {
    if (task.state === 'running')
      throw new Problem('worktree-unusable', `Task ${id} runs, and its worktree is not there yet.`);
    await prepareWorktree(key, takenSince(journal.entries(), draft) ?? draft.commit);
  }
  return { path, state: task.state, isTaken: waits(task, view.gates) };
}

/** Whether an approval would take what stands there. */
const waits = ({ id }: TaskView, gates: readonly { gate: string }[]): boolean =>
  gates.some(({ gate }) => gate === id);

type Draft = JournalEntry & { kind: 'draft' };

/** The draft that went on: of a race's, the one that it was decided for. */
function lastDraft(journal: readonly JournalEntry[], task: string): Draft | undefined {
  const own = journal.filter((entry) => 'task' in entry && entry.task === task);
  const last = own.findLast((entry): entry is Draft => entry.kind === 'draft');
  if (last?.label === undefined) return last;
  const race = own.findLast((entry) => entry.kind === 'race');
  const selected = race?.kind === 'race' ? race.selected : last.label;
  return own.findLast((entry): entry is Draft => entry.kind === 'draft' && entry.label === selected) ?? last;
}

/** What was taken from the worktree already, when it was changed by hand before. */
function takenSince(journal: readonly JournalEntry[], { task, attempt }: Draft): string | undefined {
  const taken = journal.findLast(
    (entry) => entry.kind === 'taken' && entry.task === task && entry.attempt === attempt,
  );
  return taken?.kind === 'taken' ? taken.commit : undefined;
}

const labelOf = ({ label }: Draft): { label?: string } => (label === undefined ? {} : { label });
