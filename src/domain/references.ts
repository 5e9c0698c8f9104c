/**
 * What stands in the history in the place of a text: a prompt, a spec or a draft can be megabytes, a payload may
 * not be. Whoever reads the file compares the hash.
 */
export interface FileReference {
  /** Path below the feature directory, with forward slashes. */
  path: string;
  /** Lower-case hexadecimal SHA-256 of the file's bytes. */
  sha256: string;
  bytes: number;
}

/** A git object id, 40 or 64 hexadecimal digits. */
export type CommitHash = string;
