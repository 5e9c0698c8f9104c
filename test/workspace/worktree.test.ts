import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import {
  prepareWorktree,
  removeWorktrees,
  type WorktreeKey,
  worktreePath,
} from '../../src/workspace/worktree.js';
import { inTemporaryFolder } from '../support/folders.js';
import { checkoutFingerprint, fingerprint, instance, sampleRepository } from '../support/repository.js';

const folder = inTemporaryFolder();
const key = (root: string, task = 'T001', label?: string): WorktreeKey => ({
  root,
  instance,
  feature: 'dark-mode',
  task,
  ...(label === undefined ? {} : { label }),
});
const contents = (path: string) => fingerprint(path, (file) => file === '.git');
const checkoutContents = (root: string) => fingerprint(root, (file) => file.startsWith('.git/'));

describe('a worktree', () => {
  test('is outside the repository, detached at the commit, and the dirty checkout is as it was', async () => {
    const { root, base, write, git } = await sampleRepository(join(folder(), 'project'));
    const committed = await checkoutContents(root);
    await write('src/a.js', 'half-done');
    await write('untracked', '');
    await git('add', 'src/a.js');
    const before = await checkoutFingerprint(root);
    const path = await prepareWorktree(key(root), base);
    expect(path).toBe(join(folder(), 'state/blueprint/worktrees', instance, 'dark-mode/T001'));
    expect(await contents(path)).toEqual(committed);
    expect((await execa('git', ['rev-parse', '--symbolic-full-name', 'HEAD'], { cwd: path })).stdout).toBe(
      'HEAD',
    );
    expect((await execa('git', ['status', '--porcelain'], { cwd: path })).stdout).toBe('');
    expect(await checkoutFingerprint(root)).toEqual(before);
  });

  test('is reset to another commit, and nothing that was left in it stays', async () => {
    const { root, base, write, commit } = await sampleRepository(join(folder(), 'project'));
    await write('src/b.js', 'b\n');
    const second = await commit();
    const after = await checkoutContents(root);
    const path = await prepareWorktree(key(root), base);
    await writeFile(join(path, 'src/a.js'), 'broken');
    await rm(join(path, 'README.md'));
    await mkdir(join(path, 'node_modules/x/read-only'), { recursive: true });
    await writeFile(join(path, 'node_modules/x/read-only/file'), '');
    await chmod(join(path, 'node_modules/x/read-only'), 0o500);
    await writeFile(join(path, 'test.log'), 'ignored');
    await execa('git', ['init', '--quiet', join(path, 'nested')]);
    await writeFile(join(path, 'nested/file'), '');
    expect(await prepareWorktree(key(root), second)).toBe(path);
    expect(await contents(path)).toEqual(after);
  });

  test('that someone put on a branch, merged in or broke is detached again, and the branch stays', async () => {
    const { root, base, git, write, commit } = await sampleRepository(join(folder(), 'project'));
    await git('checkout', '--quiet', '-b', 'other');
    await write('src/a.js', 'other\n');
    const other = await commit();
    await git('checkout', '--quiet', 'main');
    await write('src/a.js', 'main\n');
    const second = await commit();
    const path = await prepareWorktree(key(root), second);
    await execa('git', ['checkout', '--quiet', 'other'], { cwd: path });
    await execa('git', ['merge', 'main'], { cwd: path, reject: false });
    await prepareWorktree(key(root), base);
    expect(await git('rev-parse', 'other')).toBe(other);
    expect((await execa('git', ['status', '--porcelain=v2', '--branch'], { cwd: path })).stdout).toContain(
      '(detached)',
    );
    expect((await execa('git', ['status'], { cwd: path })).stdout).toContain('nothing to commit');
  });

  test('whose .git file leads to the checkout does not lead us there', async () => {
    const { root, base, write } = await sampleRepository(join(folder(), 'project'));
    const path = await prepareWorktree(key(root), base);
    await write('src/a.js', 'half-done');
    const before = await checkoutFingerprint(root);
    await writeFile(join(path, '.git'), `gitdir: ${join(root, '.git')}\n`);
    await prepareWorktree(key(root), base);
    expect(await readFile(join(path, '.git'), 'utf8')).toContain('/worktrees/');
    await rm(join(path, '.git'));
    await mkdir(join(path, '.git/x'), { recursive: true });
    await prepareWorktree(key(root), base);
    expect(await checkoutFingerprint(root)).toEqual(before);
  });

  test.each<[string, (path: string, record: string) => Promise<unknown>]>([
    ['lost its folder', (path) => rm(path, { recursive: true })],
    ['lost its record', (_, record) => rm(record, { recursive: true })],
    ['has a record without a way back', (_, record) => rm(join(record, 'gitdir'))],
    ['has a record without a HEAD', (_, record) => rm(join(record, 'HEAD'))],
    ['has a torn index', (_, record) => writeFile(join(record, 'index'), 'DIRC torn')],
    ['has no index', (_, record) => rm(join(record, 'index'))],
    [
      'is a symbolic link',
      async (path) => {
        await rm(path, { recursive: true });
        await symlink('/tmp', path);
      },
    ],
    [
      'has lock files of a killed git',
      async (_, record) => {
        for (const name of ['index.lock', 'HEAD.lock']) {
          await writeFile(join(record, name), '');
          await utimes(join(record, name), 1, 1);
        }
      },
    ],
  ])('that %s is made again', async (_, harm) => {
    const { root, base } = await sampleRepository(join(folder(), 'project'));
    const path = await prepareWorktree(key(root), base);
    await harm(path, join(root, '.git/worktrees/T001'));
    await prepareWorktree(key(root), base);
    expect(await contents(path)).toEqual(await checkoutContents(root));
    expect(await readdir(join(root, '.git/worktrees'))).toHaveLength(1);
  });

  test('waits for the git of a killed worker that still works in it', async () => {
    const { root, base } = await sampleRepository(join(folder(), 'project'));
    await prepareWorktree(key(root), base);
    const leftover = execa('git', [
      `--git-dir=${join(root, '.git/worktrees/T001')}`,
      'hash-object',
      '--stdin',
    ]);
    let ready = false;
    const again = prepareWorktree(key(root), base).then(() => {
      ready = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ready).toBe(false);
    leftover.stdin.end();
    await again;
  });

  test('several are made at once in one repository, each with its own changes', async () => {
    const { root, base } = await sampleRepository(join(folder(), 'project'));
    const keys = ['T001', 'T002', 'T003', '_base'].flatMap((task) => [
      key(root, task, 'x'),
      key(root, task, 'y'),
    ]);
    const paths = await Promise.all(keys.map((each) => prepareWorktree(each, base)));
    expect(new Set(paths).size).toBe(8);
    for (const path of paths) expect(await contents(path)).toEqual(await checkoutContents(root));
  });

  test('a sparse checkout of the person makes none of ours sparse', async () => {
    const { root, base, git } = await sampleRepository(join(folder(), 'project'));
    const whole = await checkoutContents(root);
    await git('sparse-checkout', 'set', '--no-cone', '/README.md');
    expect(existsSync(join(root, 'src/a.js'))).toBe(false);
    expect(await contents(await prepareWorktree(key(root), base))).toEqual(whole);
  });

  test('a submodule stays an empty folder, and what was put there goes', async () => {
    const inner = await sampleRepository(join(folder(), 'inner'));
    const { root, git, commit } = await sampleRepository(join(folder(), 'project'));
    await git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'lib/inner');
    const base = await commit();
    const before = await checkoutFingerprint(root);
    const path = await prepareWorktree(key(root), base);
    expect(await readdir(join(path, 'lib/inner'))).toEqual([]);
    await writeFile(join(path, 'lib/inner/x'), '');
    await prepareWorktree(key(root), base);
    expect(await readdir(join(path, 'lib/inner'))).toEqual([]);
    expect(await checkoutFingerprint(root)).toEqual(before);
  });

  test('names that climb out are refused', () => {
    expect(() => worktreePath(key('/x', '../y'))).toThrow('cannot name a worktree');
    expect(() => worktreePath({ ...key('/x'), instance: '..' })).toThrow('cannot name a worktree');
    expect(() => worktreePath({ ...key('/x'), feature: '../x' })).toThrow('not usable');
    expect(() => worktreePath(key('/x', 'T001', 'a/b'))).toThrow('cannot name a worktree');
  });
});

describe('removing worktrees', () => {
  test("removes all of a feature's and no others, and can be done again", async () => {
    const { root, base, git } = await sampleRepository(join(folder(), 'project'));
    await git('worktree', 'add', '--quiet', '--detach', join(folder(), 'T001'));
    const first = await prepareWorktree(key(root), base);
    await prepareWorktree(key(root, 'T002'), base);
    const other = await prepareWorktree({ ...key(root), feature: 'dark' }, base);
    await removeWorktrees(root, instance, 'dark-mode');
    await removeWorktrees(root, instance, 'dark-mode');
    expect(existsSync(join(first, '..'))).toBe(false);
    expect(existsSync(join(other, 'README.md'))).toBe(true);
    expect((await git('worktree', 'list')).split('\n')).toHaveLength(3);
  });
});

test('the git of the person and its pruning leave worktrees of ours alone', async () => {
  const { root, base, git } = await sampleRepository(join(folder(), 'project'));
  await prepareWorktree(key(root), base);
  await git('worktree', 'prune', '--expire=now');
  await git('gc', '--quiet', '--prune=now');
  expect(await git('worktree', 'list', '--porcelain')).toContain(
    `locked blueprint ${instance}/dark-mode/T001`,
  );
});
