/** Races and the integration: whose draft wins, what is ended when the outcome is certain, and what is sent back. */
import { expect, test } from '@jest/globals';
import type { ConfigInput } from '../../src/domain/config/schema.js';
import type { ModelName } from '../../src/domain/vocabulary.js';
import { keepHistory } from '../support/histories.js';
import { answersFor, fileAnswer, task } from '../support/project.js';
import { stubbedFeatures } from '../support/stubs/features.js';
import type { StubEntry } from '../support/stubs/script.js';

const features = stubbedFeatures();

const one = { tasks: [task('T001')] };
const config: ConfigInput = {
  checks: [
    { name: 'bugs', command: 'find-bugs' },
    { name: 'todos', command: 'find-todos' },
  ],
  race: { code: ['deepseek', 'gemini'] },
};
const breaks = (text: string) => [
  ...(text.includes('BUG') ? ['bugs'] : []),
  ...(text.includes('TODO') ? ['todos'] : []),
];
const draftOf = (id: string, model: ModelName, text: string): StubEntry => ({
  match: { purpose: 'draft', task: id, model },
  answer: fileAnswer(`${id}.txt`, text),
});

test('the draft that the checks pass for wins; of several the supervisor chooses, and says why', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        draftOf('T001', 'deepseek', 'a BUG'),
        draftOf('T001', 'gemini', 'fine'),
        draftOf('T002', 'gemini', 'longer'),
        { match: { purpose: 'compare' }, answer: { selected: 'gemini', reasoning: 'It says more.' } },
        ...answersFor({ tasks: [task('T001'), task('T002')] }),
      ],
      config,
      breaks,
    },
    async (feature) => {
      await feature.handle.result();
      const races = (await feature.journal()).filter((entry) => entry.kind === 'race');
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
      expect(feature.integrated('T001')).toBe(fileAnswer('T001.txt', 'fine'));
      expect(feature.integrated('T002')).toBe(fileAnswer('T002.txt', 'longer'));
      await keepHistory(feature.handle, 'race', ['T001/1', 'T002/1']);
    },
  ));

test('where the checks pass for no draft, the one that breaks fewer is corrected', () =>
  features.play(
    {
      mode: 'static',
      answers: [
        draftOf('T001', 'deepseek', 'a BUG and a TODO'),
        draftOf('T001', 'gemini', 'a TODO'),
        { match: { purpose: 'correct', contains: 'a TODO' }, answer: fileAnswer('T001.txt', 'done') },
        ...answersFor(one),
      ],
      config,
      breaks,
    },
    async (feature) => {
      await feature.handle.result();
      const journal = await feature.journal();
      expect(journal.find((entry) => entry.kind === 'race')).toMatchObject({
        selected: 'gemini',
        judgedBy: 'checks',
      });
      expect(journal.some((entry) => entry.kind === 'route' && entry.purpose === 'compare')).toBe(false);
      expect(feature.integrated('T001')).toBe(fileAnswer('T001.txt', 'done'));
    },
  ));

test('a draft that passes does not wait for one whose model has used its quota up', async () => {
  const resetAt = (await features.now()) + 5 * 86_400_000;
  await features.play(
    {
      mode: 'static',
      answers: [
        {
          match: { purpose: 'draft', task: 'T001', model: 'deepseek' },
          error: { kind: 'quota', message: 'Used up.', resetAt },
        },
        draftOf('T001', 'gemini', 'fine'),
        ...answersFor(one),
      ],
      config,
      breaks,
    },
    async (feature) => {
      await feature.handle.result();
      const journal = await feature.journal();
      const race = journal.find((entry) => entry.kind === 'race');
      expect(race).toMatchObject({ selected: 'gemini', reason: { code: 'only-draft' } });
      // By the workflow's clock, for which the server skips days where a timer is all that there is to wait for.
      expect((race?.at ?? 0) - (journal[0]?.at ?? 0)).toBeLessThan(86_400_000);
      expect(feature.integrated('T001')).toBe(fileAnswer('T001.txt', 'fine'));
    },
  );
});

test('a draft that conflicts with what another task has put on the branch is sent back with it, and comes again', () => {
  let first = () => {};
  const after = new Promise<void>((resolve) => {
    first = resolve;
  });
  return features.play(
    {
      mode: 'static',
      answers: [
        { match: { purpose: 'draft', task: 'T002' }, answer: fileAnswer('README.md', '# Two'), after },
        {
          match: { purpose: 'correct', task: 'T002', contains: 'both write the first line' },
          answer: fileAnswer('README.md', '# One and two'),
        },
        ...answersFor({ tasks: [task('T001'), task('T002')] }),
      ],
      integrate: (_, text) =>
        text.includes('# Two') ? { kind: 'conflict', details: 'both write the first line' } : undefined,
    },
    async (feature) => {
      await feature.reaches('the first task', (view) => view.tasks[0]?.state === 'done');
      first();
      await feature.handle.result();
      expect(feature.branch()).toEqual(['Write T001', 'Write T002']);
      expect(feature.integrated('T002')).toBe(fileAnswer('README.md', '# One and two'));
      const conflict = (await feature.journal()).find((entry) => entry.kind === 'conflict');
      expect(conflict).toMatchObject({ task: 'T002', reason: { code: 'conflict' } });
      await keepHistory(feature.handle, 'conflict', ['T002/1', 'T002/2']);
    },
  );
});

test('a draft that is sent back again and again is left to a person', () =>
  features.play(
    {
      mode: 'static',
      answers: answersFor(one),
      integrate: () => ({ kind: 'conflict', details: 'always' }),
    },
    async (feature) => {
      const view = await feature.reaches('a person', (seen) => seen.waiting !== undefined);
      expect(view.tasks.map(({ state }) => state)).toEqual(['failed']);
      expect(view.gates.map(({ gate }) => gate)).toEqual(['T001']);
      // The first draft, and three corrections that came to the same.
      expect(view.tasks[0]?.round).toBe(4);
      expect(feature.branch()).toEqual([]);
    },
  ));
