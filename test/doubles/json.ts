/** Looking into JSON that somebody else wrote: what is not as expected is empty. */

export const object = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

export const list = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(object) : [];

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The text of a message's content, which is a text or a list of parts, of which some have one. */
export const contentText = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : list(content)
        .map((part) => text(part.text))
        .filter((part) => part !== '')
        .join('\n');
