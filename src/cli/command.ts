/** What all commands have in common: the options that stand anywhere, the project that they are run in, their exit. */
import { relative } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { openProject, type Project, type ProjectOptions } from '../app/index.js';
import { note } from './output.js';

/** Options that stand anywhere on the command line. */
export type GlobalOptions = { config?: string | undefined; script?: string | undefined };

/** The command line that commands add themselves to. */
export type Program = Command<[], GlobalOptions>;

/** What commander gives an action: the command's arguments, its options, and last the command itself. */
type Given = [...unknown[], Called];
type Called = { optsWithGlobals(): GlobalOptions };
/** What a command's code needs of it: all but the command. */
type Said<G extends Given> = G extends [...infer A, unknown] ? A : never;

/** Makes an action of a command's code, which returns the exit status. */
export interface Run {
  /** In the project that the current folder is in; it is closed afterwards. */
  inProject<G extends Given>(
    code: (project: Project, ...said: Said<G>) => Promise<number>,
  ): (...given: G) => Promise<void>;
  /** Wherever it is; the global options come first. */
  anywhere<G extends Given>(
    code: (global: GlobalOptions, ...said: Said<G>) => Promise<number>,
  ): (...given: G) => Promise<void>;
}

/** @param exit is given the exit status */
export function createRun(exit: (status: number) => void): Run {
  const anywhere: Run['anywhere'] =
    <G extends Given>(code: (global: GlobalOptions, ...said: Said<G>) => Promise<number>) =>
    async (...given: G) => {
      const called = given.at(-1) as Called;
      // The type of a list's beginning cannot be told from what `slice` gives.
      exit(await code(called.optsWithGlobals(), ...(given.slice(0, -1) as Said<G>)));
    };
  return {
    anywhere,
    inProject: (code) =>
      anywhere((global, ...said) => withProject(global, (project) => code(project, ...said))),
  };
}

/** Runs with the project that the current folder is in, which is closed afterwards. */
export async function withProject<T>(
  global: GlobalOptions,
  use: (project: Project) => Promise<T>,
  more: Pick<ProjectOptions, 'budget'> = {},
): Promise<T> {
  const project = await openProject(process.cwd(), { ...projectOptions(global), ...more });
  try {
    return await use(project);
  } finally {
    await project.close();
  }
}

export const projectOptions = ({ config, script }: GlobalOptions): ProjectOptions => ({
  configFile: config,
  script,
  announce: note,
});

/** This command, to be run again. */
export const thisCommand: readonly string[] = [process.execPath, process.argv[1] ?? ''];

/** What several commands say of an option that they share. */
export const detachText = 'leave a worker in the background and do not follow';

/** A path as the person sees it from the current folder. */
export const shownPath = (path: string): string => relative(process.cwd(), path) || '.';
