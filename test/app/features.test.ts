/** A project's features, looked at together: a damaged one hides no other. */
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openProject } from '../../src/app/index.js';
import { isMoving, listLines } from '../../src/present/status-text.js';
import { addFeature, commandProject, type TestProject, troubled } from '../cli/project.js';

let project: TestProject;
beforeAll(async () => {
  project = await commandProject();
  for (const name of ['newer', 'odd', 'unreadable', 'whole']) await addFeature(project.root, name, troubled);
  const journal = (name: string) => join(project.root, '.blueprint', 'features', name, 'journal.jsonl');
  await appendFile(journal('newer'), '{"v":2,"kind":"later"}\n');
  // Of a kind that there is, and not what such an entry says.
  await appendFile(journal('odd'), '{"v":1,"kind":"plan","at":1,"workflow":"w","run":"r","seq":9}\n');
  await rm(journal('unreadable'));
  await mkdir(journal('unreadable'));
});
afterAll(() => project.remove());

test('a damaged journal costs its feature a line, and the others nothing', async () => {
  const features = await (await openProject(project.root)).features();
  expect(features.map(({ name, damage }) => [name, damage !== undefined])).toEqual([
    ['newer', true],
    ['odd', false],
    ['unreadable', true],
    ['whole', false],
  ]);
  const [newer, odd, unreadable, whole] = features;
  expect(newer?.damage).toContain('journal.jsonl was written by a newer version of Blueprint');
  expect(unreadable?.damage).toContain('journal.jsonl cannot be read (EISDIR)');
  expect({ ...odd, name: 'whole' }).toEqual(whole);
  expect(features.filter(isMoving).map(({ name }) => name)).not.toContain('newer');
  const lines = listLines(features);
  expect(lines.filter((line) => line.includes('damaged'))).toHaveLength(2);
  expect(lines.join('\n')).toContain(`newer: ${newer?.damage}`);
});

test('what goes on with it says the file', async () => {
  const one = (await openProject(project.root)).feature('newer');
  await expect(one.status()).rejects.toMatchObject({ code: 'newer-file' });
  // Asked again, it is no more whole than before.
  await expect(one.status()).rejects.toMatchObject({ code: 'newer-file' });
});
