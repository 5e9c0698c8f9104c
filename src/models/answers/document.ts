/** A document that is the whole of an answer: a specification, architecture notes. */

/**
 * The answer's text without the code fence that models like to put around a document, and with one line end at its
 * end. Within such a fence its headings would be code.
 */
export function documentOf(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').trim().split('\n');
  const fence = /^(`{3,}|~{3,})[ \t]*(md|mdx|markdown)?[ \t]*$/i.exec(lines[0] ?? '');
  const mark = fence?.[1];
  const inner = lines.slice(1, -1);
  const wrapped =
    mark !== undefined &&
    lines.at(-1)?.trim() === mark &&
    // Without a language, the first and the last line may belong to two blocks of code.
    (fence?.[2] !== undefined || !inner.some((line) => line.trim().startsWith(mark)));
  return `${(wrapped ? inner.join('\n') : lines.join('\n')).trim()}\n`;
}
