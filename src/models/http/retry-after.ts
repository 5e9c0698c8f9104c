/**
 * How long a vendor asks to wait, in milliseconds: `retry-after-ms`, which is OpenAI's, or `retry-after` in its two
 * forms, seconds and a date (RFC 9110, 10.2.3).
 *
 * @param headers with names in small letters
 * @param now in milliseconds since 1970
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const milliseconds = Number.parseFloat(headers['retry-after-ms'] ?? '');
  if (Number.isFinite(milliseconds)) return Math.max(0, milliseconds);
  const given = headers['retry-after'];
  if (given === undefined) return undefined;
  const waitMs = /^\s*[\d.]+\s*$/.test(given) ? Number(given) * 1_000 : Date.parse(given) - now;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}
