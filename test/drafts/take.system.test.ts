import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { draftCall } from '../../src/domain/calls/call-key.js';
import { makeDraft } from '../../src/drafts/draft.js';
import { takeWorktree } from '../../src/drafts/take.js';
import { readAt } from '../../src/workspace/contents.js';
import { worktreePath } from '../../src/workspace/worktree.js';
import { makeFeature } from '../support/feature.js';

test('a draft that a person approves is taken as it stands in its worktree', async () => {
  const feature = await makeFeature({ 'a.txt': 'a\n' }, '```text path=new.txt\nnew\n```\n');
  const task = { id: 'T001', title: 'Do it', description: '', type: 'code' as const, dependsOn: [] };
  const { base, scope } = feature;
  const context = { spec: await feature.save('spec.md', '# Spec\n'), notes: [], checkCommands: [], base };
  const work = { task, attempt: 1, context };
  const call = draftCall({ model: 'claude', ask: 1 }, work);
  const draft = await makeDraft({ feature: 'feature', call, model: 'claude', ...work }, scope);
  if (!draft.ok) throw new Error(draft.problem);

  const input = { feature: 'feature', task, attempt: 1, draft };
  expect(await takeWorktree({ ...input, opening: 1 }, scope)).toMatchObject({
    changed: false,
    files: ['new.txt'],
  });
  await writeFile(join(worktreePath({ ...scope.input, task: 'T001' }), 'new.txt'), 'by hand\n');
  const taken = await takeWorktree({ ...input, opening: 2 }, scope);
  expect(taken).toMatchObject({ changed: true, base });
  expect(await readAt(feature.root, taken.commit ?? '', 'new.txt', 100)).toMatchObject({ text: 'by hand\n' });
});
