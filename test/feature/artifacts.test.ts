import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { keepVersion, readArtifact, saveArtifact } from '../../src/feature/artifacts.js';
import { temporaryFolders } from '../support/folders.js';

const folder = temporaryFolders();

test('what is saved is read back by its reference', async () => {
  const directory = await folder();
  const reference = await saveArtifact(directory, 'notes/spec.md', 'Größe\n');
  expect(reference).toMatchObject({ path: 'notes/spec.md', bytes: 8 });
  expect(await readArtifact(directory, reference)).toBe('Größe\n');
  expect(await readdir(join(directory, 'notes'))).toEqual(['spec.md']);
});

test('a file that was changed since, is gone, or is too long is refused in a sentence', async () => {
  const directory = await folder();
  const reference = await saveArtifact(directory, 'spec.md', 'one');
  await expect(readArtifact(directory, reference, { maxBytes: 2 })).rejects.toThrow(
    'spec.md is 3 bytes long; at most 2 bytes can be used.',
  );
  await writeFile(join(directory, 'spec.md'), 'two');
  await expect(readArtifact(directory, reference)).rejects.toThrow('was changed since it was recorded');
  await rm(join(directory, 'spec.md'));
  await expect(readArtifact(directory, reference)).rejects.toThrow(`spec.md is missing from ${directory}.`);
  await mkdir(join(directory, 'spec.md'));
  await expect(keepVersion(directory, 'spec.md')).rejects.toThrow('is not a file');
});

test('a version of a file that a person may edit is found after the edit too', async () => {
  const directory = await folder();
  await saveArtifact(directory, 'spec.md', 'one');
  const before = await keepVersion(directory, 'spec.md');
  await writeFile(join(directory, 'spec.md'), 'two');
  const after = await keepVersion(directory, 'spec.md');
  expect(after.sha256).not.toBe(before.sha256);
  expect(await readArtifact(directory, before)).toBe('one');
  expect(await readArtifact(directory, after)).toBe('two');
});

describe('nothing is written outside of the feature', () => {
  test.each(['/etc/x', '../x', 'a/../../x', 'a//x', './x', '', 'a\\b', 'a\0b'])(
    'by the path %j',
    async (path) => {
      const directory = await folder();
      await expect(saveArtifact(directory, path, 'x')).rejects.toThrow(/path/);
      expect(await readdir(directory)).toEqual([]);
    },
  );

  test('through a symbolic link, to a folder or to a file', async () => {
    const directory = await folder();
    const outside = await folder();
    await writeFile(join(outside, 'file'), 'theirs');
    await symlink(outside, join(directory, 'link'));
    await symlink(join(outside, 'file'), join(directory, 'file'));
    await expect(saveArtifact(directory, 'link/x', 'x')).rejects.toThrow('leads through the symbolic link');
    await expect(saveArtifact(directory, 'file', 'x')).rejects.toThrow('leads through the symbolic link');
    await expect(keepVersion(directory, 'file')).rejects.toThrow('leads through the symbolic link');
    expect(await readdir(outside)).toEqual(['file']);
    expect(await readFile(join(outside, 'file'), 'utf8')).toBe('theirs');
  });
});
