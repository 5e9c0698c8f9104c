import * as z from 'zod';

/** How a check came to its end. */
export type CheckEnd = z.infer<typeof checkEndSchema>;
const checkEndSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('exit'), status: z.number() }),
  /** It ran into its limit. */
  z.object({ kind: z.literal('timeout'), seconds: z.number() }),
  /** There is nothing that the shell could run: it says nothing of the code. */
  z.object({ kind: z.literal('not-runnable'), status: z.number() }),
  /** No command's: the draft changes or removes these, and `more` others, without leave. */
  z.object({ kind: z.literal('protected-files'), paths: z.array(z.string()), more: z.number() }),
]);

/** The run of a flaky check that was red. */
export type RedRun = z.infer<typeof redRunSchema>;
const redRunSchema = z.object({
  ended: checkEndSchema,
  /** As of `CheckResult`. */
  output: z.string(),
});

/** What is kept of a check's run in the history. Its whole output is in the call's directory. */
export type CheckResult = z.infer<typeof checkResultSchema>;
export const checkResultSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  /** It was red before any change, so it does not count against a draft. */
  redBefore: z.boolean(),
  /** The file with all that it printed, below the feature directory; empty for what is no command's. */
  output: z.string(),
  ended: checkEndSchema,
  durationMs: z.number(),
  /** It was red, and green when it was run once more on the same tree: it passes, and is named. Its red run. */
  flaky: redRunSchema.optional(),
});
