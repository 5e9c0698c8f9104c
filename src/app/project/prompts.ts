/** The prompts that there are, and a project's own in their place. */

import { join } from 'node:path';
import { Problem } from '../../domain/problem.js';
import { type Role, roles } from '../../domain/vocabulary.js';
import { openProject, promptFolder } from '../../feature/project.js';
import { createFileAtomic } from '../../host/atomic-file.js';
import { exists } from '../../host/files.js';
import { type PartName, partUses, promptUses } from '../../models/prompts/catalog.js';
import { type PromptName, promptSlots } from '../../models/prompts/slots.js';
import {
  builtIn,
  ownPromptProblems,
  ownPrompts,
  partNames,
  promptNames,
} from '../../models/prompts/templates.js';

export interface PromptList {
  /** Where a project keeps its own. */
  folder: string;
  prompts: {
    name: string;
    role: Role;
    about: string;
    slots: readonly string[];
    /** Slots that it cannot do without. */
    needs: readonly string[];
    /** The project has its own in its place. */
    own: boolean;
  }[];
  /** What several prompts take in. */
  parts: { name: string; about: string; own: boolean }[];
  /** What is wrong with the project's own, as sentences. */
  problems: string[];
}

export async function listPrompts(root: string): Promise<PromptList> {
  const folder = promptFolder(root);
  const [own, problems] = await Promise.all([ownPrompts(folder), ownPromptProblems(folder)]);
  return {
    folder,
    prompts: promptNames.map((name) => ({
      name,
      role: promptUses[name].role,
      about: promptUses[name].about,
      slots: promptSlots[name],
      needs: promptUses[name].needs,
      own: own.includes(name),
    })),
    parts: partNames.map((name) => ({ name, about: partUses[name], own: own.includes(name) })),
    problems,
  };
}

export interface EjectedPrompt {
  path: string;
  /** Undefined: a part of several. */
  role: Role | undefined;
  about: string;
}

/**
 * Writes built-in prompts where they take their own place. All of them, or none.
 *
 * @param what a prompt's name, a part's, or a role's for all of its prompts
 * @throws Problem when there is no such prompt, or one of the files is there already
 */
export async function ejectPrompts(root: string, what: string): Promise<EjectedPrompt[]> {
  const folder = promptFolder(root);
  const files = named(what).map((name) => ({ name, path: join(folder, `${name}.md`) }));
  const there = await Promise.all(files.map(async ({ path }) => ((await exists(path)) ? [path] : [])));
  refuseThere(there.flat());
  await openProject(root);
  for (const { name, path } of files)
    if (!(await createFileAtomic(path, await builtIn(name)))) refuseThere([path]);
  return files.map(({ name, path }) => ({ path, ...useOf(name) }));
}

function named(what: string): (PromptName | PartName)[] {
  const role = roles.find((one) => one === what);
  if (role !== undefined) return promptNames.filter((name) => promptUses[name].role === role);
  const name = [...promptNames, ...partNames].find((one) => one === what);
  if (name !== undefined) return [name];
  throw new Problem(
    'usage',
    `There is no prompt and no role ${JSON.stringify(what)}. Roles: ${roles.join(', ')}. Prompts: ${[...promptNames, ...partNames].join(', ')}.`,
  );
}

function useOf(name: PromptName | PartName): Omit<EjectedPrompt, 'path'> {
  const prompt = promptNames.find((one) => one === name);
  if (prompt !== undefined) return { role: promptUses[prompt].role, about: promptUses[prompt].about };
  const part = partNames.find((one) => one === name);
  return { role: undefined, about: part === undefined ? '' : partUses[part] };
}

function refuseThere(paths: readonly string[]): void {
  if (paths.length === 0) return;
  const are =
    paths.length === 1 ? 'is there already and stays as it is' : 'are there already and stay as they are';
  throw new Problem(
    'file-in-the-way',
    `${paths.join(', ')} ${are}; nothing was written. Name another prompt, or move ${paths.length === 1 ? 'it' : 'them'} away.`,
  );
}
