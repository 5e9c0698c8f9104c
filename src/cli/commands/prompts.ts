/** `blueprint prompts`: the prompts that there are, and a project's own in their place. */

import { join } from 'node:path';
import { Problem } from '../../domain/problem.js';
import { roles } from '../../domain/vocabulary.js';
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
import { table } from '../../present/table.js';
import { type GlobalOptions, openContext, shownPath } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { note, print, printJson } from '../output.js';

export async function list(global: GlobalOptions, { json }: { json?: boolean }): Promise<number> {
  const { root } = await openContext(global);
  const folder = promptFolder(root);
  const own = await ownPrompts(folder);
  const problems = await ownPromptProblems(folder);
  if (json === true) {
    printJson({
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
    });
    return exitStatus.done;
  }
  const origin = (name: string) => (own.includes(name) ? 'own' : 'built-in');
  const prompts = promptNames.map((name) => {
    const { role, about } = promptUses[name];
    return [name, role, origin(name), about, promptSlots[name].join(' ')];
  });
  const parts = partNames.map((name) => [name, 'several', origin(name), partUses[name], '']);
  print(...table(['PROMPT', 'ROLE', 'FROM', 'FOR', 'SLOTS'], [...prompts, ...parts]));
  note(`\`blueprint prompts eject ROLE|PROMPT\` writes a built-in one to ${shownPath(folder)}.`);
  if (problems.length > 0) note('', ...problems);
  return exitStatus.done;
}

/** Writes built-in prompts where they take their own place. All of them, or none. */
export async function eject(global: GlobalOptions, what: string): Promise<number> {
  const names = meant(what);
  const { root } = await openContext(global);
  const folder = promptFolder(root);
  const files = names.map((name) => ({ name, path: join(folder, `${name}.md`) }));
  const there = await Promise.all(files.map(async ({ path }) => ((await exists(path)) ? [path] : [])));
  refuseThere(there.flat());
  await openProject(root);
  for (const { name, path } of files) {
    if (!(await createFileAtomic(path, await builtIn(name)))) refuseThere([path]);
    print(`${shownPath(path)}  ${aboutOf(name)}`);
  }
  note(
    'They take the built-in ones’ place from the next call on, and may be committed. Delete one to go back.',
    'A line such as {{>material}} takes in a part, which `blueprint prompts` lists too.',
  );
  return exitStatus.done;
}

function meant(what: string): (PromptName | PartName)[] {
  const role = roles.find((one) => one === what);
  if (role !== undefined) return promptNames.filter((name) => promptUses[name].role === role);
  const name = [...promptNames, ...partNames].find((one) => one === what);
  if (name !== undefined) return [name];
  throw new Problem(
    'usage',
    `There is no prompt and no role ${JSON.stringify(what)}. Roles: ${roles.join(', ')}. Prompts: ${[...promptNames, ...partNames].join(', ')}.`,
  );
}

function aboutOf(name: PromptName | PartName): string {
  const prompt = promptNames.find((one) => one === name);
  if (prompt !== undefined) return `${promptUses[prompt].role}: ${promptUses[prompt].about}`;
  const part = partNames.find((one) => one === name);
  return part === undefined ? '' : `part of several: ${partUses[part]}`;
}

function refuseThere(paths: readonly string[]): void {
  if (paths.length === 0) return;
  const are =
    paths.length === 1 ? 'is there already and stays as it is' : 'are there already and stay as they are';
  throw new Problem(
    'file-in-the-way',
    `${paths.map(shownPath).join(', ')} ${are}; nothing was written. Name another prompt, or move ${paths.length === 1 ? 'it' : 'them'} away.`,
  );
}
