import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readArtifact } from '../../src/feature/artifacts.js';
import { savePartial, showPartial } from '../../src/feature/partial.js';
import { temporaryFolders } from '../support/folders.js';

const folder = temporaryFolders();

async function tree(directory: string): Promise<string[]> {
  const found = await readdir(join(directory, 'partial'), { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name).slice(directory.length + '/partial/'.length),
    )
    .sort();
}

const file = (path: string, content: string) => ({ files: [{ path, content }] });

describe('what a task produced is kept by the names that people know', () => {
  test('notes, scaffolding, code, a review, a correction', async () => {
    const directory = await folder();
    await savePartial(directory, 'T001', 'architecture', 1, { text: '# Notes', extension: 'md' });
    await savePartial(directory, 'T002', 'boilerplate', 1, file('package.json', '{}'));
    await savePartial(directory, 'T003', 'code', 1, file('src/list.test.js', 'x'));
    await savePartial(directory, 'T003', 'review', 1, { text: '{}', extension: 'json' });
    await savePartial(directory, 'T003', 'corrected', 2, file('src/Dockerfile', 'y'));
    expect((await tree(directory)).filter((name) => !name.startsWith('attempts/'))).toEqual([
      'T001_architecture.md',
      'T002_boilerplate.json',
      'T003_code.js',
      'T003_corrected.txt',
      'T003_review.json',
    ]);
  });

  test('several files as a folder', async () => {
    const directory = await folder();
    const references = await savePartial(directory, 'T003', 'code', 1, {
      files: [
        { path: 'src/a.js', content: 'a' },
        { path: 'test/a.test.js', content: 't' },
      ],
    });
    expect(await tree(directory)).toEqual([
      'T003_code/src/a.js',
      'T003_code/test/a.test.js',
      'attempts/T003_code.1/src/a.js',
      'attempts/T003_code.1/test/a.test.js',
    ]);
    expect(references.map((reference) => reference.path)).toEqual([
      'partial/attempts/T003_code.1/src/a.js',
      'partial/attempts/T003_code.1/test/a.test.js',
    ]);
  });
});

describe('earlier attempts', () => {
  test('stay, numbered, and their references stay good', async () => {
    const directory = await folder();
    const [first] = await savePartial(directory, 'T003', 'code', 1, file('a.js', 'one'));
    await savePartial(directory, 'T003', 'code', 2, file('a.js', 'two'));
    expect(await tree(directory)).toEqual([
      'T003_code.js',
      'attempts/T003_code.1.js',
      'attempts/T003_code.2.js',
    ]);
    expect(await readFile(join(directory, 'partial', 'T003_code.js'), 'utf8')).toBe('two');
    if (first === undefined) throw new Error('no reference');
    expect(await readArtifact(directory, first)).toBe('one');
  });

  test('of another shape do not linger under the plain name', async () => {
    const directory = await folder();
    const two = {
      files: [
        { path: 'a.js', content: 'a' },
        { path: 'b.js', content: 'b' },
      ],
    };
    await savePartial(directory, 'T003', 'code', 1, file('a.py', 'one'));
    await savePartial(directory, 'T003', 'code', 2, two);
    await savePartial(directory, 'T003', 'code', 3, {
      files: [...two.files.slice(0, 1), { path: 'c.js', content: 'c' }],
    });
    const plain = (await tree(directory)).filter((name) => !name.startsWith('attempts/'));
    expect(plain).toEqual(['T003_code/a.js', 'T003_code/c.js']);
  });

  test('saved again after a kill change nothing', async () => {
    const directory = await folder();
    const saved = () => savePartial(directory, 'T003', 'code', 1, file('a.js', 'one'));
    const references = await saved();
    await savePartial(directory, 'T003', 'code', 2, file('a.js', 'two'));
    const before = await tree(directory);
    expect(await saved()).toEqual(references);
    expect(await tree(directory)).toEqual(before);
    expect(await readFile(join(directory, 'partial', 'T003_code.js'), 'utf8')).toBe('two');
  });

  test('are not overwritten by something else under their number', async () => {
    const directory = await folder();
    await savePartial(directory, 'T003', 'code', 1, file('a.js', 'one'));
    const [second] = await savePartial(directory, 'T003', 'code', 1, file('a.js', 'other'));
    expect(second?.path).toMatch(/^partial\/attempts\/T003_code\.1-[0-9a-f]{8}\.js$/);
    expect(await readFile(join(directory, 'partial', 'attempts', 'T003_code.1.js'), 'utf8')).toBe('one');
  });
});

test('the drafts of a race are kept side by side', async () => {
  const directory = await folder();
  await savePartial(directory, 'T003', 'code', 1, file('a.js', 'd'), 'deepseek');
  await savePartial(directory, 'T003', 'code', 1, file('a.js', 'g'), 'gemini');
  expect(await tree(directory)).toEqual([
    'attempts/T003_code.1-deepseek.js',
    'attempts/T003_code.1-gemini.js',
  ]);
});

test('the draft that a race was decided for gets the plain name', async () => {
  const directory = await folder();
  const single = await savePartial(directory, 'T001', 'code', 1, file('src/a.js', 'gemini'), 'gemini');
  await savePartial(directory, 'T001', 'code', 1, file('src/a.js', 'deepseek'), 'deepseek');
  await showPartial(directory, single);
  expect(await readFile(join(directory, 'partial', 'T001_code.js'), 'utf8')).toBe('gemini');

  const files = [
    { path: 'src/a.js', content: 'one' },
    { path: 'test/a.test.js', content: 'two' },
  ];
  await showPartial(
    directory,
    await savePartial(directory, 'T002', 'code', 1, { files }, 'openai-compatible'),
  );
  expect(await readFile(join(directory, 'partial', 'T002_code', 'test', 'a.test.js'), 'utf8')).toBe('two');
});

test('paths that lead elsewhere are refused before anything is written', async () => {
  const directory = await folder();
  const files = [
    { path: 'a.js', content: 'a' },
    { path: '../../../evil.js', content: 'x' },
  ];
  await expect(savePartial(directory, 'T003', 'code', 1, { files })).rejects.toThrow('`..` part');
  await expect(savePartial(directory, '../T003', 'code', 1, file('a.js', 'a'))).rejects.toThrow('not usable');
  expect(await readdir(directory)).toEqual([]);
});
