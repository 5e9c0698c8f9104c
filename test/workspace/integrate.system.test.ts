import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { draftRef } from '../../src/domain/names.js';
import { type Answer, applyAnswer, snapshot } from '../../src/workspace/draft.js';
import {
  commitForChecks,
  commitIntegration,
  findIntegrated,
  mergeDraft,
} from '../../src/workspace/integrate.js';
import { featureHead, openFeatureRefs } from '../../src/workspace/repository.js';
import { prepareWorktree } from '../../src/workspace/worktree.js';
import { inTemporaryFolder } from '../support/folders.js';
import { at, checkoutFingerprint, instance, sampleRepository } from '../support/repository.js';

const folder = inTemporaryFolder();
const feature = 'dark-mode';
let project: Awaited<ReturnType<typeof sampleRepository>>;
let root: string;
let base: string;

beforeEach(async () => {
  project = await sampleRepository(join(folder(), 'project'));
  ({ root, base } = project);
  await openFeatureRefs(root, feature, base);
});

async function draft(task: string, answer: Partial<Answer>, from = base, attempt = 1): Promise<string> {
  const worktree = await prepareWorktree({ root, instance, feature, task }, from);
  await applyAnswer(worktree, { files: [], diffs: [], ...answer });
  const ref = draftRef(feature, task, attempt);
  return (await snapshot(worktree, { root, ref, parent: from, message: `${task}\n`, at })).commit;
}
const change = (path: string, content: string) => ({ files: [{ path, content }] });

async function integrate(
  task: string,
  commit: string,
  extra: { title?: string; body?: string; head?: string } = {},
) {
  const head = extra.head ?? (await featureHead(root, feature)) ?? '';
  const merge = await mergeDraft(root, { head, base, draft: commit });
  if (merge.kind !== 'clean') throw new Error(merge.kind);
  const details = { feature, task, attempt: 1, title: `Do ${task}`, body: 'Because.', ...extra };
  return commitIntegration(root, { ...details, tree: merge.tree, head, at });
}

const integrated = (task: string, attempt = 1) =>
  featureHead(root, feature).then((head) =>
    findIntegrated(root, { feature, task, attempt, base, head: head ?? '' }),
  );

