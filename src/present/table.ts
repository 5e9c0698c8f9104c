/** Tables of plain text. Pure. */
import { textWidth } from './width.js';

/**
 * Columns padded to their widest cell, two spaces between them; the last one is not padded.
 *
 * @param heading left out when there are no rows
 */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return columns([heading, ...rows]);
}

/** The same without a heading. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, textWidth(cell));
  return rows.map((row) =>
    row
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - textWidth(cell)))
      .join('  ')
      .trimEnd(),
  );
}
