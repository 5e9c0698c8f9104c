/**
 * Random repositories, tasks and drafts with conflicting edits, through the real functions and in random orders: every
 * draft's change is on the branch exactly once or reported as a conflict, the history is linear, the checkout is as it
 * was, and nothing is left after the clean-up. `BLUEPRINT_PROPERTY_RUNS` asks for more runs, and a failure prints the
 * seed to run again with.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { draftRef } from '../../src/domain/names.js';
import { applyAnswer, snapshot } from '../../src/workspace/draft.js';
import { commitIntegration, findIntegrated, mergeDraft } from '../../src/workspace/integrate.js';
import { featureHead, openFeatureRefs } from '../../src/workspace/repository.js';
import { prepareWorktree, removeWorktrees, worktreePath } from '../../src/workspace/worktree.js';
import { inTemporaryFolder } from '../support/folders.js';
import { changedPaths, expectKept, linearHistory } from '../support/history.js';
import {
  at,
  checkoutFingerprint,
  instance,
  makeRepository,
  type TestRepository,
} from '../support/repository.js';

/** Each makes a repository and some tens of git processes: as many as stay well below a minute on two busy cores. */
const runs = Number(process.env.BLUEPRINT_PROPERTY_RUNS ?? 12);
const feature = 'random';

const folder = inTemporaryFolder();

const paths = ['a.txt', 'b.txt', 'dir/c.txt', 'dir/d e.txt', 'ü/é.txt', 'new/x.txt', 'new/y.txt'];
/** Few different lines and few places, so that edits meet. */
const line = fc.constantFrom('one', 'two', 'three', 'four\r', '');
const content = fc
  .array(line, { minLength: 0, maxLength: 8 })
  .chain((lines) => fc.boolean().map((ended) => lines.join('\n') + (ended && lines.length > 0 ? '\n' : '')));

const edit = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('write' as const), path: fc.constantFrom(...paths), content }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), path: fc.constantFrom(...paths) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('mode' as const), path: fc.constantFrom(...paths) }),
  },
);
type Edit = (typeof edit)['generate'] extends (...args: never[]) => { value: infer T } ? T : never;

interface Model {
  base: [string, string][];
  dirty: boolean;
  tasks: { edits: Edit[]; asAnswer: boolean; key: number; afterFirst: boolean; twice: boolean }[];
}

const model: fc.Arbitrary<Model> = fc.record({
  base: fc.uniqueArray(fc.tuple(fc.constantFrom(...paths), content), {
    selector: ([path]) => path,
    minLength: 1,
    maxLength: 5,
  }),
  dirty: fc.boolean(),
  tasks: fc.array(
    fc.record({
      edits: fc.uniqueArray(edit, { selector: ({ path }) => path, minLength: 1, maxLength: 3 }),
      // As a model's text, or as edits of the worktree.
      asAnswer: fc.boolean(),
      // Decides the order in which drafts are approved.
      key: fc.integer(),
      // Drafted from the head that the first integration left, not from the base.
      afterFirst: fc.boolean(),
      // Asked for again, as after a lost worker.
      twice: fc.boolean(),
    }),
    { minLength: 2, maxLength: 4 },
  ),
});

async function draft(root: string, task: string, base: string, { edits, asAnswer }: Model['tasks'][number]) {
  const worktree = await prepareWorktree({ root, instance, feature, task }, base);
  // A text answer has no modes, and deletes only what is there.
  const here = edits.filter(({ kind, path }) => kind === 'write' || existsSync(join(worktree, path)));
  const writes = here.flatMap((one) =>
    one.kind === 'write' ? [{ path: one.path, content: one.content }] : [],
  );
  const deletions = here.flatMap((one) => (one.kind === 'delete' ? [one.path] : []));
  if (asAnswer) await applyAnswer(worktree, { files: writes, diffs: [], deletions });
  else {
    for (const path of deletions) await rm(join(worktree, path));
    for (const { path, content } of writes) {
      await mkdir(dirname(join(worktree, path)), { recursive: true });
      await writeFile(join(worktree, path), content);
    }
    for (const one of here) if (one.kind === 'mode') await chmod(join(worktree, one.path), 0o755);
  }
  const ref = draftRef(feature, task, 1);
  return snapshot(worktree, { root, ref, parent: base, message: `${task}\n`, at });
}

type Outcome =
  | { kind: 'integrated'; commit: string }
  | { kind: 'empty' }
  | { kind: 'conflict'; files: string[] };

