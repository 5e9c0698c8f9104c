import { execFile } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import {
  featureHead,
  findRepository,
  followBranch,
  gitVersionProblem,
  notInBase,
  openFeatureRefs,
  resolveBase,
} from '../../src/workspace/repository.js';
import { inTemporaryFolder } from '../support/folders.js';
import { checkoutFingerprint, makeRepository, sampleRepository } from '../support/repository.js';

const folder = inTemporaryFolder();
const run = promisify(execFile);

describe('finding the repository', () => {
  test('a folder inside a repository leads to its top, by its real path', async () => {
    const { root } = await sampleRepository(join(folder(), 'project'));
    await symlink(join(root, 'src'), join(folder(), 'link'));
    expect(await findRepository(join(folder(), 'link'))).toEqual({ root, kind: 'git' });
  });

  test('a folder without a repository is a folder', async () => {
    expect(await findRepository(folder())).toEqual({ root: folder(), kind: 'folder' });
  });

  test('a bare repository, the inside of .git and a broken one are refused with a sentence', async () => {
    await run('git', ['init', '--bare', join(folder(), 'bare')]);
    await expect(findRepository(join(folder(), 'bare'))).rejects.toThrow('is a bare repository');
    const { root } = await sampleRepository(join(folder(), 'project'));
    await expect(findRepository(join(root, '.git'))).rejects.toThrow('inside a .git folder');
    await mkdir(join(folder(), 'broken'));
    await writeFile(join(folder(), 'broken/.git'), 'gitdir: /nowhere\n');
    await expect(findRepository(join(folder(), 'broken'))).rejects.toThrow('not a git repository: /nowhere');
  });

  test('an old git is named, and a missing one', async () => {
    expect(await gitVersionProblem()).toBeUndefined();
    await writeFile(join(folder(), 'git'), '#!/bin/sh\necho git version 2.30.1\n');
    await chmod(join(folder(), 'git'), 0o755);
    process.env.PATH = `${folder()}:${process.env.PATH}`;
    expect(await gitVersionProblem()).toBe('git 2.30 is too old: install git 2.38 or later.');
    process.env.PATH = '/nowhere';
    expect(await gitVersionProblem()).toContain('git is not installed');
  });
});

describe('the base', () => {
  test('is what the checkout stands at, also with a detached HEAD, or what is named', async () => {
    const { root, base, git, commit } = await sampleRepository(join(folder(), 'project'));
    await git('tag', 'v1');
    const second = await commit();
    await git('checkout', '--quiet', '--detach');
    expect(await resolveBase(root)).toBe(second);
    expect(await resolveBase(root, 'v1')).toBe(base);
  });

  test('no commits, an unknown name and one that looks like an option are told', async () => {
    const { root } = await makeRepository(join(folder(), 'empty'));
    await expect(resolveBase(root)).rejects.toThrow('has no commits yet');
    const project = await sampleRepository(join(folder(), 'project'));
    await expect(resolveBase(project.root, 'nothing')).rejects.toThrow('no commit called "nothing"');
    await expect(resolveBase(project.root, '--all')).rejects.toThrow('no commit called "--all"');
  });

  test('what the checkout has and the base lacks is named, and what is ignored is not', async () => {
    const { root, base, write, git } = await sampleRepository(join(folder(), 'project'));
    expect(await notInBase(root, base)).toEqual([]);
    await write('src/a.js', 'changed\n');
    await write('new ü.txt', '');
    await write('staged.txt', 'x');
    await write('x.log', '');
    await git('add', 'staged.txt');
    const before = await checkoutFingerprint(root);
    expect((await notInBase(root, base)).sort()).toEqual(['new ü.txt', 'src/a.js', 'staged.txt']);
    expect(await checkoutFingerprint(root)).toEqual(before);
  });

  test('the list of what the base lacks is bounded', async () => {
    const { root, base, write } = await sampleRepository(join(folder(), 'project'));
    await Promise.all(Array.from({ length: 150 }, (_, index) => write(`f${index}`, '')));
    expect(await notInBase(root, base)).toHaveLength(100);
  });
});

describe("the feature's refs", () => {
  test('are made once, and found again wherever making them was killed', async () => {
    const { root, base, git, commit } = await sampleRepository(join(folder(), 'project'));
    expect(await featureHead(root, 'dark-mode')).toBeUndefined();
    expect(await openFeatureRefs(root, 'dark-mode', base)).toBe(base);
    await git('branch', '-D', 'blueprint/dark-mode');
    const later = await commit();
    expect(await openFeatureRefs(root, 'dark-mode', later)).toBe(base);
    expect(await featureHead(root, 'dark-mode')).toBe(base);
    expect(await git('rev-parse', 'blueprint/dark-mode')).toBe(base);
  });

  test('a branch called blueprint is in the way, and nothing is made', async () => {
    const { root, base, git } = await sampleRepository(join(folder(), 'project'));
    await git('branch', 'blueprint');
    await expect(openFeatureRefs(root, 'dark-mode', base)).rejects.toThrow(
      'The branch blueprint is in the way',
    );
    expect(await featureHead(root, 'dark-mode')).toBeUndefined();
  });

  test("a person's own branch of that name, or below it, is in the way", async () => {
    const { root, base, git } = await sampleRepository(join(folder(), 'project'));
    await git('branch', 'blueprint/one');
    await git('branch', 'blueprint/two/x');
    await expect(openFeatureRefs(root, 'one', base)).rejects.toThrow('Blueprint did not make it');
    await expect(openFeatureRefs(root, 'two', base)).rejects.toThrow('blueprint/two/x is in the way');
    expect(await git('for-each-ref', 'refs/blueprint')).toBe('');
  });

  test('the branch follows the head, but not where it is checked out', async () => {
    const { root, base, git, commit } = await sampleRepository(join(folder(), 'project'));
    const next = await commit();
    await openFeatureRefs(root, 'f', base);
    await git('checkout', '--quiet', 'blueprint/f');
    await followBranch(root, 'f', next);
    expect(await git('rev-parse', 'blueprint/f')).toBe(base);
    await git('checkout', '--quiet', 'main');
    await git('worktree', 'add', '--quiet', join(folder(), 'other tree'), 'blueprint/f');
    await followBranch(root, 'f', next);
    expect(await git('rev-parse', 'blueprint/f')).toBe(base);
    await git('worktree', 'remove', join(folder(), 'other tree'));
    await followBranch(root, 'f', next);
    expect(await git('rev-parse', 'blueprint/f')).toBe(next);
  });

  test('the branch is left alone while it is rebased, and where a person has committed on it', async () => {
    const { root, base, git, commit } = await sampleRepository(join(folder(), 'project'));
    const next = await commit();
    await openFeatureRefs(root, 'f', base);
    await mkdir(join(root, '.git/rebase-merge'));
    await writeFile(join(root, '.git/rebase-merge/head-name'), 'refs/heads/blueprint/f\n');
    await followBranch(root, 'f', next);
    expect(await git('rev-parse', 'blueprint/f')).toBe(base);
    await run('rm', ['-r', join(root, '.git/rebase-merge')]);
    await git('checkout', '--quiet', 'blueprint/f');
    const own = await commit('Own work');
    await git('checkout', '--quiet', 'main');
    await followBranch(root, 'f', next);
    expect(await git('rev-parse', 'blueprint/f')).toBe(own);
  });
});
