import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { FeatureStatus } from '../../src/client/types.js';
import type { JournalEntry } from '../../src/domain/journal.js';
import {
  callsStarted,
  checkoutChanges,
  checksPass,
  commandMain,
  examplesFolder,
  type Project,
  projectOf,
} from '../support/command-line.js';
import { testFolder } from '../support/source-process.js';
import { testServerEnvironment } from '../support/temporal.js';

// Up to two dozen calls of half a second, each with its processes, on two busy cores.
const runMs = 120_000;

const script = (example: string, name = 'script.json') => join(examplesFolder, example, name);

describe('the example tally, from a brief that is piped in', () => {
  let project: Project;
  let exitCode: number | undefined;
  let output: string;
  let journal: JournalEntry[];

  beforeAll(async () => {
    project = await projectOf({ example: 'tally' });
    const run = await project.blueprint(['run', 'json-flag', '--script', script('tally')], {
      input: 'Add a --json flag',
    });
    exitCode = run.exitCode;
    output = run.all;
    journal = await project.journal('json-flag');
  }, runMs);
  afterAll(() => project?.remove());

  test('it ends with exit status 0', () => {
    expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
  });

  test('the branch passes the checks, in a clone', async () => {
    expect(await checksPass(project, 'blueprint/json-flag', 'node --test')).toBe(true);
  });

  test('the branch does what the brief asks for', async () => {
    const folder = join(dirname(project.root), 'branch');
    await project.git('worktree', 'add', '--quiet', '--detach', folder, 'blueprint/json-flag');
    const { stdout } = await execa(process.execPath, ['bin/tally.js', '--json'], {
      cwd: folder,
      input: 'a b',
    });
    await project.git('worktree', 'remove', '--force', folder);
    expect(JSON.parse(stdout)).toEqual({
      files: [{ name: '-', lines: 0, words: 2, bytes: 3 }],
      total: { lines: 0, words: 2, bytes: 3 },
    });
  });

  test('the checkout is as it was', async () => {
    expect(await checkoutChanges(project)).toEqual([]);
  });

  test('no call is made twice', () => {
    expect(callsStarted(project.ledger('json-flag'))).toEqual([
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
    const checks = journal.filter((entry) => entry.kind === 'checks' && entry.task === 'T002');
    expect(checks).toMatchObject([
      { attempt: 1, results: [{ passed: false }] },
      { attempt: 2, results: [{ passed: true }] },
    ]);
    const reviews = journal.filter((entry) => entry.kind === 'review' && entry.task === 'T002');
    expect(reviews).toMatchObject([{ approved: false }, { approved: true }]);
  });

  test('the branch has one commit for each task that changes files, and says which', async () => {
    const log = await project.git(
      'log',
      '--format=%(trailers:key=Blueprint-Task,valueonly,separator=)',
      `${project.base}..blueprint/json-flag`,
    );
    expect(log.split('\n').sort()).toEqual(['T002', 'T003', 'T004', 'T005']);
  });
});

describe('the example spend', () => {
  let project: Project;
  let exitCode: number | undefined;
  let output: string;
  let journal: JournalEntry[];

  beforeAll(async () => {
    project = await projectOf({ example: 'spend' });
    const brief = join(examplesFolder, 'spend', 'brief.md');
    const run = await project.blueprint(['run', 'by-month', '--brief', brief, '--script', script('spend')]);
    exitCode = run.exitCode;
    output = run.all;
    journal = await project.journal('by-month');
  }, runMs);
  afterAll(() => project?.remove());

  test('it ends with exit status 0', () => {
    expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
  });

  test('the branch passes the checks, in a clone', async () => {
    expect(await checksPass(project, 'blueprint/by-month', 'python3 -m unittest')).toBe(true);
  });

  test('the checkout is as it was', async () => {
    expect(await checkoutChanges(project)).toEqual([]);
  });

  test('a call is made again only where its answer was bad or the model was overloaded', () => {
    expect(callsStarted(project.ledger('by-month'))).toEqual([
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
    expect(journal.filter((entry) => entry.kind === 'race')).toMatchObject([
      { task: 'T002', selected: 'gemini', judgedBy: 'checks' },
      {
        task: 'T004',
        selected: 'deepseek',
        judgedBy: 'supervisor',
        reason: expect.stringContaining('exit status 2'),
      },
    ]);
  });

  test('what the review task finds becomes a commit of its own', async () => {
    const log = await project.git(
      'log',
      '--format=%(trailers:key=Blueprint-Task,valueonly,separator=)',
      `${project.base}..blueprint/by-month`,
    );
    expect(log.split('\n')[0]).toBe('T005');
    expect(await project.git('show', 'blueprint/by-month:README.md')).toContain('2024-03  812.50');
  });
});

describe('a session in which a person decides', () => {
  let project: Project;
  beforeAll(async () => {
    project = await projectOf({ example: 'tally' });
  }, runMs);
  afterAll(() => project?.remove());

  const name = 'json-flag';
  const decide = async (...args: string[]) => {
    const { exitCode, all } = await project.blueprint(args);
    return { exitCode, all };
  };
  const until = async (wanted: (status: FeatureStatus) => boolean): Promise<FeatureStatus> => {
    for (;;) {
      const status = await project.status(name);
      if (wanted(status)) return status;
      await sleep(100);
    }
  };
  const tasksFile = () => join(project.directory(name), 'tasks.json');

  test(
    'the plan waits for the person',
    async () => {
      const brief = join(examplesFolder, 'tally', 'brief.md');
      const { exitCode } = await decide(
        'start',
        name,
        '--brief',
        brief,
        '--script',
        script('tally', 'session.json'),
      );
      expect(exitCode).toBe(3);
      expect(await project.status(name)).toMatchObject({ phase: 'plan', gates: [{ gate: 'plan' }] });
    },
    runMs,
  );

  test(
    'a rejected specification is written again with the reason, and so are the tasks',
    async () => {
      await decide(
        'reject',
        name,
        'spec',
        '-m',
        'Scripts must see the unreadable files too: list them under errors.',
      );
      const { tasks } = await until((status) =>
        status.gates.some((gate) => gate.gate === 'plan' && gate.number > 1),
      );
      expect(await readFile(join(project.directory(name), 'spec.md'), 'utf8')).toContain(
        'lists what could not be read',
      );
      expect(tasks.map((task) => task.title)).toContain('Write the counts and the errors as JSON');
    },
    runMs,
  );

  test(
    'the plan that is approved is the one that the person has edited',
    async () => {
      const plan = JSON.parse(await readFile(tasksFile(), 'utf8')) as {
        tasks: { id: string; title: string }[];
      };
      for (const task of plan.tasks)
        if (task.id === 'T004') task.title = 'Say in the README what --json prints';
      await writeFile(tasksFile(), JSON.stringify(plan));
      await decide('approve', name, 'plan', '--detach');
      const { tasks } = await until((status) =>
        status.tasks.some((task) => task.id === 'T004' && task.state === 'running'),
      );
      expect(tasks.find((task) => task.id === 'T004')?.title).toBe('Say in the README what --json prints');
    },
    runMs,
  );

  test(
    'a task that is stopped blocks what depends on it, and the others finish',
    async () => {
      expect((await decide('stop', name, 'T004')).exitCode).toBe(0);
      const { tasks } = await until((status) => status.waiting !== undefined);
      expect(tasks.map((task) => `${task.id} ${task.state}`)).toEqual([
        'T001 done',
        'T002 done',
        'T003 done',
        'T004 stopped',
        'T005 done',
        'T006 blocked',
      ]);
    },
    runMs,
  );

  test(
    'a stopped task begins again',
    async () => {
      await decide('retry', name, 'T004');
      const { tasks } = await until((status) => status.gates.some((gate) => gate.gate === 'result'));
      expect(tasks.every((task) => task.state === 'done')).toBe(true);
    },
    runMs,
  );

  test(
    'a rejected result becomes a task',
    async () => {
      await decide('reject', name, 'result', '-m', 'Give the document a version.');
      const { tasks } = await until(
        (status) => status.tasks.length === 7 && status.gates.some((gate) => gate.gate === 'result'),
      );
      expect(tasks[6]).toMatchObject({ id: 'T007', state: 'done' });
      expect(JSON.parse(await readFile(tasksFile(), 'utf8'))).toMatchObject({
        tasks: expect.arrayContaining([
          expect.objectContaining({ description: 'Give the document a version.' }),
        ]),
      });
    },
    runMs,
  );

  test(
    'the approved result is the end, and the checkout is as it was',
    async () => {
      expect((await decide('approve', name, 'result')).exitCode).toBe(0);
      const { stdout } = await project.blueprint(['status', name, '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ phase: 'done', verified: true });
      expect(await checksPass(project, `blueprint/${name}`, 'node --test')).toBe(true);
      expect(await checkoutChanges(project)).toEqual([]);
    },
    runMs,
  );
});

test(
  'the demonstration kills a worker, goes on, and keeps what it promises',
  async () => {
    const { exitCode, stdout } = await execa(process.execPath, [await commandMain(), 'demo'], {
      // Its folder is left for a person to look around in: here it goes with the test run's.
      env: { ...testServerEnvironment(), NODE_OPTIONS: '', TMPDIR: testFolder() },
      extendEnv: false,
      reject: false,
    });
    expect(stdout).toContain('calls: 16 made, 0 repeated');
    expect(exitCode).toBe(0);
  },
  runMs,
);
