/** What a feature does when a model is lost in its middle: no login, no quota, not installed. */
import { expect, test } from '@jest/globals';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import type { FeatureView } from '../../src/domain/journal/view.js';
import type { CallErrorKind } from '../../src/domain/models/call-errors.js';
import { because } from '../../src/domain/reasons.js';
import type { ModelName } from '../../src/domain/vocabulary.js';
import { keepHistory } from '../support/histories.js';
import { answersFor, approval, fileAnswer, task } from '../support/project.js';
import { stubbedFeatures } from '../support/stubs/features.js';
import type { StubEntry } from '../support/stubs/script.js';

const features = stubbedFeatures();

const hour = 3_600_000;
const fails = (kind: CallErrorKind, more: object = {}) => ({
  error: { kind, message: `It is ${kind}.`, ...more },
});
const one = { tasks: [task('T001')] };
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

test('a model that lost its login is left out of all later tasks, and the journal says so', () =>
  features.play(
    {
      mode: 'static',
      answers: [{ match: { purpose: 'draft', model: 'deepseek' }, ...fails('auth') }, ...answersFor(chain)],
    },
    async (feature) => {
      await feature.handle.result();
      const view = await feature.view();
      const entries = await feature.journal();
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
      expect(feature.repeated()).toEqual([]);
    },
  ));

test('after a person’s retry, the model is asked again', () =>
  features.play(
    {
      mode: 'static',
      answers: [{ match: { purpose: 'draft', round: 1 }, ...fails('not-installed') }, ...answersFor(one)],
    },
    async (feature) => {
      await feature.reaches('the failed task', (view) => view.tasks[0]?.state === 'failed');
      expect(chosen(await feature.journal(), 'T001 draft')).toEqual([
        'deepseek',
        'gemini',
        'claude',
        'codex',
        'openai-compatible',
      ]);
      await feature.app.retry('T001');
      await feature.handle.result();
      expect(chosen(await feature.journal(), 'T001 draft').at(-1)).toBe('deepseek');
    },
  ));

test('where no model is left, the feature stops and says why of each', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        { match: { purpose: 'draft' }, ...fails('auth') },
        ...answersFor({ tasks: [task('T001'), task('T002')] }),
      ],
      config: { maxParallelTasks: 1 },
    },
    async (feature) => {
      const view = await feature.reaches(
        'both failed',
        (seen) => seen.tasks.length === 2 && seen.tasks.every(({ state }) => state === 'failed'),
      );
      expect(view.tasks[1]?.reason).toMatchObject({
        code: 'no-model',
        params: {
          role: 'coder',
          why: { params: { passed: expect.arrayContaining([{ model: 'claude', why: { kind: 'auth' } }]) } },
        },
      });
      // The second task asks nobody.
      expect(feature.started.filter((call) => call.startsWith('T002'))).toEqual([]);
    },
  ));

test('a quota that is used up has the next model go on, and its own comes back after the reset', async () => {
  const resetAt = (await features.now()) + hour / 2;
  const answers: StubEntry[] = [
    { match: { purpose: 'draft', task: 'T001', model: 'deepseek' }, ...fails('quota', { resetAt }) },
    {
      match: { purpose: 'review', task: 'T001' },
      // The reset passes meanwhile.
      answers: [fails('rate-limit', { retryAfterMs: hour }), { answer: approval }],
    },
    ...answersFor(chain),
  ];
  await features.play({ mode: 'static', answers }, async (feature) => {
    await feature.handle.result();
    const entries = await feature.journal();
    expect(chosen(entries, 'T001 draft')).toEqual(['deepseek', 'gemini']);
    expect(chosen(entries, 'T002 draft')).toEqual(['deepseek']);
  });
});

test('with onQuota: wait, the role’s own model is waited for, and no other one is asked', async () => {
  const resetAt = (await features.now()) + 5 * hour;
  const answers: StubEntry[] = [
    {
      match: { purpose: 'draft', task: 'T001' },
      answers: [fails('quota', { resetAt }), { answer: fileAnswer('T001.txt', 'after the reset') }],
    },
    ...answersFor(chain),
  ];
  await features.play({ mode: 'static', answers, config: { onQuota: 'wait' } }, async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    expect(view.phase).toBe('done');
    expect(view.lastAt).toBeGreaterThanOrEqual(resetAt);
    expect(chosen(await feature.journal(), 'T001 draft')).toEqual(['deepseek', 'deepseek']);
    expect(warningsOf(view)).toContainEqual(
      because('quota-wait', { model: 'deepseek', until: resetAt, purpose: 'draft', task: 'T001' }),
    );
    expect(feature.started.filter((call) => call.startsWith('T001-draft'))).toHaveLength(2);
  });
});

test.each<[string, string[], StubEntry['match'], string]>([
  ['a task', ['T001/1'], { purpose: 'draft', task: 'T001' }, fileAnswer('T001.txt', 'after the purchase')],
  ['the specification', [], { purpose: 'spec' }, '# The specification'],
])(
  'a person who bought quota resumes, and %s that waits for it goes on at once',
  async (_, rounds, match, answer) => {
    const resetAt = (await features.now()) + 5 * hour;
    const answers = [{ match, answers: [fails('quota', { resetAt }), { answer }] }, ...answersFor(chain)];
    await features.play({ mode: 'static', answers, config: { onQuota: 'wait' } }, async (feature) => {
      await feature.reaches('the wait', (view) => warningsOf(view).some(({ code }) => code === 'quota-wait'));
      await feature.app.resume();
      await feature.handle.result();
      const view = await feature.view();
      expect(view.phase).toBe('done');
      expect(view.lastAt).toBeLessThan(resetAt);
      await keepHistory(feature.handle, `bought-quota-${match.purpose}`, rounds);
    });
  },
);

test('when every model’s quota is used up, the first one that is there again goes on', async () => {
  const now = await features.now();
  const resets: [ModelName, number][] = [
    ['claude', 9],
    ['codex', 3],
    ['gemini', 7],
    ['deepseek', 8],
    ['openai-compatible', 6],
  ];
  const answers = [
    ...resets.map(
      ([model, hours]): StubEntry => ({
        match: { purpose: 'spec', model },
        answers: [fails('quota', { resetAt: now + hours * hour }), { answer: '# The specification' }],
      }),
    ),
    ...answersFor(one),
  ];
  await features.play({ mode: 'static', answers }, async (feature) => {
    await feature.handle.result();
    const entries = await feature.journal();
    const models = ['claude', 'codex', 'gemini', 'deepseek', 'openai-compatible', 'codex'];
    expect(chosen(entries, 'spec')).toEqual(models);
    const spec = entries.find((entry) => entry.kind === 'spec');
    expect(spec?.at).toBeGreaterThanOrEqual(now + 3 * hour);
    expect(spec?.at).toBeLessThan(now + 6 * hour);
  });
});
