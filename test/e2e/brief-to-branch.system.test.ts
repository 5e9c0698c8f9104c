/**
 * One test for each line of the phase document's checklist and criteria, named by it. Most look at one run of the
 * example spend; the others at two short ones, in which things go wrong.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { FeatureStatus } from '../../src/domain/feature/status.js';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import type { ModelName, Purpose } from '../../src/domain/vocabulary.js';
import { examplesFolder, type Project, projectOf } from '../support/command-line.js';

// Two dozen calls of a quarter of a second, each with its processes, on two busy cores.
const runMs = 120_000;
jest.setTimeout(runMs);

type Entry<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind };
const only = <Kind extends JournalEntry['kind']>(journal: JournalEntry[], kind: Kind): Entry<Kind>[] =>
  journal.filter((entry): entry is Entry<Kind> => entry.kind === kind);

/** A run from a brief's file to the end. */
let spend: {
  project: Project;
  output: string;
  exitCode: number | undefined;
  journal: JournalEntry[];
  status: FeatureStatus;
};
/** Runs from briefs on standard input. One's reviewer is never content, the other's parser gives no JSON. */
let small: {
  project: Project;
  stubborn: { output: string; exitCode: number | undefined };
  journal: JournalEntry[];
};

beforeAll(async () => {
  const [project, other] = await Promise.all([
    projectOf({ example: 'spend' }),
    projectOf({ files: { 'notes.txt': 'first\n', 'script.json': JSON.stringify(smallScript) } }),
  ]);
  const brief = join(examplesFolder, 'spend', 'brief.md');
  const script = join(examplesFolder, 'spend', 'script.json');
  const run = await project.blueprint(['run', 'by-month', '--brief', brief, '--script', script]);
  spend = {
    project,
    output: run.all,
    exitCode: run.exitCode,
    journal: await project.journal('by-month'),
    status: await project.status('by-month'),
  };
  const stubborn = await other.blueprint(['run', 'stubborn', '--script', 'script.json'], {
    input: 'Number the notes.',
  });
  small = {
    project: other,
    stubborn: { output: stubborn.all, exitCode: stubborn.exitCode },
    journal: await other.journal('stubborn'),
  };
}, runMs);

afterAll(async () => {
  await spend?.project.remove();
  await small?.project.remove();
});

const task = { id: 'T001', title: 'Number the notes', description: '', type: 'code', dependsOn: [] };
const smallScript = {
  answers: [
    {
      match: { purpose: 'spec', contains: 'unparsable' },
      answer: '# Specification\n\nThe parser gives no JSON.\n',
    },
    { match: { purpose: 'spec' }, answer: '# Specification\n\nEach note has a number.\n' },
    {
      match: { purpose: 'plan', contains: 'The parser gives no JSON' },
      answer: 'I would begin with the notes.',
    },
    { match: { purpose: 'plan' }, answer: { tasks: [task] } },
    { match: { purpose: 'refine' }, answer: { tasks: [task] } },
    {
      match: { purpose: 'review', contains: 'The parser gives no JSON' },
      answer: { approved: true, feedback: 'Fine.', corrections: [] },
    },
    {
      match: { purpose: 'review' },
      answer: { approved: false, feedback: 'Numbers begin at 1.', corrections: ['Begin at 1.'] },
    },
    { match: { purpose: 'correct', round: 2 }, answer: '```text path=notes.txt\n0. first\n```\n' },
    { match: { purpose: 'correct', round: 3 }, answer: '```text path=notes.txt\n2. first\n```\n' },
    { match: { purpose: 'correct' }, answer: '```text path=notes.txt\n3. first\n```\n' },
    { match: { purpose: 'draft' }, answer: '```text path=notes.txt\n-1. first\n```\n' },
  ],
};

const read = (project: Project, feature: string, path: string): Promise<string> =>
  readFile(join(project.directory(feature), path), 'utf8');

/** Who was asked to do something, in the order of the calls. */
const askedFor = (journal: JournalEntry[], purpose: Purpose, id?: string): ModelName[] =>
  only(journal, 'call')
    .filter((call) => call.purpose === purpose && (id === undefined || call.task === id))
    .map((call) => call.model);

