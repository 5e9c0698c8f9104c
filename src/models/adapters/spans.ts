/** Spans of time as vendors write them. */

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/**
 * In milliseconds, rounded up.
 *
 * @param text such as `34.07s`, `1m30s`, `5h12m3s` or `250ms`
 * @returns undefined for any other text
 */
export function spanMs(text: string | undefined): number | undefined {
  const parts = [...(text ?? '').matchAll(/(\d+(?:\.\d+)?)\s*(ms|h|m|s)/g)];
  if (parts.length === 0) return undefined;
  return Math.ceil(
    parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0),
  );
}
