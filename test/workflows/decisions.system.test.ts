/** What people decide, and what follows from it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { signalNames } from '../../src/domain/feature/protocol.js';
import { reasonText } from '../../src/present/reasons.js';
import { until } from '../support/calls.js';
import { keepHistory } from '../support/histories.js';
import { answersFor, approval, fileAnswer, rejection, task } from '../support/project.js';
import { stubbedFeatures } from '../support/stubs/features.js';
import { isOpen, isWaiting, states } from './views.js';

const features = stubbedFeatures();

const automatic = { spec: 'auto', plan: 'auto', task: 'ask', result: 'auto' } as const;
const one = { tasks: [task('T001')] };

test('a spec that is rejected at the plan gate is written again, and new tasks come from it', () => {
  const second = { tasks: [task('T001', { title: 'Say it in blue' })] };
  return features.play(
    {
      mode: 'interactive',
      answers: [
        { match: { purpose: 'spec', contains: 'make it blue' }, answer: '# The blue specification' },
        { match: { purpose: 'plan', contains: 'blue specification' }, answer: second },
        { match: { purpose: 'refine', contains: 'blue specification' }, answer: second },
        ...answersFor(one),
      ],
    },
    async (feature) => {
      await feature.reaches('the plan gate', isOpen('plan'));
      await feature.reject('spec', 'make it blue');
      const view = await feature.reaches('the new plan', (seen) => seen.tasks[0]?.title === 'Say it in blue');
      expect(view.phase).toBe('plan');
      expect(await readFile(join(feature.directory, 'spec.md'), 'utf8')).toContain('blue');
      await feature.reaches('the plan gate', isOpen('plan'));
      await feature.approve('plan');
      await feature.reaches('the result gate', isOpen('result'));
      await feature.approve('result');
      await feature.handle.result();
      await keepHistory(feature.handle, 'rejected-spec');
    },
  );
});

test('a result that is rejected becomes a task with the reason as its description', () =>
  features.play(
    {
      mode: 'interactive',
      answers: [
        {
          match: { purpose: 'draft', task: 'T002', contains: 'the greeting is missing' },
          answer: fileAnswer('greeting.txt', 'hello'),
        },
        ...answersFor(one),
      ],
      config: { gates: { ...automatic, result: 'ask' } },
    },
    async (feature) => {
      await feature.reaches('the result gate', isOpen('result'));
      await feature.reject('result', 'the greeting is missing');
      await feature.reaches('the second result gate', (view) =>
        view.gates.some((gate) => gate.gate === 'result' && gate.number === 2),
      );
      await feature.approve('result');
      await feature.handle.result();
      expect(feature.integrated('T002')).toBe(fileAnswer('greeting.txt', 'hello'));
    },
  ));

test('answers that are no plan are asked for again twice; then the plan gate waits, and a plan by hand goes on', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        {
          match: { purpose: 'plan' },
          answers: [
            { answer: 'I would rather not.' },
            { answer: { tasks: [task('T001', { dependsOn: ['T009'] })] } },
            { answer: { tasks: [] } },
          ],
        },
        ...answersFor(one),
      ],
    },
    async (feature) => {
      const view = await feature.reaches('the plan gate', isOpen('plan'));
      expect(view.errors.map((error) => reasonText(error.reason))).toEqual([
        expect.stringContaining('Failed to parse tasks JSON'),
        expect.stringContaining('T009, which does not exist'),
        expect.stringContaining('no tasks'),
      ]);
      expect(feature.started.filter((call) => call.startsWith('plan'))).toHaveLength(3);
      await expect(feature.approve('plan')).rejects.toThrow('no tasks.json');
      await writeFile(join(feature.directory, 'tasks.json'), JSON.stringify(one));
      await feature.approve('plan');
      await feature.handle.result();
      expect(states(await feature.view())).toEqual({ T001: 'done' });
    },
  ));

test('a refinement that is no plan leaves the original tasks, with a warning', () =>
  features.play(
    {
      mode: 'static',
      answers: [{ match: { purpose: 'refine' }, answer: 'Looks fine to me.' }, ...answersFor(one)],
    },
    async (feature) => {
      await feature.handle.result();
      const view = await feature.view();
      expect(view.warnings[0]?.reason.code).toBe('refinement-failed');
      expect(states(view)).toEqual({ T001: 'done' });
    },
  ));

test('questions that the spec leaves open are asked, and the answers go into the spec', () =>
  features.play(
    {
      mode: 'interactive',
      answers: [
        { match: { purpose: 'spec' }, answer: '# Spec\n\n## Open questions\n\n- Which colour?\n' },
        ...answersFor(one),
      ],
      config: { gates: automatic },
    },
    async (feature) => {
      await feature.reaches('the spec gate', isOpen('spec'));
      await feature.approve('spec', 'Blue.');
      await feature.handle.result();
      const spec = await readFile(join(feature.directory, 'spec.md'), 'utf8');
      expect(spec).toContain('## Answers\n\nBlue.');
    },
  ));

test('static mode leaves what the review did not approve failed, and a rejection buys one more round', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        {
          match: { purpose: 'correct', task: 'T001', contains: 'begin with a capital' },
          answer: fileAnswer('T001.txt', 'Better'),
        },
        { match: { purpose: 'review', task: 'T001', contains: 'Better' }, answer: approval },
        { match: { purpose: 'review', task: 'T001' }, answer: rejection('No.') },
        ...answersFor({ tasks: [task('T001'), task('T002', { dependsOn: ['T001'] }), task('T003')] }),
      ],
      config: { maxIterations: 1 },
    },
    async (feature) => {
      const view = await feature.reaches('the wait for a person', isWaiting);
      expect(states(view)).toEqual({ T001: 'failed', T002: 'blocked', T003: 'done' });
      await feature.reject('T001', 'begin with a capital');
      await feature.handle.result();
      expect(states(await feature.view())).toEqual({ T001: 'done', T002: 'done', T003: 'done' });
      expect(feature.integrated('T001')).toBe(fileAnswer('T001.txt', 'Better'));
      await keepHistory(feature.handle, 'static-failed-then-rejected', ['T001/1', 'T001/2']);
    },
  ));

test('a draft that breaks the checks is corrected, even where the review approves it', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        { match: { purpose: 'draft', task: 'T001' }, answer: fileAnswer('T001.txt', 'a BUG') },
        {
          match: { purpose: 'correct', task: 'T001', contains: 'a BUG' },
          answer: fileAnswer('T001.txt', 'no more'),
        },
        ...answersFor(one),
      ],
      breaks: (text) => (text.includes('BUG') ? ['test'] : []),
    },
    async (feature) => {
      await feature.handle.result();
      const view = await feature.view();
      expect(view.tasks[0]?.iterations).toBe(1);
      expect(view.verified).toBe(true);
      expect(feature.integrated('T001')).toBe(fileAnswer('T001.txt', 'no more'));
      expect(feature.checked).toEqual(['T001-checks.1', 'T001-checks.2', 'result-checks.1']);
    },
  ));

test('a review task judges the branch as it stands; its findings become a commit', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        {
          match: { purpose: 'review', task: 'T002' },
          answers: [{ answer: rejection('T001.txt needs a second line.') }, { answer: approval }],
        },
        { match: { purpose: 'correct', task: 'T002' }, answer: fileAnswer('T001.txt', 'one\ntwo') },
        ...answersFor({ tasks: [task('T001'), task('T002', { type: 'review', dependsOn: ['T001'] })] }),
      ],
    },
    async (feature) => {
      await feature.handle.result();
      expect(feature.started.filter((call) => call.startsWith('T002'))).toEqual([
        'T002-review.1',
        'T002-correct.2',
        'T002-review.2',
      ]);
      expect(feature.integrated('T002')).toBe(fileAnswer('T001.txt', 'one\ntwo'));
    },
  ));

test('a stopped feature ends its calls and goes on where it stood', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        { match: { purpose: 'draft', task: 'T002', round: 1 }, hangs: true },
        ...answersFor({ tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] }),
      ],
    },
    async (feature) => {
      await feature.begins('T002-draft.1');
      await feature.app.stop();
      const stopped = await feature.reaches(
        'the stop',
        (view) => view.stopped && states(view).T002 === 'missing',
      );
      expect(feature.ended).toEqual(['T002-draft.1']);
      expect(states(stopped)).toEqual({ T001: 'done', T002: 'missing' });
      await feature.app.resume();
      await feature.handle.result();
      expect(states(await feature.view())).toEqual({ T001: 'done', T002: 'done' });
      expect(feature.repeated()).toEqual([]);
      await keepHistory(feature.handle, 'stopped-feature');
    },
  ));

test('stopped while somebody is told of a gate, a feature goes on when it is resumed', () => {
  let told = () => {};
  const notifying = new Promise<void>((resolve) => {
    told = resolve;
  });
  return features.play(
    {
      mode: 'interactive',
      answers: answersFor(one),
      config: { notify: 'tell', gates: { ...automatic, plan: 'ask' } },
      notifying,
    },
    async (feature) => {
      await until(() => feature.notified.length > 0, 'the notice');
      await feature.app.stop();
      await feature.reaches('the stop', (view) => view.stopped);
      await feature.app.resume();
      await feature.approve('plan');
      told();
      await feature.handle.result();
      expect(states(await feature.view())).toEqual({ T001: 'done' });
    },
  );
});

test('tasks can be added while others run, and what is done cannot be changed', () => {
  const tasks = [task('T001'), task('T002', { dependsOn: ['T001'] })];
  let edited = () => {};
  const after = new Promise<void>((resolve) => {
    edited = resolve;
  });
  return features.play(
    {
      mode: 'static',
      answers: [
        { match: { purpose: 'draft', task: 'T002' }, answer: fileAnswer('T002.txt', 'slow'), after },
        ...answersFor({ tasks }),
        { match: { purpose: 'draft', task: 'T003' }, answer: fileAnswer('T003.txt', 'added') },
      ],
    },
    async (feature) => {
      await feature.reaches('the first task', (view) => states(view).T001 === 'done');
      const changed = { tasks: [task('T001', { title: 'Other' }), ...tasks.slice(1)] };
      await expect(feature.app.editPlan(changed)).rejects.toMatchObject({
        code: 'refused',
        reason: { code: 'task-settled', params: { task: 'T001', state: 'done', change: 'change' } },
      });
      await feature.app.editPlan({ tasks: [...tasks, task('T003')] });
      edited();
      await feature.handle.result();
      expect(states(await feature.view())).toEqual({ T001: 'done', T002: 'done', T003: 'done' });
    },
  );
});

test('a decision for an earlier opening of a gate is reported, and has no effect', () =>
  features.play({ mode: 'interactive', answers: answersFor(one) }, async (feature) => {
    await feature.reaches('the plan gate', isOpen('plan'));
    await feature.reject('plan', 'Again, please.');
    await feature.reaches('the second plan gate', (view) =>
      view.gates.some((gate) => gate.gate === 'plan' && gate.number === 2),
    );
    await feature.handle.signal(signalNames.approve, { gate: 'plan', number: 1 });
    const ignored = await until(
      async () => (await feature.journal()).find((entry) => entry.kind === 'ignored'),
      'the report',
    );
    expect(ignored).toMatchObject({ reason: { code: 'decision-late' } });
    expect((await feature.view()).gates.map((gate) => gate.gate)).toEqual(['plan']);
  }));

test('a model call that nothing can mend stops the feature where it stands, and resuming goes on', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        { match: { purpose: 'plan', round: 1 }, error: { kind: 'refused', message: 'I will not.' } },
        ...answersFor(one),
      ],
    },
    async (feature) => {
      const view = await feature.reaches('the failure', (seen) => seen.phase === 'failed');
      expect(view.errors.at(-1)?.reason).toMatchObject({
        code: 'call-failed',
        params: { kind: 'refused', text: 'I will not.' },
      });
      await feature.app.resume();
      await feature.handle.result();
      expect(states(await feature.view())).toEqual({ T001: 'done' });
      expect(feature.started.filter((call) => call.startsWith('spec'))).toHaveLength(1);
    },
  ));

test('a stop that is sent before the plan is approved holds for the plan that is approved', () =>
  features.play(
    { mode: 'interactive', answers: answersFor({ tasks: [task('T001'), task('T002')] }) },
    async (feature) => {
      await feature.reaches('the plan gate', isOpen('plan'));
      await feature.stopTask('T002');
      await feature.approve('plan');
      const view = await feature.reaches('the first task', (seen) => states(seen).T001 === 'done');
      expect(states(view)).toEqual({ T001: 'done', T002: 'stopped' });
      await feature.app.retry('T002');
      await feature.reaches('the result gate', isOpen('result'));
    },
  ));

test('somebody is told of each opened gate, and Temporal shows names that a person understands', () =>
  features.play(
    {
      mode: 'interactive',
      answers: answersFor(one),
      config: { notify: 'tell', gates: { ...automatic, plan: 'ask' } },
    },
    async (feature) => {
      await until(() => feature.notified.length > 0, 'the notice');
      const reason = { code: 'plan-ready', params: { tasks: 1 } };
      expect(feature.notified).toMatchObject([{ gate: 'plan', number: 1, reason }]);
      const metadata = await feature.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
      expect(metadata.currentDetails).toContain(`**${feature.name}**: plan`);
      expect(metadata.currentDetails).toContain('waits at **plan**: plan ready: tasks 1');
      await feature.approve('plan');
      await feature.handle.result();
    },
  ));

test('in a folder that is no git repository nothing is integrated, and the result is unverified', () =>
  features.play(
    {
      mode: 'static',
      answers: answersFor({ tasks: [task('T001'), task('T002', { type: 'review', dependsOn: ['T001'] })] }),
      withoutGit: true,
    },
    async (feature) => {
      await feature.handle.result();
      const view = await feature.view();
      expect(states(view)).toEqual({ T001: 'done', T002: 'done' });
      expect(view.verified).toBe(false);
      expect(feature.branch()).toEqual([]);
      expect(feature.checked).toEqual([]);
    },
  ));
