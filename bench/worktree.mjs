/** What a task's worktree costs in a large repository: time and disk, for each thing that is done with it. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { draftRef } from '../dist/domain/names.js';
import { applyAnswer, snapshot } from '../dist/workspace/draft.js';
import { commitIntegration, mergeDraft } from '../dist/workspace/integrate.js';
import { openFeatureRefs } from '../dist/workspace/repository.js';
import { prepareWorktree, removeWorktrees } from '../dist/workspace/worktree.js';
import { rounded } from './figures.mjs';

const run = promisify(execFile);

const count = 100_000;
const perFolder = 100;
const instance = 'bench';
const feature = 'large';
/** Some moment, in milliseconds since 1970. */
const at = 1_700_000_000_000;

/**
 * @param {import('./place.mjs').Place} place
 * @param {(line: string) => void} announce
 */
export async function measureWorktree(place, announce) {
  announce(`a repository of ${count} files ...`);
  const root = join(place.folder, 'large');
  const base = await makeRepository(root);
  await openFeatureRefs(root, feature, base);
  const objects = await kilobytes(join(root, '.git/objects'));
  const key = (/** @type {string} */ task) => ({ root, instance, feature, task });

  announce('worktrees, drafts and integrations in it ...');
  const first = await timed(() => prepareWorktree(key('T001'), base));
  const worktree = first.result;
  const answer = (/** @type {string} */ text) => ({
    files: [
      { path: 'd7/f3.js', content: text },
      { path: `d8/${text}.js`, content: text },
    ],
    diffs: [],
  });
  const apply = await timed(() => applyAnswer(worktree, answer('one')));
  const options = (/** @type {string} */ task) => ({
    root,
    ref: draftRef(feature, task, 1),
    parent: base,
    message: `${task} draft 1\n`,
    at,
  });
  const taken = await timed(() => snapshot(worktree, options('T001')));
  const { commit } = taken.result;
  const checks = await timed(() => prepareWorktree(key('T001'), commit));
  const again = await timed(() => prepareWorktree(key('T001'), base));
  const unmoved = await timed(() => integrate(root, 'T001', base, base, commit));

  const other = await timed(() => prepareWorktree(key('T002'), base));
  await applyAnswer(other.result, {
    files: [{ path: 'd9/f1.js', content: 'two' }],
    diffs: [],
  });
  const second = await snapshot(other.result, options('T002'));
  const moved = await timed(() => integrate(root, 'T002', unmoved.result, base, second.commit));
  const disk = await kilobytes(worktree);
  const added = (await kilobytes(join(root, '.git/objects'))) - objects;
  const removed = await timed(() => removeWorktrees(root, instance, feature));
  return {
    files: count,
    firstMs: first.ms,
    secondTaskMs: other.ms,
    applyMs: apply.ms,
    snapshotMs: taken.ms,
    resetToDraftMs: checks.ms,
    resetMs: again.ms,
    integrateMs: unmoved.ms,
    integrateMovedMs: moved.ms,
    removeMs: removed.ms,
    worktreeMb: rounded(disk / 1024, 1),
    objectsAddedKb: added,
  };
}

/** @param {Awaited<ReturnType<typeof measureWorktree>>} figures */
export const worktreeLines = (figures) => [
  `worktree of ${figures.files} files, made for a task: ${figures.firstMs} ms, for another: ${figures.secondTaskMs} ms`,
  `reset to the draft for its checks: ${figures.resetToDraftMs} ms, for the next attempt: ${figures.resetMs} ms`,
  `a text answer put into it: ${figures.applyMs} ms; its snapshot: ${figures.snapshotMs} ms`,
  `integrated on the base: ${figures.integrateMs} ms, on a head that has moved: ${figures.integrateMovedMs} ms`,
  `disk of a worktree: ${figures.worktreeMb} MB; objects that two tasks added: ${figures.objectsAddedKb} KB`,
  `two worktrees removed: ${figures.removeMs} ms`,
];

/**
 * @param {string} root
 * @param {string} task
 * @param {string} head
 * @param {string} base
 * @param {string} draft
 */
async function integrate(root, task, head, base, draft) {
  const merge = await mergeDraft(root, { head, base, draft });
  if (merge.kind !== 'clean') throw new Error(`The bench's draft is ${merge.kind}.`);
  const message = { title: task, body: '', attempt: 1 };
  return commitIntegration(root, { ...message, feature, task, tree: merge.tree, head, at });
}

/** @param {string} root */
async function makeRepository(root) {
  await mkdir(root, { recursive: true });
  for (let folder = 0; folder < count / perFolder; folder++) {
    await mkdir(join(root, `d${folder}`));
    const files = Array.from({ length: perFolder }, (_, index) => index);
    await Promise.all(
      files.map((index) =>
        writeFile(
          join(root, `d${folder}`, `f${index}.js`),
          `export const name = 'd${folder}/f${index}';\n`.repeat(20),
        ),
      ),
    );
  }
  const git = async (/** @type {string[]} */ ...args) =>
    (
      await run('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', ...args], {
        cwd: root,
      })
    ).stdout;
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message=Begin');
  await git('repack', '-a', '-d', '--quiet');
  return (await git('rev-parse', 'HEAD')).trim();
}

/** @param {string} folder */
const kilobytes = async (folder) => Number((await run('du', ['-sk', folder])).stdout.split('\t')[0]);

/**
 * @template T
 * @param {() => Promise<T>} work
 */
async function timed(work) {
  const began = performance.now();
  const result = await work();
  return { result, ms: rounded(performance.now() - began, 0) };
}
