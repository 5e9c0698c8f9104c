/** What models are asked: the parts of the project that matter, within the size that a model takes. */

import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { draftCall, planCall, reviewCall, specCall } from '../../src/domain/calls/call-key.js';
import { makeDraft } from '../../src/drafts/draft.js';
import { reviewDraft } from '../../src/drafts/review.js';
import { parseReview } from '../../src/models/answers/review.js';
import { makePlan } from '../../src/planning/plan.js';
import { writeSpec } from '../../src/planning/spec.js';
import { makeFeature, type TestFeature } from '../support/feature.js';
import { git } from '../support/project.js';

const plan = JSON.stringify({
  tasks: [{ id: 'T001', title: 'Do it', description: '', type: 'code', dependsOn: [] }],
});
const filler = (bytes: number): string =>
  'Words, and more words. '.repeat(Math.ceil(bytes / 23)).slice(0, bytes);

/** Drafts a code task. */
async function draft(feature: TestFeature, description: string, spec = '# Spec\n'): Promise<string> {
  const task = { id: 'T001', title: 'Do it', description, type: 'code' as const, dependsOn: [] };
  const context = {
    spec: await feature.save('spec.md', spec),
    notes: [],
    checkCommands: ['npm test'],
    featureBase: feature.base,
    base: feature.base,
  };
  const model = 'deepseek';
  const work = { task, attempt: 1, context };
  const call = draftCall({ model, ask: 1 }, work);
  await makeDraft({ feature: 'feature', call, model, ...work }, feature.scope);
  return feature.prompt('T001-draft');
}

const fileAnswer = '```text path=new.txt\nnew\n```\n';

describe('the coder is shown', () => {
  test('the files that its task names, their tests, what they import, and the rules of their folders', async () => {
    const feature = await makeFeature(
      {
        'AGENTS.md': 'Root rule.\n',
        'src/AGENTS.md': 'Rule of src.\n',
        'src/run.js': "import { parse } from './args.js';\nrun body\n",
        'src/args.js': 'args body\n',
        'src/other.js': 'other body\n',
        'test/run.test.js': 'run test body\n',
        'docs/AGENTS.md': 'Rule of docs.\n',
      },
      fileAnswer,
    );
    const prompt = await draft(feature, 'Change `src/run.js`.');
    for (const shown of ['Root rule.', 'Rule of src.', 'run body', 'args body', 'run test body'])
      expect(prompt).toContain(shown);
    // Of the rest, that it is there.
    expect(prompt).toContain('src/other.js');
    for (const not of ['other body', 'Rule of docs.']) expect(prompt).not.toContain(not);
  });

  test('what was left out, where the project is too large', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`src/f${index}.js`, `// ${filler(30_000)}\n`]),
    );
    const feature = await makeFeature(files, fileAnswer, { maxContentChars: {} });
    const prompt = await draft(feature, Object.keys(files).join(', '));
    expect(prompt).toContain('``` path=src/f0.js\n');
    expect(prompt).toMatch(
      /\[Left out, because there is no room for it in this message: .*src\/f20\.js.* more\.\]/,
    );
    // The limits of the files, and room for the instructions and the list.
    expect(Buffer.byteLength(prompt)).toBeLessThan(140_000);
  });

  test('a long file in part, and told so', async () => {
    const feature = await makeFeature({ 'long.txt': `${'a line of text\n'.repeat(10_000)}` }, fileAnswer);
    expect(await draft(feature, 'Change long.txt.')).toContain(
      '\n```\n[The rest of this file is left out: it is too long.]',
    );
  });
});

describe('a prompt has the length that its model takes', () => {
  const files = { 'a.txt': filler(30_000), 'b.txt': filler(30_000), 'README.md': filler(10_000) };

  test.each([200_000, 60_000, 20_000, 9_000])('%d bytes', async (maxPromptBytes) => {
    const feature = await makeFeature(files, fileAnswer, { models: { deepseek: { maxPromptBytes } } });
    const spec = `# Spec\n\n${filler(1_000)} END OF SPEC\n`;
    const prompt = await draft(feature, 'Change a.txt and b.txt. END OF TASK', spec);
    expect(Buffer.byteLength(prompt)).toBeLessThanOrEqual(maxPromptBytes);
    // The work itself is never cut, and what is left out is named.
    expect(prompt).toContain('END OF SPEC');
    expect(prompt).toContain('END OF TASK');
    for (const name of ['a.txt', 'b.txt'])
      expect(prompt.includes(`path=${name}\n`) || /Left out.*\.txt/.test(prompt)).toBe(true);
    expect(await feature.started()).toBe(1);
  });

  test('the material by itself is no longer than the content that the model is given at most', async () => {
    const feature = await makeFeature(files, fileAnswer, { maxContentChars: { deepseek: 40_000 } });
    const prompt = await draft(feature, 'Change a.txt and b.txt.');
    expect(prompt).toContain('path=a.txt\n');
    expect(prompt).toMatch(/Left out.*b\.txt/);
  });
});

