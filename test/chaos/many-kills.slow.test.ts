/**
 * Random projects with features that collide, worked on by real workers that are killed without a warning at random
 * moments, a hundred times in one run: every task's change is on its branch exactly once or reported, the history is
 * linear, the checkout is as it was, no call and no commit is made twice, and nothing is left behind.
 * `BLUEPRINT_CHAOS_SEED` runs again what a failure printed.
 */
import { appendFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import { featureView } from '../../src/domain/journal/view.js';
import { featureBranch, headRef } from '../../src/domain/names.js';
import { readJournal } from '../../src/feature/journal.js';
import { openProject } from '../../src/feature/project.js';
import { stateDirectory } from '../../src/host/directories.js';
import type { ServerAddress } from '../../src/temporal/connection/server-address.js';
import { until } from '../support/calls.js';
import { expectKept, linearHistory } from '../support/history.js';
import { type LiveFeature, startLiveFeature } from '../support/live-feature.js';
import { git, ledgerOf, makeProject, repeatedCalls, type TestProject } from '../support/project.js';
import { expectReplays } from '../support/replay.js';
import { fingerprint } from '../support/repository.js';
import { testFolder } from '../support/source-process.js';
import { testServer, testServerEnvironment } from '../support/temporal.js';
import { startWorkerProcess } from '../support/worker-process.js';
import {
  baseFiles,
  leftBy,
  type RandomFeature,
  type RandomProject,
  randomLives,
  randomProjects,
  scriptFor,
} from './random-features.js';

const seed = Number(process.env.BLUEPRINT_CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Side by side, one for each of two cores: a start of a worker is mostly computing. */
const lanes = 2;
const killsOfLane = 52;

// Two seconds for each worker's start and life, and the rest of the last features; a busy machine takes thrice that.
const patienceMs = 15 * 60_000;
/** A project's features, when nothing is killed any more. */
const endMs = 5 * 60_000;

/** One project of a lane, with all its features begun. */
interface Stage {
  random: RandomProject;
  project: TestProject;
  base: string;
  before: string[];
  features: LiveFeature[];
}

async function begin(server: ServerAddress, random: RandomProject): Promise<Stage> {
  const project = await makeProject([], random.raced ? { race: { code: ['deepseek', 'gemini'] } } : {});
  const { root } = project;
  for (const [path, content] of baseFiles(random)) await write(join(root, path), content);
  await git(root, 'add', '--all');
  await git(root, 'commit', '--quiet', '--message=Base');
  if (random.dirty) {
    await write(join(root, 'a.txt'), 'half done');
    await git(root, 'add', 'a.txt');
    await write(join(root, 'untracked'), '');
  }
  const before = await checkoutOf(root);
  const features: LiveFeature[] = [];
  for (const feature of random.features) {
    const script = await scriptFileOf(feature);
    features.push(await startLiveFeature(server, { root, script }, 'static', feature.name));
  }
  return { random, project, base: await git(root, 'rev-parse', 'HEAD'), before, features };
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function scriptFileOf(feature: RandomFeature): Promise<string> {
  const script = join(await realpath(await mkdtemp(join(testFolder(), 'script-'))), 'script.json');
  const defaults = { delayMs: 50 };
  await writeFile(script, JSON.stringify({ defaults, answers: scriptFor(feature) }));
  return script;
}

/** The person's files, index, HEAD, configuration and refs; `.blueprint` and Blueprint's own refs are not theirs. */
const checkoutOf = (root: string): Promise<string[]> =>
  fingerprint(
    root,
    (path) =>
      /^\.blueprint\//.test(path) ||
      /^\.git\/(objects|worktrees)\//.test(path) ||
      /^\.git\/(logs\/)?refs\/(heads\/)?blueprint\//.test(path),
  );

const hasEnded = async (feature: LiveFeature): Promise<boolean> =>
  (await feature.handle.describe()).status.name !== 'RUNNING';

/** Kills workers until the features have ended or so many were killed, and lets the last worker do the rest. */
async function work(stage: Stage, lives: Iterator<number, void>, most: number): Promise<number> {
  const { project, features } = stage;
  const environment = testServerEnvironment();
  const ended = async () => (await Promise.all(features.map(hasEnded))).every((one) => one);
  let kills = 0;
  for (; kills < most && !(await ended()); kills++) {
    const worker = await startWorkerProcess(project.root, environment);
    await delay(lives.next().value ?? 0);
    await worker.kill();
  }
  if (await ended()) return kills;
  const worker = await startWorkerProcess(project.root, environment);
  try {
    await until(
      async () => {
        const views = await Promise.all(features.map((feature) => feature.view()));
        return views.some((view) => view.waiting !== undefined || view.phase === 'failed') || (await ended());
      },
      'the end of all features',
      endMs,
    );
  } finally {
    await worker.kill();
  }
  return kills;
}

type Entry<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind };
const only = <Kind extends JournalEntry['kind']>(journal: JournalEntry[], kind: Kind): Entry<Kind>[] =>
  journal.filter((entry): entry is Entry<Kind> => entry.kind === kind);

async function expectWhole(
  { random, project: { root }, base }: Stage,
  { name, directory, handle }: LiveFeature,
) {
  await expectReplays(handle);
  const run = (...args: string[]) => git(root, ...args);
  const journal = await readJournal(directory);
  const view = featureView(journal);
  expect({ name, phase: view.phase, waiting: view.waiting, verified: view.verified }).toEqual({
    ...{ name, phase: 'done', waiting: undefined, verified: true },
  });
  const feature = random.features.find((one) => one.name === name);
  if (feature === undefined) throw new Error(`unreachable: there is a feature ${name}`);
  expect(view.tasks.map(({ state }) => state)).toEqual(feature.tasks.map(() => 'done'));

  const commits = await linearHistory(run, base, `refs/heads/${featureBranch(name)}`);
  expect(await run('rev-parse', headRef(name))).toBe(commits.at(-1) ?? base);
  const integrated = only(journal, 'integrated');
  expect(integrated.map(({ commit }) => commit)).toEqual(commits);
  for (const { task, attempt, commit } of integrated) {
    const format =
      '--format=%(trailers:key=Blueprint-Feature,valueonly,separator=) %(trailers:key=Blueprint-Task,valueonly,separator=) %(trailers:key=Blueprint-Attempt,valueonly,separator=)';
    expect(await run('log', '-1', format, commit)).toBe(`${name} ${task} ${attempt}`);
    const won = only(journal, 'race').find((race) => race.task === task)?.selected;
    const drafts = only(journal, 'draft').filter((one) => one.task === task && one.attempt === attempt);
    const draft = drafts.find(({ label }) => label === undefined || label === won);
    if (draft?.commit === undefined) throw new Error(`${name} ${task} was integrated without a draft.`);
    await expectKept(run, { base: `${draft.commit}^`, commit: draft.commit }, commit);
  }
  const empty = journal.flatMap((entry) =>
    entry.kind === 'warning' && entry.reason.code === 'draft-empty' ? [entry.reason.params.task] : [],
  );
  // Once each, or reported.
  expect([...integrated.map(({ task }) => task), ...empty].sort()).toEqual(
    view.tasks.map(({ id }) => id).sort(),
  );

  const { written, removed } = leftBy(feature);
  for (const [path, content] of written)
    expect(await run('show', `${featureBranch(name)}:${path}`)).toBe(content.trimEnd());
  const paths = (await run('ls-tree', '-r', '-z', '--name-only', featureBranch(name))).split('\0');
  expect(paths.filter((path) => removed.includes(path))).toEqual([]);

  expect(await repeatedCalls(root, name)).toEqual([]);
  const ledger = await ledgerOf(root, name);
  const ends = new Set(ledger.filter((line) => line.event === 'end').map(({ call }) => call));
  expect(ledger.filter(({ call }) => !ends.has(call))).toEqual([]);
}

async function expectNothingLeft({ project: { root }, before }: Stage): Promise<void> {
  expect(await checkoutOf(root)).toEqual(before);
  expect(await readdir(join(root, '.git/worktrees')).catch(() => [])).toEqual([]);
  const { instance } = await openProject(root);
  const worktrees = join(stateDirectory(testServerEnvironment()), 'worktrees', instance);
  expect(await readdir(worktrees).catch(() => [])).toEqual([]);
  const names = await readdir(join(root, '.git'), { recursive: true });
  expect(names.filter((name) => name.endsWith('.lock'))).toEqual([]);
  await git(root, 'fsck', '--strict', '--no-dangling');
}

interface Tally {
  kills: number;
  projects: number;
  features: number;
  tasks: number;
  conflicts: number;
}

/** One project after the other, until enough workers were killed. */
async function lane(server: ServerAddress, ofLane: number): Promise<Tally> {
  const lives = randomLives(ofLane);
  const tally: Tally = { kills: 0, projects: 0, features: 0, tasks: 0, conflicts: 0 };
  for (const random of randomProjects(ofLane)) {
    const stage = await begin(server, random);
    try {
      tally.kills += await work(stage, lives, killsOfLane - tally.kills);
      for (const feature of stage.features) {
        await expectWhole(stage, feature);
        tally.conflicts += only(await readJournal(feature.directory), 'conflict').length;
      }
      await expectNothingLeft(stage);
    } finally {
      for (const feature of stage.features) await feature.close();
    }
    tally.projects++;
    tally.features += random.features.length;
    tally.tasks += random.features.reduce((sum, { tasks }) => sum + tasks.length, 0);
    if (tally.kills >= killsOfLane) return tally;
  }
  throw new Error('unreachable: there are projects without end');
}

/** Straight to the terminal: a test's console is kept back until its file has ended. */
const say = (line: string): void => appendFileSync(2, `${line}\n`);

test(
  'a hundred workers are killed at random moments, and no work is lost, done twice or left behind',
  async () => {
    const begun = Date.now();
    say(`Killing workers with BLUEPRINT_CHAOS_SEED=${seed} …`);
    const server = await testServer();
    // Far apart: each project of a lane has a seed of its own.
    const seeds = Array.from({ length: lanes }, (_, number) => seed + number * 1_000_000);
    const tallies = await Promise.all(seeds.map((ofLane) => lane(server, ofLane)));
    const sum = (what: keyof Tally) => tallies.reduce((all, tally) => all + tally[what], 0);
    say(
      `Killed ${sum('kills')} workers in ${Math.round((Date.now() - begun) / 1_000)} s: ${sum('projects')} projects, ${sum('features')} features, ${sum('tasks')} tasks, ${sum('conflicts')} conflicts.`,
    );
    expect(sum('kills')).toBeGreaterThanOrEqual(100);
    expect(sum('conflicts')).toBeGreaterThan(0);
  },
  patienceMs,
);
