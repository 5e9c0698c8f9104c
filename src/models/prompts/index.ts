/**
 * Prompts: Markdown files beside this one, with slots. A slot alone in its line, `{{spec}}`, becomes a block
 * between tags that its content cannot fake; a slot within a line is a word of ours. `{{#spec}}` … `{{/spec}}`,
 * each alone in its line, stand around what is left out when the slot is empty, `{{^spec}}` … `{{/spec}}` around
 * what is left out when it is not. `{{>again}}` takes in another file.
 */
import { createHash } from 'node:crypto';
import { fitParts, type Part } from './part.js';
import { type Prompt, promptSlots } from './slots.js';
import { loadTemplate } from './templates.js';

export interface RenderOptions {
  /** A folder of the project's with prompts of its own: a file of the same name takes the place of ours. */
  theirs?: string | undefined;
  /** The longest prompt, in bytes: parts are shortened to fit. What cannot be shortened may make it longer. */
  maxBytes?: number | undefined;
  /** The most of it that may be material that can be shortened. */
  materialBytes?: number | undefined;
}

/**
 * A prompt with its slots filled. The same slots give the same text.
 *
 * @throws for a slot that the prompt does not have, one that is missing, and a word that is more than one line
 * @throws Problem for a prompt of the project's own that cannot be used
 */
export async function renderPrompt(prompt: Prompt, options: RenderOptions = {}): Promise<string> {
  const { name } = prompt;
  const values = new Map(Object.entries<string | Part>(prompt.slots));
  const known: readonly string[] = promptSlots[name];
  for (const slot of values.keys())
    if (!known.includes(slot)) throw new Error(`The prompt ${name} has no slot ${slot}.`);
  for (const slot of known)
    if (!values.has(slot)) throw new Error(`The prompt ${name} needs the slot ${slot}.`);
  const template = await loadTemplate(name, options.theirs);

  const texts = new Map<string, string>();
  const parts = new Map<string, Part>();
  for (const [slot, value] of values)
    if (typeof value === 'string') texts.set(slot, value);
    else if (value.pieces.length > 0 || (value.leftOut?.length ?? 0) > 0) parts.set(slot, value);
    else texts.set(slot, '');
  const { maxBytes = Number.POSITIVE_INFINITY, materialBytes = Number.POSITIVE_INFINITY } = options;
  // With a character in each part's place: what the prompt takes without them, their tags included.
  const without = new Map([...texts, ...[...parts.keys()].map((slot) => [slot, '.'] as const)]);
  const fixed = Buffer.byteLength(fill(template, name, without));
  const fitted = fitParts(parts, Math.min(maxBytes - fixed, materialBytes));
  return fill(template, name, new Map([...texts, ...fitted]));
}

/** Tells our tags from whatever the content holds: a hash of all of it, so that no content can know it. */
function boundaryFor(name: string, values: ReadonlyMap<string, string>): string {
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  for (let number = 0; ; number++) {
    const hash = createHash('sha256').update(JSON.stringify([name, number, sorted]));
    const boundary = hash.digest('hex').slice(0, 8);
    if (!sorted.some(([, value]) => value.includes(boundary))) return boundary;
  }
}

/** One pass over the template's own text: what a slot brings in is never looked at again. */
function fill(template: string, name: string, values: ReadonlyMap<string, string>): string {
  const boundary = boundaryFor(name, values);
  const value = (slot: string): string => {
    const found = slot === 'boundary' ? boundary : values.get(slot);
    if (found === undefined)
      throw new Error(`The prompt ${name} uses the slot ${slot}, which it does not have.`);
    return found;
  };
  const kept = template.replace(
    /^\{\{([#^])([A-Za-z]+)\}\}\n([\s\S]*?)^\{\{\/\2\}\}\n?/gm,
    (_, sign: string, slot: string, body: string) => {
      const isEmpty = value(slot).trim() === '';
      return isEmpty === (sign === '^') ? body : '';
    },
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
