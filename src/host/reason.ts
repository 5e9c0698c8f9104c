/** The first line of what went wrong, bounded: outer messages end in a sentence, not in a stack. */
export function firstLineOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return (String(message).split('\n')[0] ?? '').trim().replace(/\.$/, '').slice(0, 300);
}
