/** Short names for long values, where there is no `node:crypto`: workflow code runs in a sandbox without it. */

/** JSON with the keys in order: the same value always gives the same text. What is undefined is left out. */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  ) as string | undefined;
  return text ?? 'null';
}

/**
 * A digest of a value's canonical JSON, 16 hexadecimal digits (cyrb53 with all of its 64 bits). It tells values apart
 * that differ by chance and not by design: what it names is only ever looked for under its own name and round.
 */
export function digest(value: unknown): string {
  const text = canonicalJson(value);
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  const mixed1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  const mixed2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return [mixed2, mixed1].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
