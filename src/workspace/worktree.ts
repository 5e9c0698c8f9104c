/**
 * The worktrees in which drafts are made and checked: detached, outside the repository, and always made to be what is
 * asked for, whatever a killed worker, a check or a model left there.
 */

import { chmod, lstat, mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { featureNameProblem } from '../domain/names.js';
import { Problem } from '../domain/problem.js';
import type { CommitHash } from '../domain/references.js';
import { writeFileAtomic } from '../host/atomic-file.js';
import { stateDirectory } from '../host/directories.js';
import { type Bring, bringFromCheckout } from './bring.js';
import { submodulesAt } from './contents.js';
import { type GitPlace, git } from './git.js';
import { gitRuns } from './git-locks.js';
import { repositoryPlace } from './repository.js';

export interface WorktreeKey {
  /** The repository's root folder. */
  root: string;
  instance: string;
  feature: string;
  /** A task's id, or another word for what the worktree is for. */
  task: string;
  /** Tells apart the worktrees of one task, such as the two of a race. */
  label?: string;
}

/** A worktree as git is told of it. */
export type WorktreePlace = Required<GitPlace>;

/** Killed git commands go on to their end; a checkout of a large repository takes this long at the most. */
const leftoverPatienceMs = 60_000;
const leftoverPollMs = 50;
/** Another process may make a worktree at the same moment, and git reads all of them when it makes one. */
const makingTries = 5;

/** Where a worktree is. A dot separates the label, because a task's id may hold hyphens and no dots. */
export function worktreePath(key: WorktreeKey): string {
  const parts = key.label === undefined ? [key.task] : [key.task, key.label];
  return join(featureFolder(key.instance, key.feature), parts.map(folderName).join('.'));
}

function featureFolder(instance: string, feature: string): string {
  const problem = featureNameProblem(feature);
  if (problem !== undefined) throw new Problem('name-unusable', problem);
  return join(stateDirectory(), 'worktrees', folderName(instance), feature);
}

function folderName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name)) return name;
  throw new Problem(
    'name-unusable',
    `${JSON.stringify(name)} cannot name a worktree; use letters, digits, hyphens, underscores.`,
  );
}

/** Written by git into each worktree's `locked` file: keeps `git worktree prune` away, and says whose it is. */
const ownerPrefix = (instance: string, feature: string) => `blueprint ${instance}/${feature}/`;

/** What a worktree is prepared for, besides being at a commit. */
export interface WorktreeUse {
  /**
   * What several steps do in it one after the other. A worktree that was prepared for the same steps and commit is
   * left as it stands: whoever goes on with them after a lost worker finds what they have made, and does not pull it
   * from under what still runs.
   */
  steps?: { name: string; turn: number };
  /** Brought from the checkout: ignored folders, and the files that `.worktreeinclude` names. */
  bring?: Bring;
}

/**
 * Makes a worktree at a commit, or resets the one that is there: nothing of what was in it before stays, ignored
 * files, submodules and repositories inside it included.
 *
 * @returns its path
 * @throws Problem when the worktree cannot be made, or something is to be brought that cannot
 */
export async function prepareWorktree(
  key: WorktreeKey,
  commit: CommitHash,
  { steps, bring }: WorktreeUse = {},
): Promise<string> {
  const path = worktreePath(key);
  const owner = ownerPrefix(key.instance, key.feature) + basename(path);
  const found = await findWhole(key.root, path, owner);
  if (found !== undefined && steps !== undefined && (await isAt(found, steps, commit))) return path;
  const place = await makeOrReset(key.root, path, owner, commit);
  if (bring !== undefined) await bringFromCheckout(key.root, place, bring);
  if (steps !== undefined) await noteSteps(place, steps, commit);
  return path;
}

async function makeOrReset(
  root: string,
  path: string,
  owner: string,
  commit: CommitHash,
): Promise<WorktreePlace> {
  for (let tries = 1; ; tries++) {
    try {
      const found = await findWhole(root, path, owner);
      const place = found ?? (await make(root, path, owner, commit));
      await (found === undefined ? fill(place, commit) : reset(root, place, commit));
      return place;
    } catch (error) {
      if (tries === makingTries) throw error;
      await discard(root, path, (other) => other === owner);
    }
  }
}

