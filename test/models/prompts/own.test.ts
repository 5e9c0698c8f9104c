import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  builtIn,
  ownPromptProblems,
  ownPrompts,
  partNames,
  promptNames,
} from '../../../src/models/prompts/templates.js';
import { testFolder } from '../../support/source-process.js';

/** A folder of prompts. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(testFolder(), 'own-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const plan = () => readFile('src/models/prompts/plan.md', 'utf8');

test('every built-in prompt and part can be taken as the project’s own as it is', async () => {
  const names = [...promptNames, ...partNames];
  const texts = await Promise.all(names.map(async (name) => [`${name}.md`, await builtIn(name)] as const));
  const folder = await folderOf(Object.fromEntries(texts));
  expect(await ownPromptProblems(folder)).toEqual([]);
  expect(await ownPrompts(folder)).toEqual([...names].sort());
});

test('a project without prompts of its own has no problem with them', async () => {
  expect(await ownPromptProblems(join(testFolder(), 'nowhere'))).toEqual([]);
});

test('a file that is named otherwise, such as a README.md, is the project’s affair', async () => {
  const folder = await folderOf({ 'README.md': 'Why we changed them.', 'notes.txt': '' });
  expect(await ownPromptProblems(folder)).toEqual([]);
  expect(await ownPrompts(folder)).toEqual([]);
});

describe('told before anything is paid for is', () => {
  const cases: [string, (plan: string) => Record<string, string>, string[]][] = [
    ['the name of no prompt', () => ({ 'reviews.md': 'x' }), ['reviews.md has the name of no prompt.']],
    [
      'a slot that there is not',
      (text) => ({ 'plan.md': `${text}\n{{colour}}\n` }),
      ['plan.md uses the slot colour, which it does not have; it has spec, repository, files,'],
    ],
    [
      'a slot that it cannot do without',
      (text) => ({ 'plan.md': text.replace('{{reason}}', 'none') }),
      ['plan.md leaves out {{reason}}, which it cannot do without.'],
    ],
    [
      'a slot within a line',
      (text) => ({ 'plan.md': text.replace('\n{{spec}}', '\nIt is {{spec}}') }),
      ['plan.md has the slot spec within a line; it must stand alone in its own.'],
    ],
    [
      'an answer that cannot be read',
      (text) => ({ 'plan.md': text.replace('{{>plan-format}}', 'Answer with a JSON list of tasks.') }),
      ['plan.md does not ask for an answer that can be read: it must say title, as the built-in one does.'],
    ],
    [
      'a part that there is not',
      (text) => ({ 'plan.md': text.replace('{{>again}}', '{{>once-more}}') }),
      ['plan.md takes in once-more, which is no part; there are material,'],
    ],
    [
      'a section without an end',
      (text) => ({ 'plan.md': text.replace('{{/repository}}', '') }),
      ['plan.md has {{#files}} where {{/repository}} is missing.'],
    ],
    [
      'an end without a section',
      (text) => ({ 'plan.md': text.replace('{{#rejected}}', '') }),
      ['plan.md has {{/rejected}} where {{/rejected}} has no beginning.'],
    ],
    [
      'a section within a line',
      (text) => ({ 'plan.md': `${text} {{#spec}}x{{/spec}}` }),
      ['plan.md has {{/spec}} within a line; it must stand alone in its own.'],
    ],
    [
      'a part’s mistake, once',
      () => ({ 'review-format.md': 'Tell what you think.' }),
      ['review-format.md does not ask for an answer that can be read: it must say JSON, approved'],
    ],
  ];
  test.each(cases)('%s', async (_, files, expected) => {
    const folder = await folderOf(files(await plan()));
    const problems = await ownPromptProblems(folder);
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
    for (const problem of problems) expect(problem).toContain(folder);
  });

  test('a file that cannot be read', async () => {
    const folder = await folderOf({});
    await mkdir(join(folder, 'spec.md'));
    expect(await ownPromptProblems(folder)).toEqual([
      expect.stringContaining('spec.md cannot be read (EISDIR).'),
    ]);
  });
});
