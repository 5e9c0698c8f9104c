/** Where the demonstration takes place: an example in a repository of its own, and Blueprint as a person runs it. */
import { cp, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { configKeys } from '../../config/keys.js';
import { featureDirectory } from '../../feature/project.js';
import { packageFile } from '../../host/package-files.js';
import { git } from '../../workspace/git.js';

const example = packageFile('examples/tally');

export const feature = 'json-flag';
export const branch = `blueprint/${feature}`;
/** What the example's own tests are run with. */
export const checks = ['node', '--test'] as const;

export interface Stage {
  /** The temporary folder that holds all of it. */
  folder: string;
  /** The project's repository. */
  root: string;
  /** The commit that the example begins with. */
  base: string;
  /** The feature directory. */
  directory: string;
  ledger: string;
}

/** Copies the example into a temporary folder and makes it a repository with one commit. */
export async function setStage(): Promise<Stage> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'blueprint-demo-')));
  const root = join(folder, 'tally');
  await cp(join(example, 'repo'), root, { recursive: true });
  await git({ cwd: root }, ['init', '--quiet', '--initial-branch=main']);
  await git({ cwd: root }, ['add', '--all']);
  await git({ cwd: root }, ['commit', '--quiet', '--message=Count lines, words and bytes']);
  const { stdout } = await git({ cwd: root }, ['rev-parse', 'HEAD']);
  const directory = featureDirectory(root, feature);
  return {
    folder,
    root,
    base: stdout.trim(),
    directory,
    ledger: join(directory, 'scripted-ledger.jsonl'),
  };
}

/** The arguments that start the feature. */
export const runArguments: readonly string[] = [
  'run',
  feature,
  '--brief',
  join(example, 'brief.md'),
  '--script',
  join(example, 'script.json'),
];

/**
 * Starts a command of Blueprint's in the project, as a process of its own.
 *
 * @param command what `blueprint` is run with
 */
export const startCommand = (command: readonly string[], root: string, args: readonly string[]) => {
  const [file = '', ...before] = command;
  return execa(file, [...before, ...args], {
    cwd: root,
    env: withoutSettings(),
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    // Everything is printed as it comes.
    buffer: false,
    reject: false,
  });
};

/** The person's settings are for their projects: here they could make the example another one. */
function withoutSettings(): NodeJS.ProcessEnv {
  const settings = new Set(configKeys.map((key) => key.variable));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.has(name)));
}
