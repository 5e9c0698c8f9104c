/** The worker is killed (kill -9) around every single git command, and wherever a moment falls, and starts again. */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { inTemporaryFolder } from '../support/folders.js';
import { checkoutFingerprint, instance, sampleRepository } from '../support/repository.js';
import { runSource } from '../support/source-process.js';

const folder = inTemporaryFolder();
const feature = 'dark-mode';
let project: Awaited<ReturnType<typeof sampleRepository>>;

/** Two tasks from draft to branch, as the activities do it: all of it is done again after a kill. */
const work = (root: string, base: string) => `
import { prepareWorktree } from './src/workspace/worktree.js';
import { applyAnswer, snapshot } from './src/workspace/draft.js';
import { commitIntegration, findIntegrated, mergeDraft } from './src/workspace/integrate.js';
import { openFeatureRefs } from './src/workspace/repository.js';
const [root, base, feature, at] = [${JSON.stringify(root)}, ${JSON.stringify(base)}, '${feature}', 1700000000000];
for (const task of ['T001', 'T002']) {
  const head = await openFeatureRefs(root, feature, base);
  const worktree = await prepareWorktree({ root, instance: '${instance}', feature, task }, base);
  const diff = '--- a/src/a.js\\n+++ b/src/a.js\\n@@ -1,2 +1,2 @@\\n-export const a = 1;\\n+export const a = 2;\\n \\n';
  const answer = { files: [{ path: task + '.txt', content: task }], diffs: task === 'T001' ? [diff] : [] };
  await applyAnswer(worktree, answer);
  const ref = 'refs/blueprint/' + feature + '/' + task + '/1';
  const { commit } = await snapshot(worktree, { root, ref, parent: base, message: task, at });
  if (await findIntegrated(root, { feature, task, attempt: 1, base, head })) continue;
  const merge = await mergeDraft(root, { head, base, draft: commit });
  if (merge.kind !== 'clean') throw new Error(JSON.stringify(merge));
  await commitIntegration(root, { feature, task, attempt: 1, title: task, body: '', tree: merge.tree, head, at });
}
console.log('finished');
`;

beforeEach(async () => {
  project = await sampleRepository(join(folder(), 'project'));
});

const start = (environment: Record<string, string> = {}) =>
  runSource(work(project.root, project.base), { env: environment, reject: false });

/** One commit for each task, in a line, with what the drafts hold; nothing half-made is left. */
async function expectWhole(): Promise<void> {
  const branch = `blueprint/${feature}`;
  expect(await project.git('log', '--reverse', '--format=%s', `${project.base}..${branch}`)).toBe(
    'T001\nT002',
  );
  expect(await project.git('rev-list', '--min-parents=2', branch)).toBe('');
  expect(await project.git('rev-parse', `refs/blueprint/${feature}/head`)).toBe(
    await project.git('rev-parse', branch),
  );
  expect(await project.git('diff', '--name-only', project.base, branch)).toBe('T001.txt\nT002.txt\nsrc/a.js');
  expect(await project.git('show', `${branch}:src/a.js`)).toContain('a = 2');
  expect((await project.git('worktree', 'list')).split('\n')).toHaveLength(3);
  expect(await project.git('fsck', '--strict', '--no-dangling')).toBe('');
}

/** A git that kills its parent, the worker, before or after the command whose turn it is. */
async function killingGit(): Promise<Record<string, string>> {
  const real = (await execa('which', ['git'])).stdout;
  const script = `#!/bin/sh
echo x >> "$COUNT"
if [ "$(wc -l < "$COUNT" | tr -d ' ')" -ne "$TURN" ]; then exec "${real}" "$@"; fi
case "$MOMENT" in
  before) kill -9 "$PPID" ;;
  after) "${real}" "$@"; status=$?; kill -9 "$PPID"; exit $status ;;
  during) kill -9 "$PPID"; exec "${real}" "$@" ;;
esac
`;
  await writeFile(join(folder(), 'git'), script);
  await chmod(join(folder(), 'git'), 0o755);
  return { PATH: `${folder()}:${process.env.PATH}`, COUNT: join(folder(), 'count') };
}

const count = () => readFile(join(folder(), 'count'), 'utf8').then((text) => text.length / 2);

test('killed around every git command of the way, one commit for each task is made, in a line', async () => {
  const environment = await killingGit();
  const before = await checkoutFingerprint(project.root);
  const moments = ['before', 'during', 'after'];
  let kills = 0;
  // Each start is killed a few commands further on than the last one; the way grows shorter as things are found done.
  for (let turn = 1; ; turn += 3) {
    await rm(join(folder(), 'count'), { force: true });
    const moment = moments[kills % moments.length] ?? '';
    const ended = await start({ ...environment, TURN: String(turn), MOMENT: moment });
    if (ended.signal === 'SIGKILL') {
      kills++;
      continue;
    }
    expect(ended.stdout).toBe('finished');
    expect(await count()).toBeLessThan(turn);
    break;
  }
  expect(kills).toBeGreaterThan(8);
  await expectWhole();
  expect(await checkoutFingerprint(project.root)).toEqual(before);
}, 180_000);

test('killed at any moment, worker and git together, it ends the same', async () => {
  for (let round = 0; round < 8; round++) {
    const running = runSource(work(project.root, project.base), { reject: false, detached: true });
    await delay(120 + round * 53);
    try {
      process.kill(-(running.pid ?? 0), 'SIGKILL');
    } catch {
      // It had finished.
    }
    await running;
  }
  const ended = await start();
  expect([ended.stdout, ended.stderr]).toEqual(['finished', '']);
  await expectWhole();
}, 180_000);
