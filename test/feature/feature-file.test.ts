/** What a feature was started with: frozen, read again as it was, and named when it cannot be. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { configSchema } from '../../src/domain/config/schema.js';
import type { FeatureInput } from '../../src/domain/feature/types.js';
import { readFeatureInput, saveFeatureInput } from '../../src/feature/feature-file.js';
import { temporaryFolders } from '../support/folders.js';

const folder = temporaryFolders();

const input: FeatureInput = {
  feature: 'login',
  instance: '0123456789ab',
  root: '/home/ada/shop',
  mode: 'interactive',
  config: configSchema.parse({ maxIterations: 1 }),
  base: '1'.repeat(40),
  baseBranch: 'main',
  brief: { path: 'brief.md', sha256: 'a'.repeat(64), bytes: 12 },
  briefIsSpec: false,
  usedRounds: 0,
  embedded: true,
};

type Stored = Record<string, unknown>;

/** Changes a file as another hand, or another version, might have. */
async function change(directory: string, name: string, edit: (stored: Stored) => Stored): Promise<void> {
  const path = join(directory, name);
  const stored: Stored = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(edit(stored)));
}

test('what was saved is read again', async () => {
  const directory = await folder();
  await expect(readFeatureInput(directory)).resolves.toBeUndefined();
  await saveFeatureInput(directory, input);
  await expect(readFeatureInput(directory)).resolves.toEqual(input);
});

test('what this version does not know of a feature is not lost when it is read and saved again', async () => {
  const directory = await folder();
  await saveFeatureInput(directory, input);
  const more = (stored: Stored) => ({ ...stored, owner: 'Ada', brief: { ...input.brief, language: 'en' } });
  await change(directory, 'feature.json', more);
  const read = await readFeatureInput(directory);
  if (read === undefined) throw new Error('There is a feature.');
  await saveFeatureInput(directory, read);
  const stored: Stored = JSON.parse(await readFile(join(directory, 'feature.json'), 'utf8'));
  expect(stored).toMatchObject({ owner: 'Ada', brief: { language: 'en' } });
});

test('a setting that this version does not know is refused, not left out', async () => {
  const directory = await folder();
  await saveFeatureInput(directory, input);
  await change(directory, 'config.json', (stored) => ({ ...stored, sandbox: true }));
  await expect(readFeatureInput(directory)).rejects.toMatchObject({
    code: 'damaged-file',
    message: expect.stringMatching(/config\.json.*sandbox/),
  });
});

test('a setting that was not there yet has its default', async () => {
  const directory = await folder();
  await saveFeatureInput(directory, input);
  await change(directory, 'config.json', ({ onQuota: _, ...stored }) => stored);
  await expect(readFeatureInput(directory)).resolves.toEqual(input);
});

test.each(['feature.json', 'config.json'])(
  '%s of a newer version is named, and not guessed at',
  async (name) => {
    const directory = await folder();
    await saveFeatureInput(directory, input);
    await change(directory, name, (stored) => ({ ...stored, v: 2 }));
    const reading = readFeatureInput(directory);
    await expect(reading).rejects.toMatchObject({
      code: 'newer-file',
      params: { file: join(directory, name) },
    });
    await expect(reading).rejects.toThrow(
      `${join(directory, name)} was written by a newer version of Blueprint`,
    );
  },
);

test.each([
  ['feature.json', ''],
  ['feature.json', '{"v": 1, "feature": "login"'],
  ['feature.json', '{"v": 1, "feature": "login"}'],
  ['feature.json', '[]'],
  ['config.json', '{"v": 1, "maxIterations": "three"}'],
  ['config.json', '{}'],
])('a damaged %s is named: %s', async (name, text) => {
  const directory = await folder();
  await saveFeatureInput(directory, input);
  await writeFile(join(directory, name), text);
  const reading = readFeatureInput(directory);
  await expect(reading).rejects.toMatchObject({
    code: 'damaged-file',
    params: { file: join(directory, name) },
  });
  await expect(reading).rejects.toThrow(`${join(directory, name)} is damaged: `);
});

test('a missing configuration is named', async () => {
  const directory = await folder();
  await saveFeatureInput(directory, input);
  await rm(join(directory, 'config.json'));
  await expect(readFeatureInput(directory)).rejects.toThrow(`${join(directory, 'config.json')} is missing.`);
});
