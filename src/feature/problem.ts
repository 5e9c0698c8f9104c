/** The code of a system error, such as ENOENT; undefined for any other. */
export function errorCode(error: unknown): string | undefined {
  // Told by its shape: an error from another realm, such as a test's, is no instance of this one's Error.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A number of bytes as a person reads it: 512 bytes, 20.0 MB. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
