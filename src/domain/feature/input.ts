/** What a feature starts from. Decided once, when it is started, and never read again from the checkout. */
import * as z from 'zod';
import type { Config } from '../config/schema.js';
import { fileReferenceSchema } from '../references.js';

const modeSchema = z.enum(['static', 'interactive']);

/** `static`: to the end, no questions. `interactive`: gates ask as configured. */
export type FeatureMode = z.infer<typeof modeSchema>;

/** `feature.json`: the input without its configuration, which is in a file of its own. */
export const featureInputSchema = z.object({
  feature: z.string(),
  instance: z.string(),
  /** Real path of the project's root folder. */
  root: z.string(),
  mode: modeSchema,
  /** The commit that the feature builds on; absent in a folder that is no git repository. */
  base: z.string().optional(),
  /** The branch that the base was taken from, and that the result may be merged into. */
  baseBranch: z.string().optional(),
  brief: fileReferenceSchema,
  /** The brief is the specification already. */
  briefIsSpec: z.boolean(),
  /** The highest number that an earlier run of this name has used for a call; 0 at first. */
  usedRounds: z.number(),
  /** The server is our own, on this machine. */
  embedded: z.boolean(),
});

export type FeatureInput = z.infer<typeof featureInputSchema> & { config: Config };
