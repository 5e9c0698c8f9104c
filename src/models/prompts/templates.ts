/** The prompts' texts: ours, and those that a project puts in their place. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isProblem, Problem } from '../../domain/problem.js';
import { errorCode, readIfExists } from '../../host/files.js';
import { packageFile } from '../../host/package-files.js';
import { type PartName, partUses, promptUses } from './catalog.js';
import { type PromptName, promptSlots, wordSlots } from './slots.js';

export const promptNames = Object.keys(promptSlots) as PromptName[];
export const partNames = Object.keys(partUses) as PartName[];

/** One of our prompts, or a part that several take in, as it is written. */
export const builtIn = (name: PromptName | PartName): Promise<string> =>
  readFile(packageFile(`src/models/prompts/${name}.md`), 'utf8');

/**
 * A prompt with the parts that it takes in.
 *
 * @param theirs a folder of the project's with prompts of its own
 * @throws Problem when one of its own is used and cannot be
 */
export async function loadTemplate(name: PromptName, theirs?: string): Promise<string> {
  const { text, own } = await expand(name, theirs);
  const problem = own.length === 0 ? undefined : templateProblem(name, text);
  if (problem === undefined) return text;
  throw new Problem('prompts-unusable', sentence(own, problem));
}

const sentence = (own: readonly string[], problem: string): string =>
  `The prompt ${own.join(', ')} ${problem} Correct it, or delete it to use the built-in one.`;

const partLine = /^\{\{>([a-z-]+)\}\}$/gm;

/** @returns `own`: paths of the project's own files among those that it is made of */
async function expand(name: PromptName, theirs?: string): Promise<{ text: string; own: string[] }> {
  const own: string[] = [];
  const read = async (file: PromptName | PartName): Promise<string> => {
    const text = theirs === undefined ? undefined : await readOwn(theirs, file);
    if (theirs === undefined || text === undefined) return builtIn(file);
    own.push(join(theirs, `${file}.md`));
    return text;
  };
  const template = await read(name);
  const parts = new Map<string, string>();
  for (const [, part = ''] of template.matchAll(partLine)) {
    const known = partNames.find((one) => one === part);
    if (known !== undefined) parts.set(part, (await read(known)).trimEnd());
  }
  return { text: template.replace(partLine, (line, part: string) => parts.get(part) ?? line), own };
}

async function readOwn(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, `${name}.md`);
  try {
    return (await readIfExists(path))?.replaceAll('\r\n', '\n');
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    throw new Problem('prompts-unusable', `The prompt ${path} cannot be read (${code}).`, { cause: error });
  }
}

/** What is wrong with a template, its parts taken in, as the rest of a sentence; undefined when it can be used. */
function templateProblem(name: PromptName, text: string): string | undefined {
  const slots: readonly string[] = [...promptSlots[name], 'boundary'];
  const sections = sectionProblem(text);
  if (sections !== undefined) return sections;
  for (const [, sign = '', word = ''] of text.matchAll(/\{\{([#^/>]?)([A-Za-z-]+)\}\}/g)) {
    if (sign === '>') return `takes in ${word}, which is no part; there are ${partNames.join(', ')}.`;
    if (!slots.includes(word))
      return `uses the slot ${word}, which it does not have; it has ${slots.join(', ')}.`;
  }
  const plain = text.replace(/^\{\{[A-Za-z]+\}\}$/gm, '');
  for (const [, word = ''] of plain.matchAll(/\{\{([A-Za-z]+)\}\}/g))
    if (!wordSlots.includes(word))
      return `has the slot ${word} within a line; it must stand alone in its own.`;
  const { needs, words } = promptUses[name];
  const missing = needs.filter((slot) => !text.includes(`{{${slot}}}`));
  if (missing.length > 0)
    return `leaves out ${missing.map((slot) => `{{${slot}}}`).join(', ')}, which it cannot do without.`;
  const unasked = words.filter((word) => !text.includes(word));
  if (unasked.length > 0)
    return `does not ask for an answer that can be read: it must say ${unasked.join(', ')}, as the built-in one does.`;
  return undefined;
}

function sectionProblem(text: string): string | undefined {
  let open: string | undefined;
  for (const [whole, sign = '', word = ''] of text.matchAll(/^.*\{\{([#^/])([A-Za-z-]+)\}\}.*$/gm)) {
    if (whole !== `{{${sign}${word}}}`)
      return `has {{${sign}${word}}} within a line; it must stand alone in its own.`;
    if (sign === '/' ? open !== word : open !== undefined)
      return `has {{${sign}${word}}} where {{/${open ?? word}}} ${open === undefined ? 'has no beginning' : 'is missing'}.`;
    open = sign === '/' ? undefined : word;
  }
  return open === undefined ? undefined : `begins {{#${open}}} and has no {{/${open}}}.`;
}

/** The names of the project's own prompts and parts. Files with other names are the project's affair. */
export async function ownPrompts(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => [] as string[]);
  return entries
    .filter((entry) => /^[a-z-]+\.md$/.test(entry))
    .map((entry) => entry.slice(0, -3))
    .sort();
}

/**
 * What keeps a project's own prompts from being used, a sentence for each.
 *
 * @param folder where they are; may be missing
 */
export async function ownPromptProblems(folder: string): Promise<string[]> {
  const own = await ownPrompts(folder);
  const unknown = own.filter((name) => ![...promptNames, ...partNames].some((known) => known === name));
  const problems = unknown.map((name) => `${join(folder, `${name}.md`)} has the name of no prompt.`);
  if (own.length === unknown.length) return problems;
  // By the files: a part's mistake is told once, not for every prompt that takes it in.
  const found = new Map<string, string>();
  for (const name of promptNames) {
    try {
      const { text, own: files } = await expand(name, folder);
      const problem = files.length === 0 ? undefined : templateProblem(name, text);
      const key = files.join();
      if (problem !== undefined && !found.has(key)) found.set(key, sentence(files, problem));
    } catch (error) {
      if (!isProblem(error)) throw error;
      found.set(error.message, error.message);
    }
  }
  return [...problems, ...found.values()];
}
