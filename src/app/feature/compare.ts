/** The drafts of a task, side by side: what the journal and git have of them. */

import type { JournalEntry } from '../../domain/journal/entries.js';
import { Problem } from '../../domain/problem.js';
import type { CheckResult } from '../../domain/tasks/checks.js';
import type { ComparedDraft, Comparison } from '../../domain/tasks/comparison.js';
import { diffOf } from '../../workspace/contents.js';
import { statOf } from '../../workspace/history.js';
import type { FeatureRecord } from './record.js';

/** More than anyone reads of one draft; the commit has all of it. */
const diffMaxBytes = 1024 * 1024;

type Entry<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind };

/**
 * @param options.diff with each draft's whole change
 * @throws Problem when there is no such task, or it has no draft yet
 */
export async function compareDrafts(
  feature: FeatureRecord,
  task: string,
  options: { diff?: boolean } = {},
): Promise<Comparison> {
  const { root, name } = feature;
  const { base } = await feature.input();
  const journal = (await feature.journal()).entries();
  const own = journal.filter((entry) => 'task' in entry && entry.task === task);
  const drafts = own.filter((entry): entry is Entry<'draft'> => entry.kind === 'draft');
  if (drafts.length === 0) throw new Problem('draft-missing', whyNone(journal, name, task));
  const race = own.findLast((entry): entry is Entry<'race'> => entry.kind === 'race');
  const raced = race === undefined ? undefined : racedAttempt(own, race);
  const shown =
    raced === undefined
      ? drafts
      : drafts.filter(({ attempt, label }) => attempt === raced && label !== undefined).sort(byLabel);
  return {
    feature: name,
    task,
    race: race && { selected: race.selected, reason: race.reason, judgedBy: race.judgedBy },
    drafts: await Promise.all(
      shown.map((draft) =>
        describe(base === undefined ? undefined : root, own, draft, race?.selected, options.diff === true),
      ),
    ),
    others: drafts.length - shown.length,
  };
}

const byLabel = (a: Entry<'draft'>, b: Entry<'draft'>): number =>
  (a.label ?? '') < (b.label ?? '') ? -1 : 1;

/** A race's drafts came before it was decided. */
function racedAttempt(own: readonly JournalEntry[], race: Entry<'race'>): number | undefined {
  const before = own.slice(0, own.indexOf(race));
  return before.findLast(
    (entry): entry is Entry<'draft'> => entry.kind === 'draft' && entry.label !== undefined,
  )?.attempt;
}

async function describe(
  root: string | undefined,
  own: readonly JournalEntry[],
  { attempt, label, model, commit, files }: Entry<'draft'>,
  selected: string | undefined,
  withDiff: boolean,
): Promise<ComparedDraft> {
  const mine = <Kind extends JournalEntry['kind']>(kind: Kind) =>
    own.findLast(
      (entry): entry is Entry<Kind> =>
        entry.kind === kind &&
        'attempt' in entry &&
        entry.attempt === attempt &&
        (!('label' in entry) || entry.label === label),
    );
  const checks = mine('checks');
  // Only the draft that a race was decided for is reviewed.
  const review = label === undefined || label === selected ? mine('review') : undefined;
  const change =
    root === undefined || commit === undefined
      ? { stat: files.map((path) => ({ path })) }
      : {
          stat: await statOf(root, `${commit}^`, commit),
          ...(withDiff ? { diff: (await diffOf(root, `${commit}^`, commit, diffMaxBytes)).text } : {}),
        };
  return {
    attempt,
    label,
    model,
    commit,
    selected: label !== undefined && label === selected,
    checks: checks?.results ?? ([] as CheckResult[]),
    review: review && {
      approved: review.approved,
      feedback: review.feedback,
      corrections: review.corrections,
      model: review.model,
    },
    ...change,
  };
}

function whyNone(journal: readonly JournalEntry[], name: string, task: string): string {
  const plan = journal.findLast((entry): entry is Entry<'plan'> => entry.kind === 'plan');
  const ids = plan?.tasks.map(({ id }) => id) ?? [];
  if (ids.includes(task)) return `Task ${task} of ${name} has no draft yet.`;
  return ids.length === 0
    ? `${name} has no plan yet, so there is nothing to compare.`
    : `${name} has no task ${task}; it has ${ids.join(', ')}.`;
}
