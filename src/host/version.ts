/** Versions that are numbers with points between. */

/** Whether one version, such as 1.29.1, comes before another. A part that is missing counts as 0. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version.split('.').map(Number), than.split('.').map(Number)];
  for (let n = 0; n < Math.max(a.length, b.length); n++) {
    const difference = (a[n] ?? 0) - (b[n] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
