/** What people decide, and what follows from it. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { signalNames } from '../../src/domain/feature/protocol.js';
import type { FeatureView } from '../../src/domain/journal/view.js';
import { readJournal } from '../../src/feature/journal.js';
import { reasonText } from '../../src/present/reasons.js';
import { runs, until } from '../support/calls.js';
import { keepHistory } from '../support/histories.js';
import {
  answersFor,
  approval,
  fileAnswer,
  git,
  ledgerOf,
  makeProject,
  rejection,
  repeatedCalls,
  task,
} from '../support/project.js';
import { type TimeSkippedFeature, withFeature } from '../support/time-skipped-feature.js';
import { createTimeSkipping } from '../support/time-skipping.js';

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  environment = await createTimeSkipping();
}, 120_000);
afterAll(() => environment.teardown());

const automatic = { spec: 'auto', plan: 'auto', task: 'ask', result: 'auto' } as const;
const isOpen = (gate: string) => (view: FeatureView) => view.gates.some((open) => open.gate === gate);
const isWaiting = (view: FeatureView) => view.waiting !== undefined;
const states = (view: FeatureView) => Object.fromEntries(view.tasks.map((one) => [one.id, one.state]));

const decide = ({ app }: TimeSkippedFeature) => ({
  approve: (gate: string, message?: string) => app.approve({ gate, message }),
  reject: (gate: string, message: string) => app.reject({ gate, message }),
});

test('a spec that is rejected at the plan gate is written again, and new tasks come from it', async () => {
  const first = { tasks: [task('T001')] };
  const second = { tasks: [task('T001', { title: 'Say it in blue' })] };
  const { root, script } = await makeProject([
    { match: { purpose: 'spec', contains: 'make it blue' }, answer: '# The blue specification' },
    { match: { purpose: 'plan', contains: 'blue specification' }, answer: second },
    { match: { purpose: 'refine', contains: 'blue specification' }, answer: second },
    ...answersFor(first),
  ]);
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    const { approve: say, reject: refuse } = decide(feature);
    await feature.reaches('the plan gate', isOpen('plan'));
    await refuse('spec', 'make it blue');
    const view = await feature.reaches('the new plan', (seen) => seen.tasks[0]?.title === 'Say it in blue');
    expect(view.phase).toBe('plan');
    expect(await readFile(join(feature.directory, 'spec.md'), 'utf8')).toContain('blue');
    await feature.reaches('the plan gate', isOpen('plan'));
    await say('plan');
    await feature.reaches('the result gate', isOpen('result'));
    await say('result');
    await feature.handle.result();
    await keepHistory(feature.handle, 'rejected-spec');
  });
}, 120_000);

test('a result that is rejected becomes a task with the reason as its description', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(
    [
      {
        match: { purpose: 'draft', task: 'T002', contains: 'the greeting is missing' },
        answer: fileAnswer('greeting.txt', 'hello'),
      },
      ...answersFor(plan),
    ],
    { gates: { ...automatic, result: 'ask' } },
  );
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    const { approve: say, reject: refuse } = decide(feature);
    await feature.reaches('the result gate', isOpen('result'));
    await refuse('result', 'the greeting is missing');
    await feature.reaches('the second result gate', (view) =>
      view.gates.some((gate) => gate.gate === 'result' && gate.number === 2),
    );
    await say('result');
    await feature.handle.result();
    expect(await git(root, 'show', 'blueprint/feature:greeting.txt')).toBe('hello');
  });
}, 120_000);

test('answers that are no plan are asked for again twice; then the plan gate waits, and a plan by hand goes on', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject([
    {
      match: { purpose: 'plan' },
      answers: [
        { answer: 'I would rather not.' },
        { answer: { tasks: [task('T001', { dependsOn: ['T009'] })] } },
        { answer: { tasks: [] } },
      ],
    },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const view = await feature.reaches('the plan gate', isOpen('plan'));
    expect(view.errors.map((error) => reasonText(error.reason))).toEqual([
      expect.stringContaining('Failed to parse tasks JSON'),
      expect.stringContaining('T009, which does not exist'),
      expect.stringContaining('no tasks'),
    ]);
    const calls = (await ledgerOf(root, 'feature')).filter((line) => line.event === 'start');
    expect(calls.filter((line) => line.call.startsWith('plan'))).toHaveLength(3);
    await expect(decide(feature).approve('plan')).rejects.toThrow('no tasks.json');
    await writeFile(join(feature.directory, 'tasks.json'), JSON.stringify(plan));
    await decide(feature).approve('plan');
    await feature.handle.result();
    expect(states(await feature.view())).toEqual({ T001: 'done' });
  });
}, 120_000);

test('a refinement that is no plan leaves the original tasks, with a warning', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject([
    { match: { purpose: 'refine' }, answer: 'Looks fine to me.' },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    expect(view.warnings[0]?.reason.code).toBe('refinement-failed');
    expect(states(view)).toEqual({ T001: 'done' });
  });
}, 120_000);

test('questions that the spec leaves open are asked, and the answers go into the spec', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(
    [
      {
        match: { purpose: 'spec' },
        answer: '# Spec\n\n## Open questions\n\n- Which colour?\n',
      },
      ...answersFor(plan),
    ],
    { gates: automatic },
  );
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    await feature.reaches('the spec gate', isOpen('spec'));
    await decide(feature).approve('spec', 'Blue.');
    await feature.handle.result();
    expect(await readFile(join(feature.directory, 'spec.md'), 'utf8')).toContain('## Answers\n\nBlue.');
  });
}, 120_000);

test('static mode leaves what the review did not approve failed, and a rejection buys one more round', async () => {
  const plan = { tasks: [task('T001'), task('T002', { dependsOn: ['T001'] }), task('T003')] };
  const { root, script } = await makeProject(
    [
      {
        match: { purpose: 'correct', task: 'T001', contains: 'begin with a capital' },
        answer: fileAnswer('T001.txt', 'Better'),
      },
      {
        match: { purpose: 'review', task: 'T001', contains: 'Better' },
        answer: approval,
      },
      { match: { purpose: 'review', task: 'T001' }, answer: rejection('No.') },
      ...answersFor(plan),
    ],
    { maxIterations: 1 },
  );
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const view = await feature.reaches('the wait for a person', isWaiting);
    expect(states(view)).toEqual({ T001: 'failed', T002: 'blocked', T003: 'done' });
    await decide(feature).reject('T001', 'begin with a capital');
    await feature.handle.result();
    expect(states(await feature.view())).toEqual({ T001: 'done', T002: 'done', T003: 'done' });
    expect(await git(root, 'show', 'blueprint/feature:T001.txt')).toBe('Better');
    await keepHistory(feature.handle, 'static-failed-then-rejected', ['T001/1', 'T001/2']);
  });
}, 120_000);

test('a draft that breaks the checks is corrected, even where the review approves it', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject([
    { match: { purpose: 'draft', task: 'T001' }, answer: fileAnswer('T001.txt', 'a BUG') },
    {
      match: { purpose: 'correct', task: 'T001', contains: 'a BUG' },
      answer: fileAnswer('T001.txt', 'no more'),
    },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    expect(view.tasks[0]?.iterations).toBe(1);
    expect(view.verified).toBe(true);
    expect(await git(root, 'show', 'blueprint/feature:T001.txt')).toBe('no more');
  });
}, 120_000);

test('in a race the draft that the checks pass for wins, and the choice is journaled with its reason', async () => {
  const plan = { tasks: [task('T001'), task('T002')] };
  const { root, script } = await makeProject(
    [
      {
        match: { purpose: 'draft', task: 'T001', model: 'deepseek' },
        answer: fileAnswer('T001.txt', 'a BUG'),
      },
      { match: { purpose: 'draft', task: 'T001', model: 'gemini' }, answer: fileAnswer('T001.txt', 'fine') },
      {
        match: { purpose: 'draft', task: 'T002', model: 'gemini' },
        answer: fileAnswer('T002.txt', 'longer'),
      },
      { match: { purpose: 'compare' }, answer: { selected: 'gemini', reasoning: 'It says more.' } },
      ...answersFor(plan),
    ],
    { race: { code: ['deepseek', 'gemini'] } },
  );
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    const races = (await readJournal(feature.directory)).filter((entry) => entry.kind === 'race');
    expect(races).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ task: 'T001', selected: 'gemini', judgedBy: 'checks' }),
        expect.objectContaining({
          task: 'T002',
          selected: 'gemini',
          judgedBy: 'supervisor',
          reason: { code: 'judged-better', params: { text: 'It says more.' } },
        }),
      ]),
    );
    expect(await git(root, 'show', 'blueprint/feature:T001.txt')).toBe('fine');
    expect(await git(root, 'show', 'blueprint/feature:T002.txt')).toBe('longer');
    await keepHistory(feature.handle, 'race', ['T001/1', 'T002/1']);
  });
}, 120_000);

test('two tasks that change the same lines: the second is sent back with the conflict, and comes again', async () => {
  const plan = { tasks: [task('T001'), task('T002')] };
  const { root, script } = await makeProject([
    { match: { purpose: 'draft', task: 'T001' }, answer: fileAnswer('README.md', '# One') },
    { match: { purpose: 'draft', task: 'T002' }, answer: fileAnswer('README.md', '# Two'), delayMs: 1_500 },
    {
      match: { purpose: 'correct', task: 'T002', contains: 'conflict' },
      answer: fileAnswer('README.md', '# One and two'),
    },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    expect(await git(root, 'show', 'blueprint/feature:README.md')).toBe('# One and two');
    expect((await git(root, 'log', '--format=%s', 'main..blueprint/feature')).split('\n')).toEqual([
      'Write T002',
      'Write T001',
    ]);
    await keepHistory(feature.handle, 'conflict', ['T002/1', 'T002/2']);
  });
}, 120_000);

test('a review task judges the branch as it stands; its findings become a commit', async () => {
  const plan = { tasks: [task('T001'), task('T002', { type: 'review', dependsOn: ['T001'] })] };
  const { root, script } = await makeProject([
    {
      match: { purpose: 'review', task: 'T002' },
      answers: [{ answer: rejection('T001.txt needs a second line.') }, { answer: approval }],
    },
    { match: { purpose: 'correct', task: 'T002' }, answer: fileAnswer('T001.txt', 'one\ntwo') },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    expect(await git(root, 'show', 'blueprint/feature:T001.txt')).toBe('one\ntwo');
  });
}, 120_000);

test('a review task with nothing to review fails and says so', async () => {
  const plan = { tasks: [task('T001', { type: 'review' })] };
  const { root, script } = await makeProject(answersFor(plan));
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const view = await feature.reaches('the wait for a person', isWaiting);
    expect(view.tasks[0]?.reason).toMatchObject({ params: { text: 'No code files found to review' } });
  });
}, 120_000);

test('a stopped feature leaves no process and goes on where it stood', async () => {
  const plan = { tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] };
  const { root, script } = await makeProject([
    {
      match: { purpose: 'draft', task: 'T002', round: 1 },
      answer: 'never',
      delayMs: 600_000,
    },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const draft = await until(
      async () => (await ledgerOf(root, 'feature')).find((line) => line.call.startsWith('T002-draft')),
      'the draft',
    );
    await feature.app.stop();
    await until(() => !runs(draft.pid), 'the end of the call');
    const stopped = await feature.reaches(
      'the stop',
      (view) => view.stopped && states(view).T002 === 'missing',
    );
    expect(states(stopped)).toEqual({ T001: 'done', T002: 'missing' });
    await feature.app.resume();
    await feature.handle.result();
    expect(states(await feature.view())).toEqual({ T001: 'done', T002: 'done' });
    expect(await repeatedCalls(root, 'feature')).toEqual([]);
    await keepHistory(feature.handle, 'stopped-feature');
  });
}, 120_000);

test('stopped while somebody is told of a gate, a feature goes on when it is resumed', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(answersFor(plan), {
    notify: 'echo told >>.git/told; exec sleep 3',
    gates: { ...automatic, plan: 'ask' },
  });
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    await until(async () => readFile(join(root, '.git', 'told'), 'utf8').catch(() => ''));
    await feature.app.stop();
    await feature.reaches('the stop', (view) => view.stopped);
    await feature.app.resume();
    await decide(feature).approve('plan');
    await feature.handle.result();
    expect(states(await feature.view())).toEqual({ T001: 'done' });
  });
}, 120_000);

test('tasks can be added while others run, and what is done cannot be changed', async () => {
  const plan = { tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] };
  const { root, script } = await makeProject([
    { match: { purpose: 'draft', task: 'T002' }, answer: fileAnswer('T002.txt', 'slow'), delayMs: 3_000 },
    ...answersFor(plan),
    { match: { purpose: 'draft', task: 'T003' }, answer: fileAnswer('T003.txt', 'added') },
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.reaches('the first task', (view) => states(view).T001 === 'done');
    const edit = (tasks: (typeof plan)['tasks']) => feature.app.editPlan({ tasks });
    await expect(edit([task('T001', { title: 'Other' }), ...plan.tasks.slice(1)])).rejects.toMatchObject({
      code: 'refused',
      reason: { code: 'task-settled', params: { task: 'T001', state: 'done', change: 'change' } },
    });
    await edit([...plan.tasks, task('T003')]);
    await feature.handle.result();
    expect(states(await feature.view())).toEqual({ T001: 'done', T002: 'done', T003: 'done' });
  });
}, 120_000);

test('a decision for an earlier opening of a gate is reported and not obeyed', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(answersFor(plan));
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    await feature.reaches('the plan gate', isOpen('plan'));
    await decide(feature).reject('plan', 'Again, please.');
    await feature.reaches('the second plan gate', (view) =>
      view.gates.some((gate) => gate.gate === 'plan' && gate.number === 2),
    );
    await feature.handle.signal(signalNames.approve, { gate: 'plan', number: 1 });
    const journal = await until(async () => {
      const entries = await readJournal(feature.directory);
      return entries.some((entry) => entry.kind === 'ignored') ? entries : undefined;
    }, 'the report');
    expect(journal.find((entry) => entry.kind === 'ignored')).toMatchObject({
      reason: { code: 'decision-late' },
    });
    expect((await feature.view()).gates.map((gate) => gate.gate)).toEqual(['plan']);
    await feature.handle.terminate();
  });
}, 120_000);

test('a model call that nothing can mend stops the feature where it stands, and resuming goes on', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject([
    { match: { purpose: 'plan', round: 1 }, error: { kind: 'refused', message: 'I will not.' } },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    const view = await feature.reaches('the failure', (seen) => seen.phase === 'failed');
    expect(view.errors.at(-1)?.reason).toMatchObject({
      code: 'call-failed',
      params: { text: expect.stringContaining('I will not.') },
    });
    await feature.app.resume();
    await feature.handle.result();
    expect(states(await feature.view())).toEqual({ T001: 'done' });
    const specs = (await ledgerOf(root, 'feature')).filter(
      (line) => line.event === 'start' && line.call.startsWith('spec'),
    );
    expect(specs).toHaveLength(1);
  });
}, 120_000);

test('a stop that is sent before the plan is approved holds for the plan that is approved', async () => {
  const plan = { tasks: [task('T001'), task('T002')] };
  const { root, script } = await makeProject(answersFor(plan));
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    await feature.reaches('the plan gate', isOpen('plan'));
    await feature.handle.signal(signalNames.stopTask, { task: 'T002' });
    await decide(feature).approve('plan');
    const view = await feature.reaches('the wait for a person', (seen) => states(seen).T001 === 'done');
    expect(states(view)).toEqual({ T001: 'done', T002: 'stopped' });
    await feature.app.retry('T002');
    await feature.reaches('the result gate', isOpen('result'));
    await feature.handle.terminate();
  });
}, 120_000);

test('a feature whose workflow is gone goes on from what was approved and integrated', async () => {
  const plan = { tasks: [task('T001'), task('T002', { dependsOn: ['T001'] })] };
  const { root, script } = await makeProject([
    {
      match: { purpose: 'draft', task: 'T002' },
      answers: [{ answer: fileAnswer('T002.txt', 'written'), delayMs: 5_000 }],
    },
    ...answersFor(plan),
  ]);
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.reaches('the second task', (view) => states(view).T002 === 'running');
    await feature.handle.terminate();
    await feature.app.resume();
    await feature.handle.client.getHandle(feature.handle.workflowId).result();
    const view = await feature.view();
    expect(states(view)).toEqual({ T001: 'done', T002: 'done' });
    expect((await git(root, 'log', '--format=%s', 'main..blueprint/feature')).split('\n')).toEqual([
      'Write T002',
      'Write T001',
    ]);
    const made = (await ledgerOf(root, 'feature')).filter((line) => line.event === 'start');
    expect(made.filter((line) => line.call.startsWith('spec'))).toHaveLength(1);
    expect(made.filter((line) => line.call.startsWith('T001-draft'))).toHaveLength(1);
  });
}, 120_000);

test('each opened gate is told to the command of the configuration, and Temporal shows names a person understands', async () => {
  const plan = { tasks: [task('T001')] };
  const { root, script } = await makeProject(answersFor(plan), {
    notify: 'cat >>.git/told; echo >>.git/told',
    gates: { ...automatic, plan: 'ask' },
  });
  await withFeature(environment, { root, script }, 'interactive', async (feature) => {
    const told = await until(async () => readFile(join(root, '.git', 'told'), 'utf8').catch(() => ''));
    expect(JSON.parse(told.split('\n')[0] ?? '')).toMatchObject({
      feature: 'feature',
      gate: 'plan',
      number: 1,
      reason: { code: 'plan-ready', params: { tasks: 1 } },
      text: 'plan ready: tasks 1',
    });
    const metadata = await feature.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('**feature**: plan');
    expect(metadata.currentDetails).toContain('waits at **plan**: plan ready: tasks 1');
    await decide(feature).approve('plan');
    await feature.handle.result();
  });
}, 120_000);

test('in a folder that is no git repository the drafts stay in partial/ and the result is unverified', async () => {
  const plan = { tasks: [task('T001'), task('T002', { type: 'review', dependsOn: ['T001'] })] };
  const { root, script } = await makeProject(answersFor(plan));
  await rm(join(root, '.git'), { recursive: true });
  await withFeature(environment, { root, script }, 'static', async (feature) => {
    await feature.handle.result();
    const view = await feature.view();
    expect(states(view)).toEqual({ T001: 'done', T002: 'done' });
    expect(view.verified).toBe(false);
    expect(await readFile(join(feature.directory, 'partial', 'T001_code.txt'), 'utf8')).toBe(
      'draft of T001\n',
    );
  });
}, 120_000);
