/** Races: who wins where no draft passes, and what is ended when the outcome is certain. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ConfigInput } from '../../src/domain/config/schema.js';
import { readJournal } from '../../src/feature/journal.js';
import { answersFor, fileAnswer, git, makeProject, task } from '../support/project.js';
import { withFeature } from '../support/time-skipped-feature.js';
import { createTimeSkipping } from '../support/time-skipping.js';

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkipping();
}, 120_000);
afterAll(() => environment.teardown());

const plan = { tasks: [task('T001')] };
const checks: ConfigInput = {
  checks: [
    { name: 'bugs', command: '! grep -rn BUG --include="*.txt" .' },
    { name: 'todos', command: '! grep -rn TODO --include="*.txt" .' },
  ],
  race: { code: ['deepseek', 'gemini'] },
};
const draftOf = (model: string, text: string, more: object = {}) => ({
  match: { purpose: 'draft', task: 'T001', model },
  answer: fileAnswer('T001.txt', text),
  ...more,
});

test('where the checks pass for no draft, the one that breaks fewer is corrected', async () => {
  const { root, script } = await makeProject(
    [
      draftOf('deepseek', 'a BUG and a TODO'),
      draftOf('gemini', 'a TODO'),
      {
        match: { purpose: 'correct', task: 'T001', contains: 'a TODO' },
        answer: fileAnswer('T001.txt', 'done'),
      },
      ...answersFor(plan),
    ],
    checks,
  );
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    const journal = await readJournal(feature.directory);
    expect(journal.find((entry) => entry.kind === 'race')).toMatchObject({
      selected: 'gemini',
      judgedBy: 'checks',
    });
    expect(journal.some((entry) => entry.kind === 'route' && entry.purpose === 'compare')).toBe(false);
    expect(await git(root, 'show', 'blueprint/feature:T001.txt')).toBe('done');
  });
}, 180_000);

test('a draft that passes does not wait for one whose model has used its quota up', async () => {
  const { root, script } = await makeProject(
    [
      {
        match: { purpose: 'draft', task: 'T001', model: 'deepseek' },
        error: { kind: 'quota', message: 'Used up.', resetAt: Date.now() + 5 * 86_400_000 },
      },
      draftOf('gemini', 'fine'),
      ...answersFor(plan),
    ],
    checks,
  );
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    const journal = await readJournal(feature.directory);
    const race = journal.find((entry) => entry.kind === 'race');
    expect(race).toMatchObject({ selected: 'gemini', reason: { code: 'only-draft' } });
    // By the workflow's clock, for which the server skips days where a timer is all that there is to wait for.
    expect((race?.at ?? 0) - (journal[0]?.at ?? 0)).toBeLessThan(86_400_000);
    expect(await git(root, 'show', 'blueprint/feature:T001.txt')).toBe('fine');
  });
}, 180_000);
