import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import {
  callsStarted,
  checkoutChanges,
  checksPass,
  examplesFolder,
  type Project,
  projectOf,
} from '../support/command-line.js';

// Up to two dozen calls of half a second, each with its processes, on two busy cores.
const runMs = 120_000;

/** What is left of one run, from a brief to its end. */
interface Finished {
  project: Project;
  exitCode: number | undefined;
  output: string;
  journal: JournalEntry[];
}

async function run(
  example: string,
  feature: string,
  brief: { args: string[] } | { input: string },
): Promise<Finished> {
  const project = await projectOf({ example });
  const args = ['run', feature, '--script', join(examplesFolder, example, 'script.json')];
  const { exitCode, all } = await ('args' in brief
    ? project.blueprint([...args, ...brief.args])
    : project.blueprint(args, brief));
  return { project, exitCode, output: all, journal: await project.journal(feature) };
}

let tally: Finished;
let spend: Finished;

beforeAll(async () => {
  [tally, spend] = await Promise.all([
    run('tally', 'json-flag', { input: 'Add a --json flag' }),
    run('spend', 'by-month', { args: ['--brief', join(examplesFolder, 'spend', 'brief.md')] }),
  ]);
}, runMs);

afterAll(async () => {
  await tally?.project.remove();
  await spend?.project.remove();
});

describe('the example tally, from a brief that is piped in', () => {
  test('it ends with exit status 0', () => {
    expect({ exitCode: tally.exitCode, output: tally.output }).toMatchObject({ exitCode: 0 });
  });

  test('the branch passes the checks, in a clone', async () => {
    expect(await checksPass(tally.project, 'blueprint/json-flag', 'node --test')).toBe(true);
  });

  test('the branch does what the brief asks for', async () => {
    const folder = join(dirname(tally.project.root), 'branch');
    await tally.project.git('worktree', 'add', '--quiet', '--detach', folder, 'blueprint/json-flag');
    const { stdout } = await execa(process.execPath, ['bin/tally.js', '--json'], {
      cwd: folder,
      input: 'a b',
    });
    await tally.project.git('worktree', 'remove', '--force', folder);
    expect(JSON.parse(stdout)).toEqual({
      files: [{ name: '-', lines: 0, words: 2, bytes: 3 }],
      total: { lines: 0, words: 2, bytes: 3 },
    });
  });

  test('the checkout is as it was', async () => {
    expect(await checkoutChanges(tally.project)).toEqual([]);
  });

  test('no call is made twice', () => {
    expect(callsStarted(tally.project.ledger('json-flag'))).toEqual([
      'T001-draft.1',
      'T001-review.1',
      'T002-correct.2',
      'T002-draft.1',
      'T002-review.1',
      'T002-review.2',
      'T003-draft.1',
      'T003-review.1',
      'T004-draft.1',
      'T004-review.1',
      'T005-draft.1',
      'T005-review.1',
      'T006-review.1',
      'plan.1',
      'refine.1',
      'spec.1',
    ]);
  });

  test('the draft that breaks a check is red, is rejected, and is corrected', () => {
    const checks = tally.journal.filter((entry) => entry.kind === 'checks' && entry.task === 'T002');
    expect(checks).toMatchObject([
      { attempt: 1, results: [{ passed: false }] },
      { attempt: 2, results: [{ passed: true }] },
    ]);
    const reviews = tally.journal.filter((entry) => entry.kind === 'review' && entry.task === 'T002');
    expect(reviews).toMatchObject([{ approved: false }, { approved: true }]);
  });

  test('the branch has one commit for each task that changes files, and says which', async () => {
    const log = await tally.project.git(
      'log',
      '--format=%(trailers:key=Blueprint-Task,valueonly,separator=)',
      `${tally.project.base}..blueprint/json-flag`,
    );
    expect(log.split('\n').sort()).toEqual(['T002', 'T003', 'T004', 'T005']);
  });
});

describe('the example spend', () => {
  test('it ends with exit status 0', () => {
    expect({ exitCode: spend.exitCode, output: spend.output }).toMatchObject({ exitCode: 0 });
  });

  test('the branch passes the checks, in a clone', async () => {
    expect(await checksPass(spend.project, 'blueprint/by-month', 'python3 -m unittest')).toBe(true);
  });

  test('the checkout is as it was', async () => {
    expect(await checkoutChanges(spend.project)).toEqual([]);
  });

  test('a call is made again only where its answer was bad or the model was overloaded', () => {
    expect(callsStarted(spend.project.ledger('by-month'))).toEqual([
      'T001-draft.1',
      'T001-review.1',
      'T002-draft-deepseek.1',
      'T002-draft-gemini.1',
      'T002-review.1',
      'T003-draft.1',
      'T003-draft.1',
      'T003-review.1',
      'T004-compare.1',
      'T004-correct.2',
      'T004-draft-deepseek.1',
      'T004-draft-gemini.1',
      'T004-review.1',
      'T004-review.2',
      'T005-correct.2',
      'T005-review.1',
      'T005-review.2',
      'plan.1',
      'plan.1',
      'refine.1',
      'spec.1',
    ]);
  });

  test('the checks decide the race that they can, and the supervisor the other', () => {
    expect(spend.journal.filter((entry) => entry.kind === 'race')).toMatchObject([
      { task: 'T002', selected: 'gemini', judgedBy: 'checks' },
      {
        task: 'T004',
        selected: 'deepseek',
        judgedBy: 'supervisor',
        reason: { params: { text: expect.stringContaining('exit status 2') } },
      },
    ]);
  });

  test('what the review task finds becomes a commit of its own', async () => {
    const log = await spend.project.git(
      'log',
      '--format=%(trailers:key=Blueprint-Task,valueonly,separator=)',
      `${spend.project.base}..blueprint/by-month`,
    );
    expect(log.split('\n')[0]).toBe('T005');
    expect(await spend.project.git('show', 'blueprint/by-month:README.md')).toContain('2024-03  812.50');
  });
});
