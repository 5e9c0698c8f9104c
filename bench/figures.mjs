/** Figures of many measurements. */

/**
 * @param {readonly number[]} values at least one
 * @returns {number}
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [below, above] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  if (below === undefined || above === undefined) throw new Error('There is no median of nothing.');
  return (below + above) / 2;
}

/**
 * @param {number} value
 * @param {number} digits after the point
 */
export const rounded = (value, digits = 0) => Number(value.toFixed(digits));

/** @param {number} ms */
export const seconds = (ms) => rounded(ms / 1_000, 2);

/** @param {number} bytes */
export const megabytes = (bytes) => rounded(bytes / 1_000_000, 1);