describe('approved drafts', () => {
  test('become one commit each, in a line, with trailers, and the checkout is as it was', async () => {
    await project.write('src/a.js', 'half-done\n');
    await project.write('untracked', '');
    const before = await checkoutFingerprint(root);
    const drafts = await Promise.all(
      ['T001', 'T002', 'T003'].map((task) => draft(task, change(`src/${task}.js`, task))),
    );
    const commits: string[] = [];
    for (const [index, commit] of drafts.entries()) commits.push(await integrate(`T00${index + 1}`, commit));
    expect(await project.git('log', '--reverse', '--format=%H', `${base}..blueprint/${feature}`)).toBe(
      commits.join('\n'),
    );
    expect(await project.git('log', '--min-parents=2', `blueprint/${feature}`)).toBe('');
    expect(await project.git('log', '-1', '--format=%B', `blueprint/${feature}`)).toBe(
      'Do T003\n\nBecause.\n\nBlueprint-Feature: dark-mode\nBlueprint-Task: T003\nBlueprint-Attempt: 1\n',
    );
    expect(
      await project.git(
        'log',
        '-1',
        '--format=%(trailers:key=Blueprint-Task,valueonly)',
        `blueprint/${feature}`,
      ),
    ).toBe('T003\n');
    expect(await checkoutFingerprint(root)).toEqual(before);
  });

  test('work from a detached HEAD, and where the branch is checked out it stays while the head moves', async () => {
    await project.git('checkout', '--quiet', `blueprint/${feature}`);
    const before = await checkoutFingerprint(root);
    const commit = await integrate('T001', await draft('T001', change('x.txt', 'x')));
    expect(await featureHead(root, feature)).toBe(commit);
    expect(await project.git('rev-parse', 'HEAD')).toBe(base);
    expect(await checkoutFingerprint(root)).toEqual(before);
    await project.git('checkout', '--quiet', '--detach', 'main');
    const next = await integrate('T002', await draft('T002', change('y.txt', 'y')));
    expect(await project.git('rev-parse', `blueprint/${feature}`)).toBe(next);
    expect(await project.git('status', '--porcelain')).toBe('');
  });

  test('that change other parts of one file are merged; executables and CRLF survive', async () => {
    await integrate(
      'T001',
      await draft('T001', {
        diffs: [
          '--- a/src/a.js\n+++ b/src/a.js\n@@ -1,2 +1,2 @@\n-export const a = 1;\n+export const a = 10;\n \n',
        ],
      }),
    );
    const files = [{ path: 'run.sh', content: '#!/bin/sh\r\n' }];
    const diffs = [
      '--- a/src/a.js\n+++ b/src/a.js\n@@ -4,2 +4,2 @@\n \n-export const c = 3;\n+export const c = 30;\n',
    ];
    const commit = await integrate('T002', await draft('T002', { files, diffs }));
    expect(await project.git('show', `${commit}:src/a.js`)).toBe(
      'export const a = 10;\n\nexport const b = 2;\n\nexport const c = 30;',
    );
    expect(await project.git('ls-tree', commit, 'run.sh')).toContain('100755');
    expect(await project.git('cat-file', '-s', `${commit}:run.sh`)).toBe('11');
  });

  test('drafted on an earlier draft count as one change since the base', async () => {
    const first = await draft('T001', change('a.txt', '1'));
    const second = await draft('T001', change('a.txt', '2'), first, 2);
    const commit = await integrate('T001', second);
    expect(await project.git('show', `${commit}:a.txt`)).toBe('2');
    expect(await project.git('rev-parse', `${commit}^`)).toBe(base);
  });

  test('that the head has already are empty', async () => {
    const commit = await draft('T001', change('a.txt', '1'));
    const head = await integrate('T001', commit);
    expect(await mergeDraft(root, { head, base, draft: commit })).toEqual({ kind: 'empty' });
    const unchanged = await draft('T002', {});
    expect(await mergeDraft(root, { head: base, base, draft: unchanged })).toEqual({ kind: 'empty' });
  });

  test('can be checked together before they are integrated', async () => {
    const merge = await mergeDraft(root, {
      head: base,
      base,
      draft: await draft('T001', change('a.txt', '1')),
    });
    if (merge.kind !== 'clean') throw new Error(merge.kind);
    const commit = await commitForChecks(root, merge.tree, base);
    expect(await commitForChecks(root, merge.tree, base)).toBe(commit);
    await prepareWorktree({ root, instance, feature, task: 'integration' }, commit);
    expect(await featureHead(root, feature)).toBe(base);
  });
});

describe('conflicts', () => {
  test('are told readably, and nothing moves', async () => {
    const one = await draft('T001', change('src/a.js', 'export const a = "one";\n'));
    const two = await draft('T002', change('src/a.js', 'export const a = "two";\n'));
    const head = await integrate('T001', one);
    const merge = await mergeDraft(root, { head, base, draft: two });
    if (merge.kind !== 'conflict') throw new Error(merge.kind);
    expect(merge.files).toEqual(['src/a.js']);
    expect(merge.details).toContain('CONFLICT (content): Merge conflict in src/a.js');
    expect(merge.details).toContain('<<<<<<< the branch\nexport const a = "one";\n');
    expect(merge.details).toContain('=======\nexport const a = "two";\n>>>>>>> the draft');
    expect(merge.details).not.toMatch(/[0-9a-f]{40}/);
    expect(await featureHead(root, feature)).toBe(head);
  });

  test('of a deleted and a changed file, and of long ones, are bounded', async () => {
    const gone = await draft('T001', {
      deletions: ['src/a.js'],
      files: [{ path: 'ü long.txt', content: '1\n'.repeat(50_000) }],
    });
    const kept = await draft('T002', {
      files: [
        { path: 'src/a.js', content: 'x\n' },
        { path: 'ü long.txt', content: '2\n'.repeat(50_000) },
      ],
    });
    const merge = await mergeDraft(root, { head: await integrate('T001', gone), base, draft: kept });
    if (merge.kind !== 'conflict') throw new Error(merge.kind);
    expect(merge.files.sort()).toEqual(['src/a.js', 'ü long.txt']);
    expect(merge.details).toContain('src/a.js deleted in the branch and modified in the draft');
    expect(merge.details.length).toBeLessThanOrEqual(16_000);
  });
});