describe('nothing is sent that is too long by itself', () => {
  // As the vendors' commands take it: gemini cuts at 8 MiB without a word, claude refuses 10 MB.
  test.each([8_000_000, 12_000_000])('a specification of %d bytes', async (bytes) => {
    const models = { deepseek: { maxPromptBytes: 7_900_000 }, claude: { maxPromptBytes: 9_900_000 } };
    const feature = await makeFeature({}, plan, { models });
    const spec = await feature.save('spec.md', filler(bytes));
    const ask = (model: 'deepseek' | 'claude') =>
      makePlan(
        { feature: 'feature', call: planCall({ model, ask: 1 }, 1, { spec }), model, spec },
        feature.scope,
      );
    await expect(ask('deepseek')).rejects.toMatchObject({
      kind: 'context-too-long',
      final: true,
      message: expect.stringMatching(
        /^The prompt has \d+ bytes; DeepSeek takes at most 7900000\. Nothing was sent\.$/,
      ),
    });
    expect(await feature.started()).toBe(0);
    // Another model may take it; the workflow asks the next one.
    const other = ask('claude');
    if (bytes < 9_900_000) await expect(other).resolves.toMatchObject({ ok: true });
    else await expect(other).rejects.toMatchObject({ kind: 'context-too-long' });
    expect(await feature.started()).toBe(bytes < 9_900_000 ? 1 : 0);
  });
});

test('a model without tools is told so, and is shown the files that the brief names', async () => {
  const feature = await makeFeature({ 'src/run.js': 'run body\n' }, '# Spec\n');
  const brief = await feature.save('brief.md', 'Make run.js faster.\n');
  const call = specCall({ model: 'claude', ask: 1 }, 1, { brief });
  await writeSpec({ feature: 'feature', call, model: 'claude', brief }, feature.scope);
  const prompt = await feature.prompt('spec');
  expect(prompt).toContain('You have no tools');
  expect(prompt).toContain('run body');
  // What is not committed is not there for anybody.
  expect(await git(feature.root, 'worktree', 'list')).not.toContain('_read');
});

test('a review is shown the change by its files, the diff before all else', async () => {
  const feature = await makeFeature(
    { 'a.txt': 'a\n' },
    JSON.stringify({ approved: true, feedback: '', corrections: [] }),
    {
      models: { codex: { maxPromptBytes: 60_000 } },
    },
  );
  const before = feature.base;
  await writeFile(`${feature.root}/a.txt`, 'changed\n');
  for (const name of ['b', 'c', 'd']) await writeFile(`${feature.root}/${name}.txt`, `${filler(22_000)}\n`);
  await git(feature.root, 'add', '--all');
  await git(feature.root, 'commit', '--quiet', '--message=Change');
  const commit = await git(feature.root, 'rev-parse', 'HEAD');
  const task = { id: 'T001', title: 'Do it', description: 'All.', type: 'code' as const, dependsOn: [] };
  const context = {
    spec: await feature.save('spec.md', '# Spec\n'),
    notes: [],
    checkCommands: [],
    base: before,
  };
  const draftOf = { commit, base: before, files: [], outputs: [] };
  const work = { task, attempt: 1, context, draft: draftOf, checks: [] };
  const call = reviewCall({ model: 'codex', ask: 1 }, work);
  const result = await reviewDraft({ feature: 'feature', call, model: 'codex', ...work }, feature.scope);
  expect(result).toMatchObject({ ok: true, review: { approved: true } });
  const prompt = await feature.prompt('T001-review');
  expect(prompt).toContain('+changed\n');
  expect(prompt).toContain('+++ b/b.txt\n');
  expect(prompt).toContain('+++ b/c.txt\n');
  expect(prompt).not.toContain('+++ b/d.txt\n');
  expect(prompt).toMatch(/Left out.*: d\.txt\.\]/);
  expect(Buffer.byteLength(prompt)).toBeLessThanOrEqual(60_000);
  expect(parseReview(prompt).ok).toBe(true);
});
