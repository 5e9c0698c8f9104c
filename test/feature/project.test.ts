import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { findProject, listFeatures, openProject } from '../../src/feature/project.js';
import { temporaryFolders } from '../support/folders.js';

const run = promisify(execFile);
const folder = temporaryFolders();

test('a project has the same id each time that it is opened, and by whatever path', async () => {
  const root = await folder();
  const { instance } = await openProject(root);
  expect(instance).toMatch(/^[0-9a-f]{12}$/);
  const link = join(await folder(), 'link');
  await symlink(root, link);
  expect(await openProject(link)).toEqual({ root, instance, directory: join(root, '.blueprint') });
});

test('projects opened at the same time by several commands have one id', async () => {
  const root = await folder();
  const opened = await Promise.all(Array.from({ length: 8 }, () => openProject(root)));
  expect(new Set(opened.map((project) => project.instance)).size).toBe(1);
});

test('a copied or moved folder gets an id of its own, one for all who open it at once', async () => {
  const root = await folder();
  const { instance } = await openProject(root);
  const copy = join(await folder(), 'copy');
  await cp(root, copy, { recursive: true });
  expect(await findProject(copy)).toBeUndefined();
  const copies = await Promise.all(Array.from({ length: 8 }, () => openProject(copy)));
  const ids = new Set(copies.map((project) => project.instance));
  expect(ids.size).toBe(1);
  expect(ids).not.toContain(instance);
  expect((await openProject(copy)).instance).toBe(copies[0]?.instance);
  expect((await openProject(root)).instance).toBe(instance);
  const moved = `${copy}-moved`;
  await rename(copy, moved);
  expect([instance, ...ids]).not.toContain((await openProject(moved)).instance);
});

test('a damaged id is replaced', async () => {
  const root = await folder();
  await openProject(root);
  await writeFile(join(root, '.blueprint', 'id'), '{"id":"../..","path":');
  expect((await openProject(root)).instance).toMatch(/^[0-9a-f]{12}$/);
});

test('git shows nothing of ours but the prompts', async () => {
  const root = await folder();
  await run('git', ['init', '-q', root]);
  await openProject(root);
  const status = async () =>
    (await run('git', ['-C', root, 'status', '--porcelain', '--untracked-files=all'])).stdout.trim();
  expect(await status()).toBe('');
  await mkdir(join(root, '.blueprint', 'features', 'x'), { recursive: true });
  await writeFile(join(root, '.blueprint', 'features', 'x', 'spec.md'), 'x');
  await mkdir(join(root, '.blueprint', 'prompts'));
  await writeFile(join(root, '.blueprint', 'prompts', 'review.md'), 'x');
  expect(await status()).toBe('?? .blueprint/prompts/review.md');
});

test('looking for a project makes nothing', async () => {
  const root = await folder();
  expect(await findProject(root)).toBeUndefined();
  expect(await listFeatures(root)).toEqual([]);
  expect(await readdir(root)).toEqual([]);
  const opened = await openProject(root);
  expect(await findProject(root)).toEqual(opened);
});

test('features are listed by name; what is no feature is not', async () => {
  const root = await folder();
  const features = join(root, '.blueprint', 'features');
  for (const name of ['dark-mode', 'add-json', '.aside', 'Not-One'])
    await mkdir(join(features, name), { recursive: true });
  await writeFile(join(features, 'a-file'), '');
  expect(await listFeatures(root)).toEqual(['add-json', 'dark-mode']);
});

test('a file or a symbolic link in the place of .blueprint is refused and left alone', async () => {
  const root = await folder();
  await writeFile(join(root, '.blueprint'), 'mine');
  await expect(openProject(root)).rejects.toThrow('is not a folder; move it away');
  expect(await readFile(join(root, '.blueprint'), 'utf8')).toBe('mine');
  const other = await folder();
  await symlink(root, join(other, '.blueprint'));
  await expect(openProject(other)).rejects.toThrow('is not a folder');
});
