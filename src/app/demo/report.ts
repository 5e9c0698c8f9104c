/** What the demonstration's run left: in the journal, on the branch, in the checkout. */
import { join } from 'node:path';
import { execa } from 'execa';
import type { JournalEntry } from '../../domain/journal/entries.js';
import { featureView } from '../../domain/journal/view.js';
import type { CheckResult } from '../../domain/tasks/checks.js';
import { readEnd } from '../../host/tail.js';
import { git } from '../../workspace/git.js';
import { branch, checks, type Stage } from './stage.js';

type Entry<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind };

const entriesOf = <Kind extends JournalEntry['kind']>(
  journal: readonly JournalEntry[],
  kind: Kind,
): Entry<Kind>[] => journal.filter((entry): entry is Entry<Kind> => entry.kind === kind);

/** The end of a check's output that is looked through for the tests that failed. */
const outputBytes = 64 * 1024;

/** A draft that broke a check, was rejected, and approved when it was corrected. */
export interface Correction {
  task: string;
  title: string;
  attempt: number;
  check: CheckResult;
  /** The tests that failed, as their runner printed them. */
  failures: string[];
  rejection: Entry<'review'>;
  approval: Entry<'review'>;
}

/** The first one; undefined if there is none. */
export async function findCorrection(
  journal: readonly JournalEntry[],
  { directory }: Stage,
): Promise<Correction | undefined> {
  for (const { task, attempt, results } of entriesOf(journal, 'checks')) {
    const check = results.find((result) => !result.passed);
    const reviews = entriesOf(journal, 'review').filter((review) => review.task === task);
    const rejection = reviews.find((review) => review.attempt === attempt && !review.approved);
    const approval = reviews.find((review) => review.attempt > attempt && review.approved);
    if (task === undefined || check === undefined || rejection === undefined || approval === undefined)
      continue;
    const output = await readEnd(join(directory, check.output), outputBytes);
    const { tasks } = featureView(journal);
    return {
      task,
      title: tasks.find((one) => one.id === task)?.title ?? '',
      attempt,
      check,
      failures: output.split('\n').filter((line) => line.startsWith('not ok')),
      rejection,
      approval,
    };
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
