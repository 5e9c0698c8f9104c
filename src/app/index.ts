/**
 * Blueprint as an API: a project, what it has and needs, and its features. The command line is one way to it.
 *
 * @example
 * const project = await openProject(process.cwd());
 * const feature = project.feature('dark-mode');
 * await feature.approve({ gate: 'plan' });
 * for await (const { entry } of feature.events({ signal })) console.log(entry.kind);
 * await project.close();
 */
import type { BriefSource } from '../feature/input.js';
import type { Doctor, Project, ProjectOptions } from './api.js';
import type { Demo } from './demo/index.js';
import type { ServerControl } from './project/server.js';

export {
  type CallAbout,
  type RunningCall,
  type StoredCall,
  taskOfCall,
} from '../domain/calls/stored-call.js';
export type * from '../domain/config/loaded.js';
export { type Ending, endingAfter, endingOf } from '../domain/feature/ending.js';
export { messageProblem, type OpenGate } from '../domain/feature/gates.js';
export type * from '../domain/feature/outcome.js';
export type * from '../domain/feature/status.js';
export type { FeatureMode } from '../domain/feature/types.js';
export type { JournalEntry } from '../domain/journal/entries.js';
export type { FeatureEvent } from '../domain/journal/fold.js';
export { applyEntry, emptyView, type FeatureView } from '../domain/journal/view.js';
export type { Budget } from '../domain/money/budget.js';
export { isProblem, Problem, type ProblemCode, type ProblemParams } from '../domain/problem.js';
export { isReason } from '../domain/reasons.js';
export { satisfies } from '../domain/tasks/states.js';
export type { BriefSource } from '../feature/input.js';
export type * from './api.js';
export type { Demo } from './demo/index.js';
export type { Edit, EditOptions, TakenEdit } from './feature/edit.js';
export type { CallLines, CallOutput, OutputOptions, OutputPart, TextPosition } from './feature/output.js';
export type { StopOutcome } from './feature/stop.js';
export type { Why } from './feature/why.js';
export type { EjectedPrompt, PromptList } from './project/prompts.js';
export type { ServerControl, TemporalStatus } from './project/server.js';

// What is behind these is loaded when it is called: a command that only explains itself does without all of it.

/**
 * The project that a folder belongs to. Connects to a server, or starts one, when it is needed first.
 *
 * @param folder any folder of the project
 * @throws Problem when git is missing
 */
export async function openProject(folder: string, options: ProjectOptions = {}): Promise<Project> {
  const { openProjectAt } = await import('./project/index.js');
  return openProjectAt(folder, options);
}

/**
 * Looks at the machine, and at the project that a folder belongs to, where there is one. Starts nothing.
 *
 * @param options as for `openProject`
 */
export async function examine(folder: string, options: ProjectOptions = {}): Promise<Doctor> {
  const project = await import('./project/index.js');
  return project.examine(folder, options);
}

/**
 * Reads and checks a brief, or a specification in its place.
 *
 * @param noun what the text is called in problems: `brief` or `specification`
 * @throws Problem when it cannot be used
 */
export async function readBrief(source: BriefSource, noun?: string): Promise<string> {
  const input = await import('../feature/input.js');
  return input.readBrief(source, noun);
}

/**
 * The Temporal server of this machine.
 *
 * @param announce is given a line for each thing that takes a person's time
 */
export async function openServer(announce: (line: string) => void): Promise<ServerControl> {
  const { temporalServer } = await import('./project/server.js');
  return temporalServer(announce);
}

/** @param command what `blueprint` is run with */
export async function openDemo(command: readonly string[]): Promise<Demo> {
  const demo = await import('./demo/index.js');
  return demo.openDemo(command);
}
