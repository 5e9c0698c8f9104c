import { execFile } from 'node:child_process';
import { mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isProblem } from '../../src/domain/problem.js';
import { git } from '../../src/workspace/git.js';
import { commandsFromPs, gitRuns } from '../../src/workspace/git-locks.js';
import { moveRef, readRef } from '../../src/workspace/repository.js';
import { inTemporaryFolder } from '../support/folders.js';
import { sampleRepository } from '../support/repository.js';

const folder = inTemporaryFolder();
const long = new Date(Date.now() - 60_000);

test('an error names the command, its status and what git said, bounded', async () => {
  const { root } = await sampleRepository(join(folder(), 'project'));
  const failure = git({ cwd: root }, ['rev-parse', '--verify', 'x'.repeat(50_000)]);
  await expect(failure).rejects.toThrow(/^git rev-parse failed with exit status 128: fatal: /);
  const problem = await failure.catch((error: unknown) => error);
  if (!isProblem(problem, 'git-failed')) throw problem;
  expect(problem.params).toMatchObject({ command: 'git rev-parse', status: 128 });
  expect(problem.message.length).toBeLessThan(3_000);
});

test('without git, a sentence says so', async () => {
  process.env.PATH = folder();
  await expect(git({ cwd: folder() }, ['--version'])).rejects.toThrow('git is not installed');
  await expect(git({ cwd: join(folder(), 'gone') }, ['--version'])).rejects.toThrow('does not exist');
});

test('too much output is cut off where that is wanted', async () => {
  const { root, base } = await sampleRepository(join(folder(), 'project'));
  expect(await git({ cwd: root }, ['cat-file', 'blob', `${base}:src/a.js`], { maxBytes: 6 })).toEqual({
    stdout: 'export',
    status: 0,
    truncated: true,
  });
});

test('variables of a git that we run under do not lead elsewhere', async () => {
  const { root, base } = await sampleRepository(join(folder(), 'project'));
  process.env.GIT_DIR = '/nowhere';
  process.env.GIT_INDEX_FILE = '/nowhere/index';
  try {
    expect((await git({ cwd: root }, ['rev-parse', 'HEAD'])).stdout.trim()).toBe(base);
  } finally {
    delete process.env.GIT_DIR;
    delete process.env.GIT_INDEX_FILE;
  }
});

test('a lock that a killed git left on a ref of ours is removed', async () => {
  const { root, base } = await sampleRepository(join(folder(), 'project'));
  const lock = join(root, '.git/refs/blueprint/dark-mode/head.lock');
  await mkdir(join(lock, '..'), { recursive: true });
  await writeFile(lock, '');
  await utimes(lock, long, long);
  expect(await moveRef(root, 'refs/blueprint/dark-mode/head', base, undefined)).toBe(true);
  expect(await readRef(root, 'refs/blueprint/dark-mode/head')).toBe(base);
});

test('a lock of the person is waited for and never removed', async () => {
  const { root, base } = await sampleRepository(join(folder(), 'project'));
  const lock = join(root, '.git/refs/heads/other.lock');
  await writeFile(lock, '');
  await utimes(lock, long, long);
  const moved = moveRef(root, 'refs/heads/other', base, undefined);
  const early = await Promise.race([moved, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
  expect(early).toBe('waits');
  expect((await stat(lock)).isFile()).toBe(true);
  await rm(lock);
  expect(await moved).toBe(true);
});

test('a git that works on a repository is seen, also where there is no /proc', async () => {
  const { root } = await sampleRepository(join(folder(), 'project'));
  const gitDir = join(root, '.git');
  expect(await gitRuns([`--git-dir=${gitDir}`])).toBe(false);
  const waiting = execFile('git', [`--git-dir=${gitDir}`, 'hash-object', '--stdin']);
  try {
    expect(await gitRuns([`--git-dir=${gitDir}`, 'hash-object'])).toBe(true);
    expect(await gitRuns([`--git-dir=${gitDir}`, 'update-ref'])).toBe(false);
    expect(await gitRuns([`--git-dir=${gitDir.slice(0, -1)}`])).toBe(false);
    expect((await commandsFromPs()).some((command) => command.includes(gitDir))).toBe(true);
  } finally {
    waiting.stdin?.end();
    await new Promise((resolve) => waiting.once('exit', resolve));
  }
});
