/**
 * Real open-source projects, with their own tests as the checks: a feature of six tasks, of which two collide, goes
 * through, whichever of the two comes first.
 */
import { cp, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import { openProject } from '../../src/feature/project.js';
import { stateDirectory } from '../../src/host/directories.js';
import { checkoutChanges, checksPass, type Project, projectOf } from '../support/command-line.js';
import { fetchingMs, npmModules, projectSources, type SourceArchive } from '../support/source-archives.js';
import { testFolder } from '../support/source-process.js';
import { testServerEnvironment } from '../support/temporal.js';
import { cachetools, archive as cachetoolsArchive } from './cachetools.js';
import { type RealProject, scriptOf } from './feature.js';
import { goHumanize, archive as goHumanizeArchive } from './go-humanize.js';
import { minimist, archive as minimistArchive } from './minimist.js';

// Three dozen calls and a dozen runs of the tests for each of three projects side by side, on two busy cores.
const runMs = 6 * 60_000;

const feature = 'feature';

/** What is left of one run, from a brief to its end. */
interface Finished {
  real: RealProject;
  project: Project;
  exitCode: number | undefined;
  output: string;
  journal: JournalEntry[];
}

async function run(
  archive: SourceArchive,
  describeProject: (folder: string) => Promise<RealProject>,
): Promise<Finished> {
  const folder = await projectSources(archive);
  const real = await describeProject(folder);
  const { check, tool } = real;
  const project = await projectOf({
    folder,
    files: {
      '.gitignore': 'node_modules/\n',
      'blueprint.config.json': JSON.stringify({
        checks: [check],
        setup: null,
        ...(tool === undefined ? {} : { share: ['node_modules'] }),
        race: { code: ['deepseek', 'gemini'] },
      }),
    },
  });
  if (tool !== undefined)
    await cp(await npmModules(tool), join(project.root, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    });
  const script = join(await mkdtemp(join(testFolder(), 'script-')), 'script.json');
  await writeFile(script, JSON.stringify({ answers: scriptOf(real) }));
  const { exitCode, all } = await project.blueprint(['run', feature, '--script', script], {
    input: real.brief,
  });
  return { real, project, exitCode, output: all, journal: await project.journal(feature) };
}

const projects = [
  { name: 'minimist (JavaScript)', archive: minimistArchive, describeProject: minimist },
  { name: 'cachetools (Python)', archive: cachetoolsArchive, describeProject: cachetools },
  { name: 'go-humanize (Go)', archive: goHumanizeArchive, describeProject: goHumanize },
];
const finished = new Map<string, Finished>();

beforeAll(async () => {
  const runs = projects.map(async ({ name, archive, describeProject }) => {
    finished.set(name, await run(archive, describeProject));
  });
  // All of them: none may go on beside the tests, and one that could not begin says so below.
  const [failure] = (await Promise.allSettled(runs)).filter((one) => one.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}, fetchingMs + runMs);

afterAll(async () => {
  for (const { project } of finished.values()) await project.remove();
});

describe.each(projects)('$name', ({ name }) => {
  const end = (): Finished => {
    const found = finished.get(name);
    if (found === undefined) throw new Error(`The feature of ${name} did not run.`);
    return found;
  };
  const entries = <Kind extends JournalEntry['kind']>(kind: Kind, task?: string) =>
    end().journal.filter(
      (entry): entry is JournalEntry & { kind: Kind } =>
        entry.kind === kind && (task === undefined || ('task' in entry && entry.task === task)),
    );

  test('every task is done, and the command ends with exit status 0', async () => {
    const { exitCode, output, project } = end();
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    const { phase, verified, tasks } = await project.status(feature);
    expect({ phase, verified }).toEqual({ phase: 'done', verified: true });
    expect(tasks.map(({ id, state }) => `${id} ${state}`)).toEqual(
      ['T001', 'T002', 'T003', 'T004', 'T005', 'T006'].map((id) => `${id} done`),
    );
  });

  test('two tasks that change the same lines collide once, and the second is written again', () => {
    const [conflict, ...others] = entries('conflict');
    expect(others).toEqual([]);
    expect(['T003', 'T004']).toContain(conflict?.task);
    expect(conflict?.reason).toMatchObject({
      params: { text: expect.stringContaining('<<<<<<< the branch') },
    });
    const [, again] = entries('integrated').filter(({ task }) => task === 'T003' || task === 'T004');
    expect(again?.task).toBe(conflict?.task);
    expect(again?.attempt).toBeGreaterThan(1);
  });

  test('the project’s own tests judge a race that they can, and the supervisor the other', () => {
    expect(entries('race', 'T003')).toMatchObject([{ selected: 'gemini', judgedBy: 'checks' }]);
    expect(entries('race', 'T004')).toMatchObject([{ selected: 'deepseek', judgedBy: 'checks' }]);
    expect(entries('race', 'T005')).toMatchObject([{ selected: 'gemini', judgedBy: 'supervisor' }]);
    for (const [task, loser] of [
      ['T003', 'deepseek'],
      ['T004', 'gemini'],
    ] as const) {
      const ofLoser = entries('checks', task).filter(({ label }) => label === loser);
      expect(ofLoser).toMatchObject([{ results: [{ name: 'test', passed: false }] }]);
    }
  });

  test('a draft that the review rejects is corrected', () => {
    expect(entries('review', 'T002')).toMatchObject([{ approved: false }, { approved: true }]);
  });

  test('each task that changes files is one commit, in one line, with its trailers', async () => {
    const { project } = end();
    const separated =
      '%P %(trailers:key=Blueprint-Feature,valueonly,separator=) %(trailers:key=Blueprint-Task,valueonly,separator=) %H';
    const log = await project.git(
      'log',
      '--reverse',
      `--format=${separated}`,
      `${project.base}..blueprint/${feature}`,
    );
    let parent = project.base;
    const tasks = log.split('\n').map((line) => {
      const [parents, of, task = '', commit = ''] = line.split(' ');
      expect([parents, of]).toEqual([parent, feature]);
      parent = commit;
      return task;
    });
    expect(tasks.sort()).toEqual(['T002', 'T003', 'T004', 'T005']);
  });

  test('the project’s own tests pass on the branch, in a clone, with those of the feature', async () => {
    const { real, project } = end();
    const modules = real.tool === undefined ? '' : `ln -s '${join(project.root, 'node_modules')}' . && `;
    expect(await checksPass(project, `blueprint/${feature}`, modules + real.check.command)).toBe(true);
    const { beside, after } = real;
    const wanted = { ...beside[0].works, ...beside[1].works, ...after.chosen };
    const files = await project.git('ls-tree', '-r', '--name-only', `blueprint/${feature}`);
    expect(files.split('\n')).toEqual(expect.arrayContaining(Object.keys(wanted)));
    for (const [path, content] of Object.entries({
      ...real.together,
      ...real.docs.corrected,
      ...after.chosen,
    }))
      expect(await project.git('show', `blueprint/${feature}:${path}`)).toBe(content.trimEnd());
  }, 120_000);

  test('no call is made twice', () => {
    const ledger = end().project.ledger(feature);
    const [started, ended] = (['start', 'end'] as const).map((event) =>
      ledger
        .filter((entry) => entry.event === event)
        .map(({ call }) => call)
        .sort(),
    );
    expect(started).toEqual([...new Set(started)]);
    expect(ended).toEqual(started);
  });

  test('the checkout is as it was, and no worktree is left', async () => {
    const { project } = end();
    expect(await checkoutChanges(project)).toEqual([]);
    expect((await project.git('worktree', 'list', '--porcelain')).match(/^worktree /gm)).toHaveLength(1);
    expect(await readdir(join(project.root, '.git', 'worktrees')).catch(() => [])).toEqual([]);
    const { instance } = await openProject(project.root);
    const state = stateDirectory(testServerEnvironment());
    expect(await readdir(join(state, 'worktrees', instance)).catch(() => [])).toEqual([]);
  });
});