const statesOf = (journal: JournalEntry[], id: string): string[] =>
  only(journal, 'task')
    .filter((entry) => entry.task === id)
    .map((entry) => entry.state);

describe('checklist', () => {
  test('Pipeline can process brief from file', async () => {
    const brief = await readFile(join(examplesFolder, 'spend', 'brief.md'), 'utf8');
    expect(await read(spend.project, 'by-month', 'brief.md')).toBe(brief);
    expect(spend.exitCode).toBe(0);
  });

  test('Pipeline can process brief from stdin', async () => {
    expect(await read(small.project, 'stubborn', 'brief.md')).toBe('Number the notes.');
    expect(only(small.journal, 'plan')).not.toEqual([]);
  });

  test('Spec generation works with Claude', async () => {
    expect(askedFor(spend.journal, 'spec')).toEqual(['claude']);
    const answer = await readFile(join(examplesFolder, 'spend', 'answers', 'spec.md'), 'utf8');
    expect((await read(spend.project, 'by-month', 'spec.md')).trim()).toBe(answer.trim());
    expect(spend.output).toMatch(/Generating specification using Claude.*\.\.\./);
  });

  test('Tasks are created from spec', async () => {
    const { tasks } = JSON.parse(await read(spend.project, 'by-month', 'tasks.json')) as FeatureStatus;
    expect(tasks.map(({ id, type, dependsOn }) => [id, type, ...dependsOn])).toEqual([
      ['T001', 'architecture'],
      ['T002', 'code', 'T001'],
      ['T003', 'boilerplate', 'T001'],
      ['T004', 'code', 'T002'],
      ['T005', 'review', 'T003', 'T004'],
    ]);
    expect(spend.output).toContain('5 tasks created');
  });

  test('Codex reviews and refines tasks', () => {
    expect(askedFor(spend.journal, 'refine')).toEqual(['codex']);
    // The parser planned no review; the refinement did.
    expect(only(spend.journal, 'plan')[0]).toMatchObject({ refined: true });
    expect(only(spend.journal, 'plan')[0]?.tasks.map(({ type }) => type)).toContain('review');
    expect(spend.output).toMatch(/Reviewing tasks with Codex.* supervisor\.\.\./);
  });

  test('Task executor routes correctly by type', () => {
    expect(askedFor(spend.journal, 'draft', 'T001')).toEqual(['claude']);
    expect(askedFor(spend.journal, 'draft', 'T002').sort()).toEqual(['deepseek', 'gemini']);
    expect(askedFor(spend.journal, 'draft', 'T003')).toEqual(['gemini']);
    expect(askedFor(spend.journal, 'draft', 'T005')).toEqual([]);
    // Codex corrects what its review found, and then another one reviews.
    expect(askedFor(spend.journal, 'review', 'T005')).toEqual(['codex', 'claude']);
    expect(askedFor(small.journal, 'draft', 'T001')).toEqual(['deepseek']);
  });

  test('Generated code is saved to partial/ directory', async () => {
    const names = await readdir(join(spend.project.directory('by-month'), 'partial'));
    expect(names).toEqual(
      expect.arrayContaining([
        'T001_architecture.md',
        'T002_code',
        'T003_boilerplate.md',
        'T004_code',
        'T004_corrected',
        'T005_corrected.md',
        'T005_review.json',
      ]),
    );
    expect(await read(spend.project, 'by-month', 'partial/T002_code/spend/summary.py')).toContain('by_month');
  });

  test('Supervisor can review outputs', async () => {
    const reviews = only(spend.journal, 'review').filter((review) => review.task === 'T004');
    expect(reviews).toMatchObject([
      {
        approved: false,
        model: 'codex',
        corrections: [expect.stringContaining('GROUPINGS'), expect.anything()],
      },
      // The corrector does not review its own correction.
      { approved: true, model: 'claude', corrections: [] },
    ]);
    expect(JSON.parse(await read(spend.project, 'by-month', 'partial/T004_review.json'))).toMatchObject({
      approved: true,
    });
  });

  test('Iterative correction works', async () => {
    expect(only(spend.journal, 'correction').filter(({ task }) => task === 'T004')).toMatchObject([
      { iteration: 1, of: 3, model: 'codex' },
    ]);
    expect(await spend.project.git('show', 'blueprint/by-month:spend/__main__.py')).not.toContain('getattr');
    expect(spend.output).toContain('Iteration 1/3');
  });

  test('Multiple correction attempts are logged', async () => {
    expect(only(small.journal, 'correction').map(({ iteration, of }) => `${iteration}/${of}`)).toEqual([
      '1/3',
      '2/3',
      '3/3',
    ]);
    const kept = await readdir(join(small.project.directory('stubborn'), 'partial', 'attempts'));
    expect(kept.filter((name) => name.startsWith('T001_corrected')).sort()).toEqual([
      'T001_corrected.2.txt',
      'T001_corrected.3.txt',
      'T001_corrected.4.txt',
    ]);
    expect(await read(small.project, 'stubborn', 'partial/T001_corrected.txt')).toBe('3. first\n');
    expect(small.stubborn.output).toContain('⚠ Max iterations reached. Manual review required.');
    expect(small.stubborn.exitCode).toBe(3);
  });
});

