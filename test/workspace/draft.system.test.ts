import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { diffOf, filesAt, readAt } from '../../src/workspace/contents.js';
import { type Answer, applyAnswer, snapshot } from '../../src/workspace/draft.js';
import { prepareWorktree } from '../../src/workspace/worktree.js';
import { inTemporaryFolder } from '../support/folders.js';
import { at, checkoutFingerprint, fingerprint, instance, sampleRepository } from '../support/repository.js';

const folder = inTemporaryFolder();
let project: Awaited<ReturnType<typeof sampleRepository>>;
let worktree: string;
let base: string;

const prepare = async () => {
  base = await project.commit();
  worktree = await prepareWorktree({ root: project.root, instance, feature: 'f', task: 'T001' }, base);
};
const apply = (answer: Partial<Answer>) => applyAnswer(worktree, { files: [], diffs: [], ...answer });
const file = (path: string, content = 'x\n') => ({ files: [{ path, content }] });
const take = (ref = 'refs/blueprint/f/T001/1') =>
  snapshot(worktree, { root: project.root, ref, parent: base, message: 'T001 draft 1\n', at });
const read = (path: string) => readFile(join(worktree, path), 'utf8');

beforeEach(async () => {
  project = await sampleRepository(join(folder(), 'project'));
  await project.write('run.sh', '#!/bin/sh\n');
  await chmod(join(project.root, 'run.sh'), 0o755);
  await prepare();
});

describe('an answer becomes files', () => {
  test('whole files, with spaces, other scripts and leading dashes in their names', async () => {
    const paths = [
      'src/a.js',
      'a b/c d.txt',
      'ü/漢字.md',
      '-rf',
      ':(glob)x',
      '--help/-x',
      '.github/x.yml',
      "it's [a] *?",
    ];
    await apply({ files: paths.map((path) => ({ path, content: `${path}\n` })) });
    for (const path of paths) expect(await read(path)).toBe(`${path}\n`);
    const { commit, files } = await take();
    expect(files.sort()).toEqual([...paths].sort());
    expect(await readAt(project.root, commit, '-rf', 100)).toEqual({
      text: '-rf\n',
      truncated: false,
      binary: false,
    });
  });

  test('CRLF, a missing last newline and an empty file are kept byte for byte', async () => {
    await apply({
      files: [
        { path: 'crlf.txt', content: 'a\r\nb\r\n' },
        { path: 'open.txt', content: 'a' },
        { path: 'empty', content: '' },
      ],
    });
    expect(await read('crlf.txt')).toBe('a\r\nb\r\n');
    const { commit } = await take();
    expect((await readAt(project.root, commit, 'crlf.txt', 100))?.text).toBe('a\r\nb\r\n');
    expect((await readAt(project.root, commit, 'open.txt', 100))?.text).toBe('a');
  });

  test('an executable stays executable, and a script that is new becomes so', async () => {
    await apply({
      files: [
        { path: 'run.sh', content: 'echo\n' },
        { path: 'bin/tool', content: '#!/usr/bin/env node\n' },
        { path: 'x.txt', content: 'x' },
      ],
    });
    const mode = async (path: string) => ((await stat(join(worktree, path))).mode & 0o111) !== 0;
    expect(await Promise.all(['run.sh', 'bin/tool', 'x.txt'].map(mode))).toEqual([true, true, false]);
    const { commit } = await take();
    expect(await project.git('ls-tree', commit, 'run.sh')).toContain('100755');
  });

  test('diffs, deletions and files together; applied twice it is the same', async () => {
    const answer = {
      diffs: [
        '--- a/src/a.js\n+++ b/src/a.js\n@@ -3,9 +3,9 @@\n export const b = 2;\n\n-export const c = 3;\n+export const c = 4;\n',
        'diff --git a/run.sh b/scripts/run.sh\nrename from run.sh\nrename to scripts/run.sh\n',
      ],
      deletions: ['README.md'],
      files: [{ path: 'docs/README.md', content: 'moved\n' }],
    };
    await apply(answer);
    const once = await fingerprint(worktree);
    await apply(answer);
    expect(await fingerprint(worktree)).toEqual(once);
    expect(await read('src/a.js')).toContain('c = 4');
    expect(existsSync(join(worktree, 'README.md'))).toBe(false);
    expect((await stat(join(worktree, 'scripts/run.sh'))).mode & 0o111).not.toBe(0);
    expect((await take()).files.sort()).toEqual([
      'README.md',
      'docs/README.md',
      'run.sh',
      'scripts/run.sh',
      'src/a.js',
    ]);
  });

  test('a hunk that ends without context goes where its lines are', async () => {
    await apply({
      diffs: ['--- src/a.js\n+++ src/a.js\n@@ -1 +1,2 @@\n export const a = 1;\n+export const more = 1;\n'],
    });
    expect(await read('src/a.js')).toMatch(/^export const a = 1;\nexport const more = 1;\n\nexport const b/);
  });

  test('diffs of CRLF files', async () => {
    await project.write('dos.txt', 'one\r\ntwo\r\n');
    await prepare();
    await apply({ diffs: ['--- a/dos.txt\n+++ b/dos.txt\n@@ -1,2 +1,2 @@\n one\r\n-two\r\n+2\r\n'] });
    expect(await read('dos.txt')).toBe('one\r\n2\r\n');
  });
});

