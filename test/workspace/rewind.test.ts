/** Moving a feature's head back: interrupted after any step, and done again, it ends the same. */
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { featureHead, moveRef, openFeatureRefs, readRef } from '../../src/workspace/repository.js';
import { rewindHead } from '../../src/workspace/rewind.js';
import { inTemporaryFolder } from '../support/folders.js';
import { makeRepository, type TestRepository } from '../support/repository.js';

const folder = inTemporaryFolder();
const feature = 'dark-mode';
const head = 'refs/blueprint/dark-mode/head';
const kept = 'refs/blueprint/dark-mode/rewound/1';
const branch = 'refs/heads/blueprint/dark-mode';

let repository: TestRepository;
let base: string;
let from: string;

beforeEach(async () => {
  repository = await makeRepository(join(folder(), 'repo'));
  await repository.write('a.txt', 'one');
  base = await repository.commit();
  await openFeatureRefs(repository.root, feature, base);
  await repository.git('checkout', '--quiet', '--detach');
  await repository.write('a.txt', 'two');
  from = await repository.commit();
  await repository.git('checkout', '--quiet', 'main');
  await moveRef(repository.root, head, from, base);
  await moveRef(repository.root, branch, from, base);
});

const rewind = () => rewindHead(repository.root, { feature, number: 1, from, to: base });
const refs = async () => ({
  head: await featureHead(repository.root, feature),
  kept: await readRef(repository.root, kept),
  branch: await readRef(repository.root, branch),
});

describe('a rewind that was killed', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['before its first step', async () => undefined],
    ['when it had kept the old head', () => moveRef(repository.root, kept, from, undefined)],
    [
      'when it had moved the head',
      async () => {
        await moveRef(repository.root, kept, from, undefined);
        await moveRef(repository.root, head, base, from);
      },
    ],
    ['at its end', rewind],
  ])('%s is done again with the same outcome', async (_moment, interrupted) => {
    await interrupted();
    expect(await rewind()).toBe(kept);
    expect(await refs()).toEqual({ head: base, kept: from, branch: base });
  });
});

test('a branch that is checked out stays where it is, and follows when it is free', async () => {
  await repository.git('checkout', '--quiet', 'blueprint/dark-mode');
  await rewind();
  expect(await refs()).toEqual({ head: base, kept: from, branch: from });
  await repository.git('checkout', '--quiet', 'main');
  await openFeatureRefs(repository.root, feature, base);
  expect((await refs()).branch).toBe(base);
});

test('a branch with commits of a person’s own stays where it is', async () => {
  await repository.git('checkout', '--quiet', 'blueprint/dark-mode');
  await repository.write('own.txt', 'own');
  const own = await repository.commit();
  await repository.git('checkout', '--quiet', 'main');
  await rewind();
  expect(await refs()).toEqual({ head: base, kept: from, branch: own });
});

test('neither a head that has moved nor a ref that is taken is overwritten', async () => {
  await moveRef(repository.root, kept, base, undefined);
  await expect(rewind()).rejects.toThrow('is taken');
  expect(await refs()).toEqual({ head: from, kept: base, branch: from });
  await repository.git('update-ref', '-d', kept);
  const other = await repository.git('commit-tree', `${base}^{tree}`, '-p', from, '-m', 'other');
  await moveRef(repository.root, head, other, from);
  await expect(rewind()).rejects.toThrow('does not stand at');
  expect((await refs()).head).toBe(other);
});
