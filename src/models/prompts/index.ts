/**
 * Prompts: Markdown files beside this one, with slots. A slot alone in its line, `{{spec}}`, becomes a block
 * between tags that its content cannot fake; a slot within a line is a word of ours. `{{#spec}}` … `{{/spec}}`,
 * each alone in its line, stand around what is left out when the slot is empty. `{{>again}}` takes in another file.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFile } from '../../host/package-files.js';

const task = ['task', 'spec', 'notes'] as const;
const again = ['problem', 'answer'] as const;

/** The slots of each prompt. All are to be given; '' where there is nothing to say, which leaves its part out. */
export const promptSlots = {
  spec: ['brief', 'repository', 'rejected', 'reason'],
  plan: ['spec', 'repository', 'rejected', 'reason', ...again],
  refine: ['spec', 'plan', 'repository', ...again],
  'draft-architecture': [...task, 'repository', 'files', ...again],
  'draft-boilerplate': [...task, 'repository', 'files', 'checks', ...again],
  'draft-code': [...task, 'repository', 'files', 'checks', ...again],
  review: [...task, 'draft', 'files', 'checks', 'earlier', ...again],
  'review-task': [...task, 'draft', 'files', 'checks', ...again],
  correct: [...task, 'draft', 'files', 'reason', 'corrections', 'checks', ...again],
  'correct-architecture': [...task, 'draft', 'reason', 'corrections', ...again],
  compare: [
    'task',
    'spec',
    'firstLabel',
    'first',
    'firstChecks',
    'secondLabel',
    'second',
    'secondChecks',
    ...again,
  ],
} as const;

export type PromptName = keyof typeof promptSlots;
export type PromptSlots<Name extends PromptName> = Record<(typeof promptSlots)[Name][number], string>;

/**
 * A prompt with its slots filled. The same slots give the same text.
 *
 * @param theirs a folder of the project's with prompts of its own: a file of the same name there takes the place
 *   of ours, and may use any of the prompt's slots
 * @throws for a slot that the prompt does not have, one that is missing, and a word that is more than one line
 */
export async function renderPrompt<Name extends PromptName>(
  name: Name,
  slots: PromptSlots<Name>,
  theirs?: string,
): Promise<string> {
  const values = new Map(Object.entries<string>(slots));
  const known: readonly string[] = promptSlots[name];
  for (const slot of values.keys())
    if (!known.includes(slot)) throw new Error(`The prompt ${name} has no slot ${slot}.`);
  for (const slot of known)
    if (!values.has(slot)) throw new Error(`The prompt ${name} needs the slot ${slot}.`);
  const boundary = boundaryFor(name, [...values.values()]);
  const template = await load(name, theirs);
  return fill(template, name, values, boundary);
}

/** Tells our tags from whatever the content holds: a hash of all of it, so that no content can know it. */
function boundaryFor(name: string, values: readonly string[]): string {
  for (let number = 0; ; number++) {
    const hash = createHash('sha256').update(JSON.stringify([name, number, values]));
    const boundary = hash.digest('hex').slice(0, 8);
    if (!values.some((value) => value.includes(boundary))) return boundary;
  }
}

async function load(name: string, theirs: string | undefined): Promise<string> {
  const template = await read(name, theirs);
  const parts = new Map<string, string>();
  for (const [, part = ''] of template.matchAll(/^\{\{>([a-z-]+)\}\}$/gm))
    parts.set(part, (await read(part, theirs)).trimEnd());
  return template.replace(/^\{\{>([a-z-]+)\}\}$/gm, (_, part: string) => parts.get(part) ?? '');
}

async function read(name: string, theirs: string | undefined): Promise<string> {
  if (theirs !== undefined) {
    const own = await readFile(join(theirs, `${name}.md`), 'utf8').catch((error: unknown) => {
      if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
        return undefined;
      throw error;
    });
    if (own !== undefined) return own.replaceAll('\r\n', '\n');
  }
  return readFile(packageFile(`src/models/prompts/${name}.md`), 'utf8');
}

/** One pass over the template's own text: what a slot brings in is never looked at again. */
function fill(template: string, name: string, values: ReadonlyMap<string, string>, boundary: string): string {
  const value = (slot: string): string => {
    const found = slot === 'boundary' ? boundary : values.get(slot);
    if (found === undefined)
      throw new Error(`The prompt ${name} uses the slot ${slot}, which it does not have.`);
    return found;
  };
  const kept = template.replace(
    /^\{\{#([A-Za-z]+)\}\}\n([\s\S]*?)^\{\{\/\1\}\}\n?/gm,
    (_, slot: string, body: string) => (value(slot).trim() === '' ? '' : body),
  );
  const tidy = `${kept.replace(/\n{3,}/g, '\n\n').trim()}\n`;
  return tidy.replace(/^\{\{([A-Za-z]+)\}\}$|\{\{([A-Za-z]+)\}\}/gm, (_, block?: string, word?: string) => {
    if (block !== undefined)
      return `<${block}-${boundary}>\n${value(block).trimEnd()}\n</${block}-${boundary}>`;
    const text = value(word ?? '');
    if (/[\r\n]/.test(text))
      throw new Error(`The slot ${word} of the prompt ${name} is a word, and has several lines.`);
    return text;
  });
}
