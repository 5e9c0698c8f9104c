/** What a feature does when a model is lost in its middle: no login, no quota, not installed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import type { FeatureView } from '../../src/domain/journal/view.js';
import { because } from '../../src/domain/reasons.js';
import { readJournal } from '../../src/feature/journal.js';
import { keepHistory } from '../support/histories.js';
import { answersFor, approval, ledgerOf, makeProject, repeatedCalls, task } from '../support/project.js';
import { withFeature } from '../support/time-skipped-feature.js';
import { createTimeSkipping } from '../support/time-skipping.js';

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkipping();
}, 120_000);
afterAll(() => environment.teardown());

const hour = 3_600_000;
const fails = (kind: string, more: object = {}) => ({ error: { kind, message: `It is ${kind}.`, ...more } });
const chain = { tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] };

const routesOf = (entries: readonly JournalEntry[]) =>
  entries.flatMap((entry) =>
    entry.kind === 'route' ? [{ ...entry, what: `${entry.task ?? ''} ${entry.purpose}`.trim() }] : [],
  );
const chosen = (entries: readonly JournalEntry[], what: string) =>
  routesOf(entries)
    .filter((route) => route.what === what)
    .map((route) => route.model);
const warningsOf = (view: FeatureView) => view.warnings.map((warning) => warning.reason);
const startsOf = async (root: string, call: string) =>
  (await ledgerOf(root, 'feature')).filter((line) => line.event === 'start' && line.call.startsWith(call));

test('a model that lost its login is left out of all later tasks, and the journal says so', async () => {
  const project = await makeProject([
    { match: { purpose: 'draft', model: 'deepseek' }, ...fails('auth') },
    ...answersFor(chain),
  ]);
  await withFeature(environment, project, 'static', async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    const entries = await readJournal(feature.directory);
    expect(view.phase).toBe('done');
    expect(chosen(entries, 'T001 draft')).toEqual(['deepseek', 'gemini']);
    expect(chosen(entries, 'T002 draft')).toEqual(['gemini']);
    expect(routesOf(entries).find(({ what }) => what === 'T002 draft')?.reason).toMatchObject({
      code: 'passed-over',
      params: { passed: [{ model: 'deepseek', why: { kind: 'auth' } }] },
    });
    expect(warningsOf(view)).toContainEqual(
      because('model-failed', {
        model: 'deepseek',
        kind: 'auth',
        text: 'It is auth.',
        final: true,
        rest: { kind: 'left-out' },
      }),
    );
    expect(await repeatedCalls(project.root, 'feature')).toEqual([]);
  });
}, 120_000);

test('after a person’s retry, the model is asked again', async () => {
  const plan = { tasks: [task('T001')] };
  const project = await makeProject([
    { match: { purpose: 'draft', round: 1 }, ...fails('not-installed') },
    ...answersFor(plan),
  ]);
  await withFeature(environment, project, 'static', async (feature) => {
    await feature.reaches('the failed task', (view) => view.tasks[0]?.state === 'failed');
    expect(chosen(await readJournal(feature.directory), 'T001 draft')).toEqual([
      'deepseek',
      'gemini',
      'claude',
      'codex',
      'openai-compatible',
    ]);
    await feature.app.retry('T001');
    await feature.handle.result();
    expect(chosen(await readJournal(feature.directory), 'T001 draft').at(-1)).toBe('deepseek');
  });
}, 120_000);

test('where no model is left, the feature stops and says why of each', async () => {
  const plan = { tasks: [task('T001'), task('T002', { dependsOn: [] })] };
  const project = await makeProject(
    [{ match: { purpose: 'draft' }, ...fails('auth') }, ...answersFor(plan)],
    { maxParallelTasks: 1 },
  );
  await withFeature(environment, project, 'static', async (feature) => {
    const view = await feature.reaches(
      'both failed',
      (seen) => seen.tasks.length === 2 && seen.tasks.every((one) => one.state === 'failed'),
    );
    expect(view.tasks[1]?.reason).toMatchObject({
      code: 'no-model',
      params: {
        role: 'coder',
        why: { params: { passed: expect.arrayContaining([{ model: 'claude', why: { kind: 'auth' } }]) } },
      },
    });
    // The second task asks nobody.
    expect(await startsOf(project.root, 'T002-draft')).toEqual([]);
  });
}, 120_000);

test('a quota that is used up has the next model go on, and its own comes back after the reset', async () => {
  const resetAt = (await environment.currentTimeMs()) + hour / 2;
  const project = await makeProject([
    { match: { purpose: 'draft', task: 'T001', model: 'deepseek' }, ...fails('quota', { resetAt }) },
    {
      match: { purpose: 'review', task: 'T001' },
      // The reset passes meanwhile.
      answers: [fails('rate-limit', { retryAfterMs: hour }), { answer: approval }],
    },
    ...answersFor(chain),
  ]);
  await withFeature(environment, project, 'static', async (feature) => {
    await feature.handle.result();
    const entries = await readJournal(feature.directory);
    expect(chosen(entries, 'T001 draft')).toEqual(['deepseek', 'gemini']);
    expect(chosen(entries, 'T002 draft')).toEqual(['deepseek']);
  });
}, 120_000);

test('with onQuota: wait, the role’s own model is waited for, and no other one is asked', async () => {
  const resetAt = (await environment.currentTimeMs()) + 5 * hour;
  const project = await makeProject(
    [
      {
        match: { purpose: 'draft', task: 'T001' },
        answers: [fails('quota', { resetAt }), { answer: '```text path=T001.txt\nafter the reset\n```\n' }],
      },
      ...answersFor(chain),
    ],
    { onQuota: 'wait' },
  );
  await withFeature(environment, project, 'static', async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    const entries = await readJournal(feature.directory);
    expect(view.phase).toBe('done');
    expect(view.lastAt).toBeGreaterThanOrEqual(resetAt);
    expect(chosen(entries, 'T001 draft')).toEqual(['deepseek', 'deepseek']);
    expect(warningsOf(view)).toContainEqual(
      because('quota-wait', { model: 'deepseek', until: resetAt, purpose: 'draft', task: 'T001' }),
    );
    expect(await startsOf(project.root, 'T001-draft')).toHaveLength(2);
  });
}, 120_000);

test.each([
  [
    'a task',
    ['T001/1'],
    { purpose: 'draft', task: 'T001' },
    '```text path=T001.txt\nafter the purchase\n```\n',
  ],
  ['the specification', [], { purpose: 'spec' }, '# The specification'],
])(
  'a person who bought quota resumes, and %s that waits for it goes on at once',
  async (_, rounds, match, answer) => {
    const resetAt = (await environment.currentTimeMs()) + 5 * hour;
    const project = await makeProject(
      [{ match, answers: [fails('quota', { resetAt }), { answer }] }, ...answersFor(chain)],
      { onQuota: 'wait' },
    );
    await withFeature(environment, project, 'static', async (feature) => {
      await feature.reaches('the wait', (view) => warningsOf(view).some(({ code }) => code === 'quota-wait'));
      await feature.app.resume();
      await feature.handle.result();
      const view = await feature.view();
      expect(view.phase).toBe('done');
      expect(view.lastAt).toBeLessThan(resetAt);
      await keepHistory(feature.handle, `bought-quota-${match.purpose}`, rounds);
    });
  },
  120_000,
);

test('when every model’s quota is used up, the first one that is there again goes on', async () => {
  const now = await environment.currentTimeMs();
  const plan = { tasks: [task('T001')] };
  const resets = { claude: 9, codex: 3, gemini: 7, deepseek: 8, 'openai-compatible': 6 };
  const project = await makeProject([
    ...Object.entries(resets).map(([model, hours]) => ({
      match: { purpose: 'spec', model },
      answers: [fails('quota', { resetAt: now + hours * hour }), { answer: '# The specification' }],
    })),
    ...answersFor(plan),
  ]);
  await withFeature(environment, project, 'static', async (feature) => {
    await feature.handle.result();
    const entries = await readJournal(feature.directory);
    expect(chosen(entries, 'spec')).toEqual([
      'claude',
      'codex',
      'gemini',
      'deepseek',
      'openai-compatible',
      'codex',
    ]);
    const spec = entries.find((entry) => entry.kind === 'spec');
    expect(spec?.at).toBeGreaterThanOrEqual(now + 3 * hour);
    expect(spec?.at).toBeLessThan(now + 6 * hour);
  });
}, 120_000);
