import * as z from 'zod';
import { isReason, type Reason } from '../reasons.js';
import { fileReferenceSchema } from '../references.js';

/** A gate that waits for a person, as the workflow's memo and the journal carry it. */
export type OpenGate = z.infer<typeof openGateSchema>;
export const openGateSchema = z.object({
  /** `spec`, `plan`, `budget`, `result`, or a task's id. */
  gate: z.string(),
  /** Counts the openings of all gates of the feature, so that a late decision is told from a timely one. */
  number: z.number(),
  /** What the decision is about. */
  about: fileReferenceSchema.optional(),
  /** Why it waits. */
  reason: z.custom<Reason>(isReason),
});
