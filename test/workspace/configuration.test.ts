/** What a person's own git configuration, hooks and environment must not change. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { applyAnswer, snapshot } from '../../src/workspace/draft.js';
import { commitIntegration, mergeDraft } from '../../src/workspace/integrate.js';
import { findRepository, notInBase, openFeatureRefs, resolveBase } from '../../src/workspace/repository.js';
import { prepareWorktree } from '../../src/workspace/worktree.js';
import { inTemporaryFolder } from '../support/folders.js';
import { at, checkoutFingerprint, fingerprint, instance, sampleRepository } from '../support/repository.js';

const folder = inTemporaryFolder();

/** The whole way of a draft; returns the commit's tree. */
async function wholeWay(root: string): Promise<string> {
  await findRepository(root);
  const base = await resolveBase(root);
  const head = await openFeatureRefs(root, 'f', base);
  const worktree = await prepareWorktree({ root, instance, feature: 'f', task: 'T001' }, base);
  const files = [
    { path: 'notes.txt', content: 'one\ntwo\n' },
    { path: 'dos.txt', content: 'one\r\ntwo\r\n' },
  ];
  await applyAnswer(worktree, {
    files,
    diffs: ['--- a/README.md\n+++ b/README.md\n@@ -1 +1 @@\n-# Project\n+# Title  \n'],
  });
  const { commit } = await snapshot(worktree, {
    root,
    ref: 'refs/blueprint/f/T001/1',
    parent: base,
    message: 'x',
    at,
  });
  const merge = await mergeDraft(root, { head, base, draft: commit });
  if (merge.kind !== 'clean') throw new Error(merge.kind);
  await commitIntegration(root, {
    feature: 'f',
    task: 'T001',
    attempt: 1,
    title: 'x',
    body: '',
    tree: merge.tree,
    head,
    at,
  });
  return merge.tree;
}

test('a hostile global configuration, hooks and templates change nothing and are not run', async () => {
  const plain = await sampleRepository(join(folder(), 'plain'));
  const expected = await wholeWay(plain.root);

  const mark = join(folder(), 'mark');
  const hooks = join(folder(), 'hooks');
  await mkdir(hooks);
  const names = [
    'post-checkout',
    'pre-commit',
    'commit-msg',
    'post-commit',
    'reference-transaction',
    'post-index-change',
  ];
  const { root, git, base } = await sampleRepository(join(folder(), 'project'));
  for (const target of [hooks, join(root, '.git/hooks')])
    for (const name of names) {
      await mkdir(target, { recursive: true });
      await writeFile(join(target, name), `#!/bin/sh\necho ${name} >> ${mark}\nexit 1\n`);
      await chmod(join(target, name), 0o755);
    }
  await writeFile(join(folder(), 'excludes'), '*.txt\n');
  await writeFile(join(folder(), 'attributes'), '* text eol=crlf filter=ruin\n');
  await writeFile(
    join(folder(), 'home/.gitconfig'),
    `[core]
  hooksPath = ${hooks}
  autocrlf = true
  eol = crlf
  safecrlf = true
  excludesFile = ${join(folder(), 'excludes')}
  attributesFile = ${join(folder(), 'attributes')}
  fsmonitor = ${join(hooks, 'pre-commit')}
  quotePath = true
  pager = false
  editor = false
[filter "ruin"]
  clean = echo ruined
  smudge = echo ruined
  required = true
[commit]
  gpgSign = true
[gpg]
  program = false
[init]
  templateDir = ${hooks}
[user]
  useConfigOnly = true
[log]
  showSignature = true
[diff]
  noprefix = true
  external = false
[apply]
  whitespace = error
[i18n]
  commitEncoding = ISO-8859-1
[color]
  ui = always
`,
  );
  const before = await checkoutFingerprint(root);
  expect(await wholeWay(root)).toBe(expected);
  expect(await checkoutFingerprint(root)).toEqual(before);
  expect(existsSync(mark)).toBe(false);
  expect(await git('rev-parse', `blueprint/f^`)).toBe(base);
});

test('what the checkout has uncommitted is judged with the configuration of the person', async () => {
  const { root, base, write } = await sampleRepository(join(folder(), 'project'));
  await writeFile(join(folder(), 'excludes'), '*.mine\n');
  await writeFile(
    join(folder(), 'home/.gitconfig'),
    `[core]\n  autocrlf = true\n  excludesFile = ${join(folder(), 'excludes')}\n`,
  );
  await write('README.md', '# Project\r\n');
  await write('x.mine', '');
  expect(await notInBase(root, base)).toEqual([]);
});

test('line ends that the project itself asks for are kept to', async () => {
  const { root, git, write, commit } = await sampleRepository(join(folder(), 'project'));
  await write('.gitattributes', '*.bat text eol=crlf\n* text=auto\n');
  const base = await commit();
  const worktree = await prepareWorktree({ root, instance, feature: 'f', task: 'T001' }, base);
  await applyAnswer(worktree, { files: [{ path: 'x.bat', content: 'one\r\n' }], diffs: [] });
  const { commit: draft } = await snapshot(worktree, {
    root,
    ref: 'refs/blueprint/f/T001/1',
    parent: base,
    message: 'x',
    at,
  });
  expect(await git('cat-file', '-s', `${draft}:x.bat`)).toBe('4');
  expect((await fingerprint(worktree)).length).toBeGreaterThan(4);
});

test('without any home it works', async () => {
  const { root } = await sampleRepository(join(folder(), 'project'));
  delete process.env.HOME;
  expect(await wholeWay(root)).toMatch(/^[0-9a-f]{40}$/);
});