/** What the integration's activity does, without the checks. */
async function integrate(
  root: string,
  task: string,
  base: string,
  featureBase: string,
  commit: string,
): Promise<Outcome> {
  const head = (await featureHead(root, feature)) ?? featureBase;
  const key = { feature, task, attempt: 1 };
  const found = await findIntegrated(root, { ...key, base: featureBase, head });
  if (found !== undefined) return { kind: 'integrated', commit: found };
  const merge = await mergeDraft(root, { head, base, draft: commit });
  if (merge.kind !== 'clean') return merge;
  return {
    kind: 'integrated',
    commit: await commitIntegration(root, { ...key, title: task, body: '', tree: merge.tree, head, at }),
  };
}

async function holds({ base: files, dirty, tasks }: Model): Promise<void> {
  const own = await mkdtemp(join(folder(), 'run-'));
  process.env.XDG_STATE_HOME = join(own, 'state');
  const repository = await makeRepository(join(own, 'project'));
  const { root, git } = repository;
  for (const [path, text] of files) await repository.write(path, text);
  const base = await repository.commit('Base');
  if (dirty) {
    await repository.write('a.txt', 'half done');
    await git('add', 'a.txt');
    await repository.write('untracked', '');
  }
  const before = await checkoutFingerprint(root);
  await openFeatureRefs(root, feature, base);

  const named = tasks.map((task, index) => ({ ...task, id: `T00${index + 1}` }));
  const drafts = new Map<string, { base: string; commit: string }>();
  const makeDrafts = async (from: string, which: typeof named) => {
    await Promise.all(
      which.map(async (task) => {
        drafts.set(task.id, { base: from, commit: (await draft(root, task.id, from, task)).commit });
      }),
    );
  };
  const [first, ...later] = [...named].sort((a, b) => a.key - b.key);
  if (first === undefined) return;
  await makeDrafts(
    base,
    named.filter((task) => task === first || !task.afterFirst),
  );
  const outcomes = new Map<string, Outcome>();
  const put = async (task: (typeof named)[number]) => {
    const made = drafts.get(task.id);
    if (made === undefined) throw new Error(`${task.id} has no draft`);
    const once = () => integrate(root, task.id, made.base, base, made.commit);
    const outcome = await once();
    outcomes.set(task.id, outcome);
    if (task.twice && outcome.kind === 'integrated') expect(await once()).toEqual(outcome);
  };
  await put(first);
  const moved = (await featureHead(root, feature)) ?? base;
  await makeDrafts(
    moved,
    later.filter((task) => task.afterFirst),
  );
  for (const task of later) await put(task);

  await linear(repository, base, outcomes);
  for (const [task, outcome] of outcomes) await keptOrReported(repository, drafts.get(task), outcome);
  expect(await checkoutFingerprint(root)).toEqual(before);
  await removeWorktrees(root, instance, feature);
  expect(await readdir(join(root, '.git/worktrees')).catch(() => [])).toEqual([]);
  expect(existsSync(dirname(worktreePath({ root, instance, feature, task: 'T001' })))).toBe(false);
  const names = await readdir(join(root, '.git'), { recursive: true });
  expect(names.filter((name) => name.endsWith('.lock'))).toEqual([]);
  await git('fsck', '--strict', '--no-dangling');
}

/** The branch is the head, one commit for each integrated task, each on top of the one before. */
async function linear({ git }: TestRepository, base: string, outcomes: Map<string, Outcome>): Promise<void> {
  const commits = await linearHistory(git, base, `refs/heads/blueprint/${feature}`);
  expect(await git('rev-parse', `refs/blueprint/${feature}/head`)).toBe(commits.at(-1) ?? base);
  const integrated = [...outcomes.values()].flatMap((one) => (one.kind === 'integrated' ? [one.commit] : []));
  expect(commits).toEqual(integrated);
}

/** What a draft changes is in its commit; a conflict names files, of a draft that changes some. */
async function keptOrReported(
  { git }: TestRepository,
  made: { base: string; commit: string } | undefined,
  outcome: Outcome,
): Promise<void> {
  if (made === undefined) throw new Error('unreachable: every task has a draft');
  if (outcome.kind === 'integrated') await expectKept(git, made, outcome.commit);
  if (outcome.kind !== 'conflict') return;
  expect(outcome.files.length).toBeGreaterThan(0);
  expect((await changedPaths(git, made.base, made.commit)).length).toBeGreaterThan(0);
}

test(
  'every draft’s change is on the branch once or reported, whatever collides and in whatever order',
  async () => {
    // No time limit of fast-check's: it would leave the run that it interrupts going, in a folder that is then removed.
    await fc.assert(fc.asyncProperty(model, holds), { numRuns: runs, endOnFailure: true });
  },
  180_000 + runs * 5_000,
);
