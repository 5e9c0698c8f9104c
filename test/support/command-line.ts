/** Blueprint as a person runs it: a process of its own, in a repository of its own, against the tests' server. */
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { openProject } from '../../src/app/index.js';
import type { FeatureStatus } from '../../src/domain/feature/status.js';
import type { JournalEntry } from '../../src/domain/journal/entries.js';
import { readJournal } from '../../src/feature/journal.js';
import { featureDirectory } from '../../src/feature/project.js';
import { packageFile } from '../../src/host/package-files.js';
import { type LedgerEntry, readLedger } from '../../src/models/scripted/ledger.js';
import { testServer, testServerEnvironment } from './temporal.js';

export const examplesFolder = packageFile('examples');

/** The built command, once the tests' server is there for it. */
export async function commandMain(): Promise<string> {
  await testServer();
  return packageFile('dist/bin/blueprint.js');
}

export interface Project {
  /** The repository. */
  root: string;
  /** Its only commit. */
  base: string;
  /** Starts a command of Blueprint's; never rejects. */
  blueprint(args: readonly string[], options?: { input?: string }): Run;
  git(...args: string[]): Promise<string>;
  /** What `status --json` prints, without a process for it: tests look often. */
  status(feature: string): Promise<FeatureStatus>;
  journal(feature: string): Promise<JournalEntry[]>;
  ledger(feature: string): LedgerEntry[];
  /** The feature directory. */
  directory(feature: string): string;
  remove(): Promise<void>;
}

export type Run = ReturnType<typeof startCommand>;

const startCommand = (
  main: string,
  cwd: string,
  args: readonly string[],
  input: string | undefined,
  environment: Record<string, string>,
) =>
  execa(process.execPath, [main, ...args], {
    cwd,
    env: { ...testServerEnvironment(), NODE_OPTIONS: '', ...environment },
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    all: true,
    reject: false,
  });

/**
 * A repository with one commit of these files.
 *
 * @param source.folder copied first
 * @param environment of the commands, over our own
 */
export async function projectOf(
  source: { example: string } | { folder?: string; files: Record<string, string> },
  environment: Record<string, string> = {},
): Promise<Project> {
  const main = await commandMain();
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'blueprint-project-')));
  const root = join(folder, 'project');
  if ('example' in source) await cp(join(examplesFolder, source.example, 'repo'), root, { recursive: true });
  else {
    if (source.folder !== undefined) await cp(source.folder, root, { recursive: true });
    await writeFiles(root, source.files);
  }
  const git = async (...args: string[]): Promise<string> => {
    const identity = ['-c', 'user.name=A Person', '-c', 'user.email=person@example.org'];
    return (await execa('git', [...identity, ...args], { cwd: root })).stdout;
  };
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=Begin');
  const base = await git('rev-parse', 'HEAD');
  const blueprint: Project['blueprint'] = (args, { input } = {}) =>
    startCommand(main, root, args, input, environment);
  const opened = await openProject(root);
  const directory = (feature: string) => featureDirectory(root, feature);
  return {
    root,
    base,
    blueprint,
    git,
    directory,
    status: (feature) => opened.feature(feature).status(),
    journal: (feature) => readJournal(directory(feature)),
    ledger: (feature) => readLedger(join(directory(feature), 'scripted-ledger.jsonl')),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeFiles(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** Runs a project's checks on a branch of its, in a clone that knows nothing of Blueprint. */
export async function checksPass(project: Project, branch: string, command: string): Promise<boolean> {
  const clone = await mkdtemp(join(tmpdir(), 'blueprint-clone-'));
  try {
    await execa('git', ['clone', '--quiet', '--branch', branch, project.root, clone]);
    const { exitCode } = await execa('sh', ['-c', command], { cwd: clone, reject: false });
    return exitCode === 0;
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}

/** What has changed in the person's checkout: nothing, where Blueprint keeps its word. */
export async function checkoutChanges(project: Project): Promise<string[]> {
  const [status, head, branch] = await Promise.all([
    project.git('status', '--porcelain'),
    project.git('rev-parse', 'HEAD'),
    project.git('symbolic-ref', '--short', 'HEAD'),
  ]);
  return [
    ...status.split('\n').filter((line) => line !== ''),
    ...(head === project.base ? [] : ['HEAD']),
    ...(branch === 'main' ? [] : [branch]),
  ];
}

/** Each call that was started, by its name and number, sorted: `T002-draft.1`, as often as it was started. */
export const callsStarted = (ledger: readonly LedgerEntry[]): string[] =>
  ledger
    .filter((entry) => entry.event === 'start')
    .map((entry) => entry.call.replace(/-[0-9a-f]{8}$/, ''))
    .sort();
