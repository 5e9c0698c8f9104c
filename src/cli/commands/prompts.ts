/** `blueprint prompts`: the prompts that there are, and a project's own in their place. */

import type { EjectedPrompt, Project } from '../../app/index.js';
import { table } from '../../present/table.js';
import { type Program, type Run, shownPath } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { note, print, printJson } from '../output.js';

export function addPrompts(program: Program, run: Run): void {
  const prompts = program
    .command('prompts')
    .description('what the models are asked, and prompts of the project’s own');
  prompts
    .command('list', { isDefault: true })
    .description('the prompts: for whom, for what, and whether the project has its own')
    .option('--json', 'as JSON')
    .action(run.inProject((project, { json }) => list(project, json === true)));
  prompts
    .command('eject <what>')
    .description('write a prompt, or those of a role, to .blueprint/prompts, where they may be changed')
    .action(run.inProject(eject));
}

async function list(project: Project, json: boolean): Promise<number> {
  const found = await project.prompts();
  if (json) {
    printJson(found);
    return exitStatus.done;
  }
  const origin = (own: boolean) => (own ? 'own' : 'built-in');
  const prompts = found.prompts.map(({ name, role, own, about, slots }) => [
    name,
    role,
    origin(own),
    about,
    slots.join(' '),
  ]);
  const parts = found.parts.map(({ name, own, about }) => [name, 'several', origin(own), about, '']);
  print(...table(['PROMPT', 'ROLE', 'FROM', 'FOR', 'SLOTS'], [...prompts, ...parts]));
  note(`\`blueprint prompts eject ROLE|PROMPT\` writes a built-in one to ${shownPath(found.folder)}.`);
  if (found.problems.length > 0) note('', ...found.problems);
  return exitStatus.done;
}

async function eject(project: Project, what: string): Promise<number> {
  for (const prompt of await project.ejectPrompts(what))
    print(`${shownPath(prompt.path)}  ${aboutOf(prompt)}`);
  note(
    'They take the built-in ones’ place from the next call on, and may be committed. Delete one to go back.',
    'A line such as {{>material}} takes in a part, which `blueprint prompts` lists too.',
  );
  return exitStatus.done;
}

const aboutOf = ({ role, about }: EjectedPrompt): string => `${role ?? 'part of several'}: ${about}`;