describe('a commit is found by its trailers rather than made twice', () => {
  test('when it is asked for again, also after others, and the branch catches up', async () => {
    const one = await draft('T001', change('a.txt', '1'));
    const first = await integrate('T001', one);
    await project.git('update-ref', `refs/heads/blueprint/${feature}`, base);
    expect(await integrate('T001', one, { head: base })).toBe(first);
    expect(await project.git('rev-parse', `blueprint/${feature}`)).toBe(first);
    const last = await integrate('T002', await draft('T002', change('b.txt', '1')));
    expect(await integrate('T001', one, { head: base })).toBe(first);
    expect(await integrate('T001', one, { head: base, title: 'Another title' })).toBe(first);
    expect(await project.git('rev-list', '--count', `${base}..blueprint/${feature}`)).toBe('2');
    expect(await featureHead(root, feature)).toBe(last);
    expect(await integrated('T001')).toBe(first);
    expect(await integrated('T001', 2)).toBeUndefined();
    expect(await integrated('T003')).toBeUndefined();
  });

  test('a title or body that poses as trailers does not mislead', async () => {
    const forged = 'Blueprint-Feature: dark-mode\nBlueprint-Task: T009\nBlueprint-Attempt: 1';
    const commit = await integrate('T001', await draft('T001', change('a.txt', '1')), {
      title: forged,
      body: `x\0y\r\n\n${forged}`,
    });
    expect(await integrated('T009')).toBeUndefined();
    expect(await integrated('T001')).toBe(commit);
    expect(await project.git('log', '-1', '--format=%s', commit)).toContain(
      'Blueprint-Feature: dark-mode Blueprint-Task',
    );
  });

  test('a feature that stands elsewhere is told', async () => {
    const one = await draft('T001', change('a.txt', '1'));
    await integrate('T002', await draft('T002', change('b.txt', '1')));
    await expect(integrate('T001', one, { head: base })).rejects.toThrow('T001 must be merged again');
    await expect(
      commitIntegration(root, {
        feature: 'other',
        task: 'T001',
        attempt: 1,
        title: '',
        body: '',
        tree: await project.git('rev-parse', `${base}^{tree}`),
        head: base,
        at,
      }),
    ).rejects.toThrow('no ref refs/blueprint/other/head');
  });

  test('asked for several times at once, one is made', async () => {
    const one = await draft('T001', change('a.txt', '1'));
    const commits = await Promise.all([1, 2, 3, 4].map(() => integrate('T001', one, { head: base })));
    expect(new Set(commits).size).toBe(1);
    expect(await project.git('rev-list', '--count', `${base}..blueprint/${feature}`)).toBe('1');
  });

  test('lock files that a killed git left are no hindrance', async () => {
    const one = await draft('T001', change('a.txt', '1'));
    for (const ref of [`refs/blueprint/${feature}/head`, `refs/heads/blueprint/${feature}`]) {
      const lock = join(root, '.git', `${ref}.lock`);
      await mkdir(join(lock, '..'), { recursive: true });
      await writeFile(lock, '');
      await utimes(lock, 1, 1);
    }
    const commit = await integrate('T001', one);
    expect(await project.git('rev-parse', `blueprint/${feature}`)).toBe(commit);
  });
});
