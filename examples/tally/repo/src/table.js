/** The counts as a table for people. */

const columns = ['lines', 'words', 'bytes'];

/**
 * A heading and one line for each row, the numbers aligned at the right.
 *
 * @param {(import('./count.js').Counts & { name: string })[]} rows
 * @returns {string} ends with a line end
 */
export function table(rows) {
  const width = (column) => Math.max(column.length, ...rows.map((row) => String(row[column]).length));
  const widths = Object.fromEntries(columns.map((column) => [column, width(column)]));
  const line = (cell, name) => [...columns.map((column) => cell(column).padStart(widths[column])), name].join('  ');
  const lines = [line((column) => column, 'file'), ...rows.map((row) => line((column) => String(row[column]), row.name))];
  return `${lines.join('\n')}\n`;
}
