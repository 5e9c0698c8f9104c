/** An approved draft goes on the branch exactly once, or says why it does not. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { integrateCall } from '../../src/domain/calls/call-key.js';
import type { Check } from '../../src/domain/config/schema.js';
import { featureBranch, headRef } from '../../src/domain/names.js';
import { integrate } from '../../src/drafts/integrate.js';
import { openFeatureRefs } from '../../src/workspace/repository.js';
import { makeFeature, type TestFeature } from '../support/feature.js';
import { git } from '../support/project.js';

let feature: TestFeature;
beforeEach(async () => {
  feature = await makeFeature({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, '');
  await openFeatureRefs(feature.root, 'feature', feature.base);
});

/** A commit on the base that changes one file; the checkout is put back. */
async function draftOf(path: string, content: string): Promise<string> {
  await writeFile(join(feature.root, path), content);
  await git(feature.root, 'add', '--all');
  await git(feature.root, 'commit', '--quiet', '--message=Draft');
  const draft = await git(feature.root, 'rev-parse', 'HEAD');
  await git(feature.root, 'reset', '--quiet', '--hard', feature.base);
  return draft;
}

const integrateTask = (id: string, draft: string, checks: Check[] = []) => {
  const { base } = feature;
  const task = { id, title: `Do ${id}`, description: '', type: 'code' as const, dependsOn: [] };
  const call = integrateCall({ task, attempt: 1 }, { base, draft });
  const preparation = { setup: null, checks, baseline: [] };
  return integrate(
    { feature: 'feature', call, task, attempt: 1, base, featureBase: base, draft, at: 0, preparation },
    feature.scope,
  );
};
const at = (ref: string) => git(feature.root, 'rev-parse', ref);

test('it is found when it is begun again, and the branch follows where a kill has kept it from it', async () => {
  const draft = await draftOf('a.txt', 'changed\n');
  const first = await integrateTask('T001', draft);
  await git(feature.root, 'update-ref', `refs/heads/${featureBranch('feature')}`, feature.base);
  expect(await integrateTask('T001', draft)).toEqual(first);
  expect(first).toEqual({ kind: 'integrated', commit: await at(headRef('feature')) });
  expect(await at(featureBranch('feature'))).toBe(await at(headRef('feature')));
  // The change is there already.
  expect(await integrateTask('T002', draft)).toEqual({ kind: 'empty' });
});

test('what collides with the branch is told, and nothing moves', async () => {
  const [one, two] = [await draftOf('a.txt', 'one\n'), await draftOf('a.txt', 'two\n')];
  await integrateTask('T001', one);
  const head = await at(headRef('feature'));
  expect(await integrateTask('T002', two)).toMatchObject({
    kind: 'conflict',
    details: expect.stringContaining('a.txt'),
  });
  expect(await at(headRef('feature'))).toBe(head);
});

test('what breaks a check on top of the branch is told, with its output, and nothing moves', async () => {
  const [one, two] = [await draftOf('a.txt', 'one\n'), await draftOf('b.txt', 'two\n')];
  const pair = {
    name: 'pair',
    command: 'if grep -q one a.txt && grep -q two b.txt; then echo both; exit 1; fi',
  };
  await integrateTask('T001', one, [pair]);
  const head = await at(headRef('feature'));
  expect(await integrateTask('T002', two, [pair])).toMatchObject({
    kind: 'red',
    checks: [{ name: 'pair', ended: { kind: 'exit', status: 1 } }],
    output: 'both\n',
  });
  expect(await at(headRef('feature'))).toBe(head);
});
