import * as z from 'zod';

/**
 * What stands in the history in the place of a text: a prompt, a spec or a draft can be megabytes, a payload may
 * not be. Whoever reads the file compares the hash.
 */
export type FileReference = z.infer<typeof fileReferenceSchema>;
export const fileReferenceSchema = z.object({
  /** Path below the feature directory, with forward slashes. */
  path: z.string(),
  /** Lower-case hexadecimal SHA-256 of the file's bytes. */
  sha256: z.string(),
  bytes: z.number(),
});

/** A git object id, 40 or 64 hexadecimal digits. */
export type CommitHash = string;