describe('an answer is refused, and the worktree is as it was', () => {
  const outside = () => join(folder(), 'outside');
  beforeEach(async () => {
    await mkdir(outside());
    await symlink(outside(), join(project.root, 'link'));
    await symlink('README.md', join(project.root, 'link.md'));
    await prepare();
  });

  const badPaths = [
    '/etc/x',
    '../x',
    'a/../../x',
    '',
    '.git/config',
    '.GIT/config',
    '.git./x',
    '.git /x',
    '.blueprint/x',
    'a\0b',
  ];
  test.each<[string, Partial<Answer>, string]>([
    ['a file through a symlink', file('link/x'), 'symbolic link "link"'],
    ['a file in place of a symlink', file('link.md'), 'symbolic link'],
    ['a deletion through a symlink', { deletions: ['link/x'] }, 'symbolic link'],
    [
      'a diff through a symlink',
      { diffs: ['--- /dev/null\n+++ b/link/x\n@@ -0,0 +1 @@\n+x\n'] },
      'symbolic link',
    ],
    [
      'a diff of a symlink',
      {
        diffs: [
          '--- a/link.md\n+++ b/link.md\n@@ -1 +1 @@\n-README.md\n\\ No newline at end of file\n+/etc/passwd\n\\ No newline at end of file\n',
        ],
      },
      'symbolic link',
    ],
    ['a file below a file', file('README.md/x'), 'is a file'],
    ['a file in place of a folder', file('src'), 'is a folder'],
    ['a deletion of nothing', { deletions: ['nothing'] }, 'no file of the project'],
    [
      'a diff that does not apply',
      { diffs: ['--- a/src/a.js\n+++ b/src/a.js\n@@ -1 +1 @@\n-nothing\n+x\n'] },
      'does not apply',
    ],
    [
      'a diff of nothing',
      { diffs: ['--- a/nothing\n+++ b/nothing\n@@ -1 +1 @@\n-x\n+y\n'] },
      'does not apply',
    ],
    [
      'a diff without an anchor',
      { diffs: ['--- a/src/a.js\n+++ b/src/a.js\n@@ -9,0 +9 @@\n+x\n'] },
      'give it some context',
    ],
  ])('%s', async (_, answer, words) => {
    const before = [await fingerprint(worktree), await checkoutFingerprint(project.root)];
    const refused = apply({ files: [{ path: 'fine.txt', content: 'x' }], ...answer });
    await expect(refused).rejects.toMatchObject({ code: 'draft-unusable' });
    await expect(refused).rejects.toThrow(words);
    expect([await fingerprint(worktree), await checkoutFingerprint(project.root)]).toEqual(before);
    expect(await fingerprint(outside())).toEqual([]);
  });

  test('that names a path which a draft may not touch, whichever way', async () => {
    const before = [await fingerprint(worktree), await checkoutFingerprint(project.root)];
    for (const path of badPaths) {
      await expect(apply(file(path))).rejects.toMatchObject({ code: 'draft-unusable' });
      await expect(apply({ deletions: [path] })).rejects.toMatchObject({ code: 'draft-unusable' });
      const diff = `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x\n`;
      await expect(apply({ diffs: [diff] })).rejects.toMatchObject({ code: 'draft-unusable' });
    }
    expect([await fingerprint(worktree), await checkoutFingerprint(project.root)]).toEqual(before);
  });

  test('a file through a symlink that a setup made', async () => {
    await symlink(outside(), join(worktree, 'build'));
    await expect(apply(file('build/x'))).rejects.toThrow('symbolic link');
    expect(await fingerprint(outside())).toEqual([]);
  });

  test('a file that the project ignores, unless the same answer changes that', async () => {
    await expect(apply(file('.env'))).rejects.toThrow(
      '".env", which the project ignores (.env in .gitignore)',
    );
    await apply({
      files: [
        { path: '.env', content: 'x' },
        { path: '.gitignore', content: 'node_modules/\n' },
      ],
    });
    expect((await take()).files).toEqual(['.env', '.gitignore']);
  });

  test('a folder that is no worktree of ours', async () => {
    await expect(applyAnswer(project.root, { files: [], diffs: [] })).rejects.toThrow('no worktree');
  });
});

