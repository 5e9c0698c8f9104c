/** Looking at what may not be there: missing is no error, and every other error is. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exists, readIfExists, sizeText, unlessMissing } from '../../src/host/files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
  await writeFile(join(folder, 'note'), 'ä');
  await mkdir(join(folder, 'inner'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a file that is there is read as text', async () => {
  await expect(readIfExists(join(folder, 'note'))).resolves.toBe('ä');
});

test.each([
  ['that is not there', 'other'],
  ['in a folder that is not there', 'none/other'],
  ['below what is a file', 'note/other'],
])('a file %s is undefined', async (_, path) => {
  await expect(readIfExists(join(folder, path))).resolves.toBeUndefined();
  await expect(unlessMissing(readdir(join(folder, path)))).resolves.toBeUndefined();
  await expect(exists(join(folder, path))).resolves.toBe(false);
});

test('any other error is thrown', async () => {
  await expect(readIfExists(join(folder, 'inner'))).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(unlessMissing(Promise.reject(new Error('something else')))).rejects.toThrow('something else');
});

test('a size is told in the unit that a person reads', () => {
  expect([999, 1_000, 20_000_000].map(sizeText)).toEqual(['999 bytes', '1.0 kB', '20.0 MB']);
});
