/** What the demonstration tells afterwards, from what the run left: the journal, the branch and the ledger. */
import { join } from 'node:path';
import { execa } from 'execa';
import type { JournalEntry } from '../../domain/journal/entries.js';
import { featureView } from '../../domain/journal/view.js';
import { modelTitles } from '../../domain/vocabulary.js';
import { readEnd } from '../../host/tail.js';
import { endText } from '../../present/check-text.js';
import { columns } from '../../present/table.js';
import { git } from '../../workspace/git.js';
import { branch, checks, type Stage } from './stage.js';

type Entry<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind };

const entriesOf = <Kind extends JournalEntry['kind']>(
  journal: readonly JournalEntry[],
  kind: Kind,
): Entry<Kind>[] => journal.filter((entry): entry is Entry<Kind> => entry.kind === kind);

/** The tasks, what each waited for, and what came of it. */
export const planLines = (journal: readonly JournalEntry[]): string[] =>
  columns(
    featureView(journal).tasks.map((task) => [
      task.id,
      task.type,
      task.title,
      task.dependsOn.length === 0 ? '' : `after ${task.dependsOn.join(', ')}`,
      task.state,
    ]),
  );

/** The end of a check's output that is looked through for the tests that failed. */
const outputBytes = 64 * 1024;

/** Tells of the first draft that broke a check, was rejected and approved when corrected; undefined if there is none. */
export async function findCorrection(
  journal: readonly JournalEntry[],
  { directory }: Stage,
): Promise<string[] | undefined> {
  for (const run of entriesOf(journal, 'checks')) {
    const red = run.results.find((result) => !result.passed);
    const reviews = entriesOf(journal, 'review').filter((review) => review.task === run.task);
    const rejection = reviews.find((review) => review.attempt === run.attempt && !review.approved);
    const approval = reviews.find((review) => review.attempt > run.attempt && review.approved);
    if (run.task === undefined || red === undefined || rejection === undefined || approval === undefined)
      continue;
    const output = await readEnd(join(directory, red.output), outputBytes);
    const { tasks } = featureView(journal);
    return [
      `${run.task} ${tasks.find((task) => task.id === run.task)?.title ?? ''}`,
      `draft ${run.attempt}: the check ${red.name} is red (${endText(red.ended)})`,
      ...output.split('\n').flatMap((line) => (line.startsWith('not ok') ? [`  ${line}`] : [])),
      `review by ${modelTitles[rejection.model]}: rejected`,
      ...rejection.corrections.map((correction) => `  - ${correction}`),
      `draft ${approval.attempt}, corrected: the checks pass`,
      `review by ${modelTitles[approval.model]}: approved`,
      `  ${approval.feedback}`,
    ];
  }
  return undefined;
}

/** The branch's commits, as git tells them. */
export async function commitLines({ root, base }: Stage): Promise<string[]> {
  const { stdout } = await git({ cwd: root }, ['log', '--stat', '--reverse', `${base}..${branch}`]);
  return stdout.trimEnd().split('\n');
}

/** Runs the project's own tests on the branch, in a fresh clone that knows nothing of Blueprint. */
export async function checkBranch({ folder, root }: Stage): Promise<{ passed: boolean; lines: string[] }> {
  const clone = join(folder, 'clone');
  await git({ cwd: folder }, ['clone', '--quiet', '--branch', branch, root, clone]);
  const [command, ...args] = checks;
  const { exitCode, all } = await execa(command, args, {
    cwd: clone,
    all: true,
    reject: false,
    stdin: 'ignore',
  });
  return {
    passed: exitCode === 0,
    lines: all.split('\n').filter((line) => /^(not ok|# (pass|fail) )/.test(line)),
  };
}

/** What is not as it was in the person's checkout; empty when all is. */
export async function checkoutChanges({ root, base }: Stage): Promise<string[]> {
  const [status, head, current] = await Promise.all([
    git({ cwd: root }, ['status', '--porcelain']),
    git({ cwd: root }, ['rev-parse', 'HEAD']),
    git({ cwd: root }, ['symbolic-ref', '--short', 'HEAD']),
  ]);
  return [
    ...status.stdout.split('\n').filter((line) => line !== ''),
    ...(head.stdout.trim() === base ? [] : [`HEAD is ${head.stdout.trim()}`]),
    ...(current.stdout.trim() === 'main' ? [] : [`the branch is ${current.stdout.trim()}`]),
  ];
}
