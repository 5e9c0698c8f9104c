import { join } from 'node:path';
import { test } from '@jest/globals';
import { applyAnswer, snapshot } from '../../src/workspace/draft.js';
import { commitIntegration, findIntegrated, mergeDraft } from '../../src/workspace/integrate.js';
import { openFeatureRefs } from '../../src/workspace/repository.js';
import { prepareWorktree } from '../../src/workspace/worktree.js';
import { at, inTemporaryFolder, instance, makeProject } from './repositories.js';
const folder = inTemporaryFolder();
test('time', async () => {
  const { root, base } = await makeProject(join(folder(), 'p'));
  const times: Record<string, number[]> = {};
  const t = async <T>(n: string, w: () => Promise<T>) => { const s = performance.now(); const r = await w(); (times[n] ??= []).push(Math.round(performance.now() - s)); return r; };
  await openFeatureRefs(root, 'f', base);
  for (let i = 0; i < 5; i++) {
    const head = await t('open', () => openFeatureRefs(root, 'f', base));
    const wt = await t('prepare', () => prepareWorktree({ root, instance, feature: 'f', task: `T${i}` }, head));
    await t('prepareAgain', () => prepareWorktree({ root, instance, feature: 'f', task: `T${i}` }, head));
    await t('apply', () => applyAnswer(wt, { files: [{ path: `f${i}`, content: 'x' }], diffs: [] }));
    const { commit } = await t('snapshot', () => snapshot(wt, { root, ref: `refs/blueprint/f/T${i}/1`, parent: head, message: 'x', at }));
    await t('find', () => findIntegrated(root, { feature: 'f', task: `T${i}`, attempt: 1, base, head }));
    const m = await t('merge', () => mergeDraft(root, { head, base: head, draft: commit }));
    if (m.kind !== 'clean') throw new Error();
    await t('commit', () => commitIntegration(root, { feature: 'f', task: `T${i}`, attempt: 1, title: 'x', body: '', tree: m.tree, head, at }));
  }
  console.log(JSON.stringify(times, null, 1), process.platform);
});
