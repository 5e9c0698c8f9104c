/**
 * The JSON files of a call: what they hold, and how they are read. They are written whole or not at all. The wrapper's
 * own files (claim, exit, ended-by) are plain text, and read in `claim.ts` and `records.ts`.
 */
import * as z from 'zod';
import { fileFormat } from '../../../domain/file-format.js';
import { callFailureSchema } from '../../errors.js';

export type CallLimits = z.infer<typeof limitsSchema>;
const limitsSchema = z.object({
  /** From the start to the end. */
  totalSeconds: z.number(),
  /** Without a byte on either output stream. */
  inactivitySeconds: z.number(),
  /** Between TERM and KILL. */
  graceSeconds: z.number(),
  /** How many processes a call may use up in all. */
  tries: z.number(),
});

/** `launch.json`: how the call's processes are started, made once and never again. It holds no value of the environment. */
export type KeptLaunch = z.infer<typeof launchSchema>;
const launchSchema = z.object({
  command: z.object({ file: z.string(), args: z.array(z.string()), cwd: z.string() }),
  limits: limitsSchema,
  /** Purpose, role, task, model …, for lists and logs. */
  about: z.record(z.string(), z.string()),
  /** Milliseconds since 1970. */
  madeAt: z.number(),
});
export const launchFormat = fileFormat(1, launchSchema);

/** `outcome.json`: how a try failed. */
export type KeptOutcome = z.infer<typeof outcomeSchema>;
const outcomeSchema = z.object({
  error: callFailureSchema,
  /** Milliseconds since 1970. Without it the call is never tried again by itself. */
  retryAt: z.number().optional(),
  /** It failed before it could cost anything: it does not count among the call's tries. */
  unreached: z.boolean().optional(),
  /** Its process was lost, with whatever it was paid. */
  lost: z.boolean().optional(),
});
export const outcomeFormat = fileFormat(1, outcomeSchema);

/** `result.json`: the call is finished. */
export interface KeptResult<T> {
  tryNumber: number;
  durationMs: number;
  result: T;
}

/** @param result what calls of this kind come to */
export const resultFormat = <T>(result: z.ZodType<T, T>) =>
  fileFormat(1, z.object({ tryNumber: z.number(), durationMs: z.number(), result }));