/** Written when the worktree is ready; removed by the next reset, like all of its name. */
const stepsFile = (place: WorktreePlace): string => join(place.gitDir, 'blueprint-steps');

interface Steps {
  name: string;
  turn: number;
  commit: CommitHash;
}

const noteSteps = (place: WorktreePlace, steps: NonNullable<WorktreeUse['steps']>, commit: CommitHash) =>
  writeFileAtomic(stepsFile(place), JSON.stringify({ ...steps, commit } satisfies Steps));

/** Whether the worktree was prepared for these steps, or for a later turn of them: then this one is over. */
async function isAt(
  place: WorktreePlace,
  { name, turn }: NonNullable<WorktreeUse['steps']>,
  commit: CommitHash,
): Promise<boolean> {
  const text = await readFile(stepsFile(place), 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  const noted = JSON.parse(text) as Steps;
  return noted.name === name && noted.commit === commit && noted.turn >= turn;
}

/** Removes every worktree of a feature. */
export async function removeWorktrees(root: string, instance: string, feature: string): Promise<void> {
  const folder = featureFolder(instance, feature);
  const prefix = ownerPrefix(instance, feature);
  await discard(root, folder, (owner) => owner.startsWith(prefix));
}

/** Removes one worktree. Nothing need be there. */
export async function removeWorktree(key: WorktreeKey): Promise<void> {
  const path = worktreePath(key);
  const owner = ownerPrefix(key.instance, key.feature) + basename(path);
  await discard(key.root, path, (found) => found === owner);
}

/** The folders of a feature's worktrees, also of those that the repository has lost. */
export async function worktreesOf(root: string, instance: string, feature: string): Promise<string[]> {
  const folder = featureFolder(instance, feature);
  const prefix = ownerPrefix(instance, feature);
  const names = await readdir(folder).catch((): string[] => []);
  const recorded = (await records(root)).filter((record) => record.owner.startsWith(prefix));
  const found = [...names, ...recorded.map((record) => record.owner.slice(prefix.length))];
  return [...new Set(found)].sort().map((name) => join(folder, name));
}

/** What the repository keeps of a worktree of Blueprint's. */
interface WorktreeRecord {
  directory: string;
  owner: string;
  /** Real path of the worktree's `.git` file; empty in a half-made record. */
  gitFile: string;
}

async function records(root: string): Promise<WorktreeRecord[]> {
  const { gitDir } = await repositoryPlace(root);
  const folder = join(gitDir, 'worktrees');
  const names = await readdir(folder).catch((): string[] => []);
  const read = (name: string, file: string) =>
    readFile(join(folder, name, file), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const all = await Promise.all(
    names.map(async (name) => ({
      directory: join(folder, name),
      owner: await read(name, 'locked'),
      gitFile: await read(name, 'gitdir'),
    })),
  );
  return all.filter((record) => record.owner.startsWith('blueprint '));
}

/** The worktree, when both its folder and the repository's record of it are there and know each other. */
async function findWhole(root: string, path: string, owner: string): Promise<WorktreePlace | undefined> {
  const own = (await records(root)).filter((record) => record.owner === owner);
  const record = own[0];
  if (own.length !== 1 || record === undefined) return undefined;
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || record.gitFile !== join(real, '.git')) return undefined;
  const needed = await Promise.all(
    ['HEAD', 'commondir'].map((file) => lstat(join(record.directory, file)).catch(() => undefined)),
  );
  return needed.includes(undefined) ? undefined : { cwd: real, gitDir: record.directory, workTree: real };
}

/**
 * The place of a worktree that `prepareWorktree` made. Its `.git` file is not trusted: what ran in the worktree may
 * have changed it.
 *
 * @throws Problem when it is no worktree of Blueprint's in that repository
 */
export async function placeOf(root: string, worktree: string): Promise<WorktreePlace> {
  const real = await realpath(worktree).catch(() => worktree);
  const record = (await records(root)).find(({ gitFile }) => gitFile === join(real, '.git'));
  if (record === undefined)
    throw new Problem(
      'worktree-unusable',
      `${worktree} is no worktree of Blueprint's; it must be prepared first.`,
    );
  return { cwd: real, gitDir: record.directory, workTree: real };
}

/** The repository that a worktree belongs to, by its `.git` file. */
export async function rootOf(worktree: string): Promise<string> {
  const text = await readFile(join(worktree, '.git'), 'utf8').catch(() => '');
  const directory = /^gitdir: (.+\/worktrees\/[^/\n]+)\n?$/.exec(text)?.[1];
  if (directory === undefined)
    throw new Problem(
      'worktree-unusable',
      `${worktree} is no worktree of Blueprint's; it must be prepared first.`,
    );
  return dirname(dirname(directory));
}

const making = new Map<string, Promise<unknown>>();

/** One after the other in this process: git reads every worktree when it makes one, and trips over half-made ones. */
function oneAtATime<T>(gitDir: string, work: () => Promise<T>): Promise<T> {
  const turn = (making.get(gitDir) ?? Promise.resolve()).then(work, work);
  making.set(gitDir, turn);
  return turn;
}

async function make(root: string, path: string, owner: string, commit: CommitHash): Promise<WorktreePlace> {
  await discard(root, path, (found) => found === owner);
  await mkdir(dirname(path), { recursive: true });
  const real = join(await realpath(dirname(path)), basename(path));
  const place = await repositoryPlace(root);
  // Locked from its first file on, so that even one half-made by a killed git is known as ours.
  const args = [
    'worktree',
    'add',
    '--force',
    '--detach',
    '--no-checkout',
    '--lock',
    '--reason',
    owner,
    real,
    commit,
  ];
  await oneAtATime(place.gitDir, () => git(place, args));
  const made = await findWhole(root, path, owner);
  if (made === undefined)
    throw new Problem('worktree-unusable', `The worktree ${path} could not be made; something removes it.`);
  return made;
}

/** Checks out what was just made: nothing is in it. */
async function fill(place: WorktreePlace, commit: CommitHash): Promise<void> {
  await git(place, ['read-tree', '--reset', '-u', commit]);
}

async function reset(root: string, place: WorktreePlace, commit: CommitHash): Promise<void> {
  await leftoversEnd(place.gitDir);
  await removeTree(join(place.cwd, '.git'), 'unless a file');
  await writeFileAtomic(join(place.cwd, '.git'), `gitdir: ${place.gitDir}\n`);
  // What a merge or rebase in the worktree left half-way, and index files of killed snapshots.
  const names = await readdir(place.gitDir);
  const stale = names.filter((name) =>
    /^(rebase-|sequencer$|MERGE_|CHERRY_PICK_|REVERT_|BISECT_|blueprint-)/.test(name),
  );
  await Promise.all(stale.map((name) => rm(join(place.gitDir, name), { recursive: true, force: true })));
  // Detaches as well: on a branch that was checked out here, a plain reset would move the branch.
  if ((await readFile(join(place.gitDir, 'HEAD'), 'utf8')).trim() !== commit)
    await git(place, ['update-ref', '--no-deref', 'HEAD', commit]);
  await git(place, ['read-tree', '--reset', '-u', commit]);
  for (const submodule of await submodulesAt(root, commit)) {
    await removeTree(join(place.cwd, submodule));
    await mkdir(join(place.cwd, submodule), { recursive: true });
  }
  // Twice forced: repositories that were made inside go too.
  await git(place, ['clean', '-ffdxq']);
}

/** Waits for the git commands of a killed worker that still work in the worktree. */
async function leftoversEnd(gitDir: string): Promise<void> {
  const until = Date.now() + leftoverPatienceMs;
  while (await gitRuns([`--git-dir=${gitDir}`])) {
    if (Date.now() > until)
      throw new Problem(
        'worktree-unusable',
        `A git command still works on the worktree of ${gitDir}. End it and try again.`,
      );
    await delay(leftoverPollMs);
  }
}

/** Removes a worktree's folder (or a folder of them) and the repository's records of those that are meant. */
async function discard(root: string, path: string, meant: (owner: string) => boolean): Promise<void> {
  const own = (await records(root)).filter((record) => meant(record.owner));
  for (const record of own) await leftoversEnd(record.directory);
  await removeTree(path);
  for (const record of own) await rm(record.directory, { recursive: true, force: true });
}

/** Removes whatever is there, folders without write permission included: module caches have such. */
async function removeTree(path: string, exception?: 'unless a file'): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || (exception !== undefined && found.isFile())) return;
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    await makeWritable(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function makeWritable(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory()) return;
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) await makeWritable(join(folder, name));
}
