/** Counting what a file holds. */

/** @typedef {{ lines: number, words: number, bytes: number }} Counts */

/**
 * Counts line ends, runs of anything but white space, and bytes.
 *
 * @param {Buffer} content
 * @returns {Counts}
 */
export function count(content) {
  const text = content.toString('utf8');
  return {
    lines: text.split('\n').length - 1,
    words: text.split(/\s+/).filter(Boolean).length,
    bytes: content.length,
  };
}

/**
 * @param {Counts[]} counts
 * @returns {Counts}
 */
export const sum = (counts) =>
  counts.reduce(
    (total, next) => ({
      lines: total.lines + next.lines,
      words: total.words + next.words,
      bytes: total.bytes + next.bytes,
    }),
    { lines: 0, words: 0, bytes: 0 },
  );
