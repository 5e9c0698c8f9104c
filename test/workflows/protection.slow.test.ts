/** What judges a draft is not the draft's to change; and what the integration finds goes back to its task. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import { readJournal } from '../../src/feature/journal.js';
import { listCalls } from '../../src/models/calls/store/list.js';
import { reasonText } from '../../src/present/reasons.js';
import { answersFor, fileAnswer, git, makeProject, type ScriptEntry, task } from '../support/project.js';
import { withFeature } from '../support/time-skipped-feature.js';
import { createTimeSkipping } from '../support/time-skipping.js';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkipping();
}, 120_000);
afterAll(() => environment.teardown());

const ofKind = <K extends JournalEntry['kind']>(entries: JournalEntry[], kind: K) =>
  entries.filter((entry): entry is JournalEntry & { kind: K } => entry.kind === kind);
const lines = (first: string) => `${[first, '2', '3', '4', '5'].join('\n')}\n`;
const onReadme = (first: string) => fileAnswer('README.md', lines(first).trimEnd());

test('a draft that changes a protected file is shown to the review, and put right though that approves it', async () => {
  const plan = { tasks: [task('T001')] };
  const edited = `${fileAnswer('T001.txt', 'x')}\n${fileAnswer('check.sh', 'exit 0')}`;
  const { root, script } = await makeProject(
    [
      { match: { purpose: 'draft', task: 'T001' }, answer: edited },
      {
        match: { purpose: 'correct', task: 'T001', contains: 'changes check.sh, protected' },
        answer: fileAnswer('check.sh', '! grep -rn BUG --include="*.txt" .'),
      },
      ...answersFor(plan),
    ],
    { protect: ['check.sh'] },
  );
  await withFeature(environment, { root, script }, 'static', async ({ handle, directory }) => {
    await handle.result();
    const entries = await readJournal(directory);
    expect(ofKind(entries, 'review').map((review) => review.approved)).toEqual([true, true]);
    const named = ofKind(entries, 'checks').map(({ results }) =>
      results.map(({ name, passed }) => [name, passed]),
    );
    expect(named).toEqual([
      [
        ['protected-files', false],
        ['test', true],
      ],
      [['test', true]],
    ]);
    const [review] = (await listCalls(`${directory}/calls`)).filter(({ call }) =>
      call.startsWith('T001-review.1'),
    );
    expect(await readFile(`${directory}/calls/${review?.call}/prompt.md`, 'utf8')).toContain(
      'protected-files: fails (changes check.sh',
    );
    expect(await git(root, 'diff', '--name-only', 'main', 'blueprint/feature')).toBe('T001.txt');
  });
}, 120_000);

test('a conflict goes back to its task with the lines that collide, and what else the draft has is kept', async () => {
  const plan = { tasks: [task('T001'), task('T002')] };
  const { root, script } = await makeProject(
    [
      { match: { purpose: 'draft', task: 'T001' }, answer: onReadme('one') },
      {
        match: { purpose: 'draft', task: 'T002' },
        answer: `${onReadme('two')}\n${fileAnswer('T002.txt', 'kept')}`,
        delayMs: 300,
      },
      {
        match: { purpose: 'correct', contains: 'The draft conflicts with' },
        // Only what collides; a mark of the conflict that is left is asked again.
        answers: [{ answer: onReadme(`<<<<<<< ${'a'.repeat(40)}`) }, { answer: onReadme('both') }],
      },
      ...answersFor(plan),
    ],
    { maxParallelTasks: 2 },
  );
  await withFeature(environment, { root, script }, 'static', async ({ handle, directory }) => {
    await handle.result();
    const [conflict] = ofKind(await readJournal(directory), 'conflict');
    expect(conflict && reasonText(conflict.reason)).toMatch(
      /<<<<<<< the branch[\s\S]*one[\s\S]*=======[\s\S]*two[\s\S]*>>>>>>> the draft/,
    );
    expect(await git(root, 'show', 'blueprint/feature:README.md')).toBe(lines('both').trimEnd());
    expect(await git(root, 'show', 'blueprint/feature:T002.txt')).toBe('kept');
    const [call] = (await listCalls(`${directory}/calls`)).filter(({ call: name }) =>
      name.startsWith('T002-correct'),
    );
    const prompt = await readFile(`${directory}/calls/${call?.call}/prompt.md`, 'utf8');
    expect(prompt).toContain('Put what both want there, and leave no mark.');
    // The file as it is in place, besides the lines that collide.
    expect(prompt).toMatch(
      /<<<<<<< [0-9a-f]{40}\none\n[\s\S]*\n=======\ntwo\n[\s\S]*\n>>>>>>> [0-9a-f]{40}\n/,
    );
    const titles = await git(root, 'log', '--format=%s', 'main..blueprint/feature');
    expect(titles.split('\n')).toEqual(['Write T002', 'Write T001']);
  });
}, 120_000);

test('drafts that are green alone and red together are checked on the combined tree before the commit counts', async () => {
  const plan = { tasks: [task('T001'), task('T002')] };
  const { root, script } = await makeProject(
    [
      { match: { purpose: 'draft', task: 'T002' }, answer: fileAnswer('T002.txt', 'x'), delayMs: 300 },
      {
        match: { purpose: 'correct', contains: 'the draft breaks: pair (exit status 1)' },
        answer: fileAnswer('T002.txt', 'pair'),
      },
      ...answersFor(plan),
    ],
    {
      maxParallelTasks: 2,
      checks: [
        {
          name: 'pair',
          command: '! [ -e T001.txt ] || ! [ -e T002.txt ] || grep pair T00*.txt || { echo no pair; false; }',
        },
      ],
    },
  );
  await withFeature(environment, { root, script }, 'static', async ({ handle, directory }) => {
    await handle.result();
    const [sentBack] = ofKind(await readJournal(directory), 'conflict');
    expect(sentBack && reasonText(sentBack.reason)).toContain('no pair');
    expect(await git(root, 'grep', '-l', 'pair', 'blueprint/feature', '--', '*.txt')).toContain('.txt');
    expect(await git(root, 'log', '--format=%P', 'main..blueprint/feature')).not.toContain(' ');
  });
}, 120_000);

test('what stays red on the combined tree is left to a person, and the branch stays without it', async () => {
  const plan = { tasks: [task('T001'), task('T002'), task('T003'), task('T004'), task('T005')] };
  const { root, script } = await makeProject(
    [
      ...['T001', 'T002', 'T003', 'T004'].map(
        (id): ScriptEntry => ({
          match: { purpose: 'draft', task: id },
          answer: fileAnswer(`${id}.txt`, 'x'),
        }),
      ),
      { match: { task: 'T005', purpose: 'draft' }, answer: fileAnswer('T005.txt', 'x'), delayMs: 1_000 },
      { match: { task: 'T005', purpose: 'correct' }, answer: fileAnswer('T005.txt', 'y') },
      ...answersFor(plan),
    ],
    {
      maxParallelTasks: 5,
      // Green for every draft alone, red for T005 on top of any other.
      checks: [{ name: 'alone', command: '[ "$(ls T00*.txt | wc -l)" -lt 2 ] || ! [ -e T005.txt ]' }],
    },
  );
  await withFeature(environment, { root, script }, 'static', async ({ reaches, directory }) => {
    const view = await reaches('a person', (seen) => seen.waiting !== undefined);
    expect(view.tasks.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'failed']);
    const [conflict] = ofKind(await readJournal(directory), 'conflict');
    expect(conflict && reasonText(conflict.reason)).toContain('alone (exit status 1)');
    expect(await git(root, 'ls-tree', '--name-only', 'blueprint/feature')).not.toContain('T005.txt');
    expect(view.gates.map(({ gate }) => gate)).toEqual(['T005']);
  });
}, 180_000);