describe('criteria', () => {
  test('Complete brief → spec → tasks pipeline works end-to-end', () => {
    const words = [
      '[1/2] Generating specification...',
      'Specification saved to',
      '[2/2] Creating tasks',
      'Specification size:',
      'for task generation...',
      'PIPELINE COMPLETE',
    ];
    const places = words.map((word) => spend.output.indexOf(word));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(spend.status).toMatchObject({ phase: 'done', verified: true });
  });

  test('Tasks are executed with appropriate models', () => {
    expect(spend.status.tasks.map(({ id, model }) => [id, model])).toEqual([
      ['T001', 'claude'],
      ['T002', 'gemini'],
      ['T003', 'gemini'],
      ['T004', 'codex'],
      ['T005', 'codex'],
    ]);
  });

  test('Task state transitions are tracked', () => {
    for (const { id } of spend.status.tasks) expect(statesOf(spend.journal, id)).toEqual(['running', 'done']);
    expect(statesOf(small.journal, 'T001')).toEqual(['running', 'failed']);
    expect(spend.status.tasks.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  test('Generated code is organized in feature directory', async () => {
    const names = await readdir(spend.project.directory('by-month'));
    expect(names).toEqual(
      expect.arrayContaining([
        'brief.md',
        'calls',
        'config.json',
        'journal.jsonl',
        'partial',
        'spec.md',
        'tasks.json',
      ]),
    );
    expect(await spend.project.git('status', '--porcelain')).toBe('');
  });

  test('Supervisor reviews work correctly', () => {
    // No draft is integrated that was not approved, and a review follows each draft and each correction.
    for (const { task, attempt } of only(spend.journal, 'integrated')) {
      const reviews = only(spend.journal, 'review').filter((review) => review.task === task);
      expect(reviews.at(-1)).toMatchObject({ attempt, approved: true });
    }
    expect(only(small.journal, 'review')).toHaveLength(4);
    expect(only(small.journal, 'integrated')).toEqual([]);
  });

  test('Errors are logged and recoverable', async () => {
    expect(only(spend.journal, 'error')).toMatchObject([
      {
        reason: {
          code: 'bad-answer',
          params: { text: expect.stringContaining('Task T004 depends on T009') },
        },
      },
    ]);
    expect(spend.output).toContain('Failed to parse tasks JSON: Task T004 depends on T009');
    expect(spend.exitCode).toBe(0);

    const { project } = small;
    const stuck = await project.blueprint(['run', 'words', '--script', 'script.json'], {
      input: 'An unparsable plan.',
    });
    expect(stuck.exitCode).toBe(3);
    expect(stuck.all).toContain('ERROR: Failed to parse tasks JSON:');
    expect(stuck.all).toMatch(/Raw output:\n.*I would begin with the notes\./);
    await writeFile(join(project.directory('words'), 'tasks.json'), JSON.stringify({ tasks: [task] }));
    const wentOn = await project.blueprint(['approve', 'words', 'plan']);
    expect(wentOn.all).toContain('✓ Task completed: Number the notes');
    expect(await project.git('show', 'blueprint/words:notes.txt')).toBe('-1. first');
  });
});