describe('a snapshot', () => {
  test('is a commit on a ref of its own, and only that; ignored files stay out', async () => {
    await writeFile(join(worktree, 'x.log'), '');
    await writeFile(join(worktree, 'new.txt'), 'x');
    const before = [await fingerprint(worktree), await checkoutFingerprint(project.root)];
    const { commit, files } = await take();
    expect(files).toEqual(['new.txt']);
    expect(await project.git('log', '-1', '--format=%P %an <%ae> %ct %cn %s', commit)).toBe(
      `${base} Blueprint <blueprint@localhost> ${at / 1000} Blueprint T001 draft 1`,
    );
    expect(await project.git('rev-parse', 'refs/blueprint/f/T001/1')).toBe(commit);
    expect([await fingerprint(worktree), await checkoutFingerprint(project.root)]).toEqual(before);
  });

  test('is taken once: later it is what it was, even without the worktree', async () => {
    await apply(file('one.txt'));
    const first = await take();
    await writeFile(join(worktree, 'two.txt'), '');
    expect(await take()).toEqual(first);
    await rm(worktree, { recursive: true });
    expect(await take()).toEqual(first);
  });

  test('is the same commit when its ref was lost to a kill', async () => {
    await apply(file('one.txt'));
    const first = await take();
    await project.git('update-ref', '-d', 'refs/blueprint/f/T001/1');
    expect(await take()).toEqual(first);
  });

  test('taken twice at once, both get the same', async () => {
    await apply(file('one.txt'));
    const [one, two] = await Promise.all([take(), take()]);
    expect(one).toEqual(two);
  });

  test('without changes is a commit all the same', async () => {
    const { commit, files } = await take();
    expect(files).toEqual([]);
    expect(commit).not.toBe(base);
  });

  test('of a worktree that was committed in or whose .git was changed holds what is on disk', async () => {
    await apply(file('one.txt'));
    await execa('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '-qam', 'x'], {
      cwd: worktree,
    });
    await writeFile(join(worktree, 'two.txt'), '');
    await rm(join(worktree, '.git'));
    expect((await take()).files).toEqual(['one.txt', 'two.txt']);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['a symbolic link', () => symlink('/etc', join(worktree, 'l')), 'symbolic link "l"'],
    ['a repository inside', () => sampleRepository(join(worktree, 'nested')), 'a submodule or a repository'],
    [
      'a file of Blueprint',
      async () => {
        await mkdir(join(worktree, '.blueprint'));
        await writeFile(join(worktree, '.blueprint/x'), '');
      },
      'belongs to git or to Blueprint',
    ],
  ])('with %s is refused', async (_, harm, words) => {
    await harm();
    await expect(take()).rejects.toMatchObject({ code: 'draft-unusable' });
    await expect(take()).rejects.toThrow(words);
    expect(await project.git('for-each-ref', 'refs/blueprint')).toBe('');
  });

  test('leaves a submodule as it is', async () => {
    const inner = await sampleRepository(join(folder(), 'inner'));
    await project.git(
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      inner.root,
      'lib/inner',
    );
    await prepare();
    await apply(file('one.txt'));
    const { commit, files } = await take();
    expect(files).toEqual(['one.txt']);
    expect(await project.git('ls-tree', commit, 'lib/inner')).toContain(inner.base);
    await expect(apply(file('lib/inner/x'))).rejects.toThrow('in the submodule "lib/inner"');
    await expect(apply(file('lib/inner'))).rejects.toThrow('submodule');
  });
});

describe('reading a draft', () => {
  test('what differs, bounded', async () => {
    await apply({
      files: [
        { path: 'src/a.js', content: 'new\n' },
        { path: 'ü.txt', content: 'x\n'.repeat(1_000) },
      ],
    });
    const { commit } = await take();
    const whole = await diffOf(project.root, base, commit, 100_000);
    expect(whole).toMatchObject({ truncated: false, files: ['src/a.js', 'ü.txt'] });
    expect(whole.text).toContain('--- a/src/a.js\n+++ b/src/a.js\n@@ -1,5 +1 @@\n-export const a = 1;\n');
    const part = await diffOf(project.root, base, commit, 300);
    expect(part).toMatchObject({ truncated: true, files: ['src/a.js', 'ü.txt'] });
    expect(part.text.length).toBeLessThanOrEqual(300);
    expect(part.text.endsWith('\n')).toBe(true);
  });

  test('its files, without links, and what they hold', async () => {
    await symlink('README.md', join(project.root, 'link.md'));
    await project.write('image.bin', new Uint8Array([1, 0, 2]));
    await prepare();
    expect(await filesAt(project.root, base)).toEqual([
      '.gitignore',
      'README.md',
      'image.bin',
      'run.sh',
      'src/a.js',
    ]);
    expect(await readAt(project.root, base, 'src/a.js', 25)).toEqual({
      text: 'export const a = 1;\n\n',
      truncated: true,
      binary: false,
    });
    expect(await readAt(project.root, base, 'image.bin', 25)).toMatchObject({ binary: true, text: '' });
    for (const path of ['nothing', 'src', 'link.md', '../x', './src/a.js', ''])
      expect(await readAt(project.root, base, path, 25)).toBeUndefined();
  });
});
