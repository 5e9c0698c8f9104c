import * as z from 'zod';

/** A review's answer: the verdict, why, and what to change. The first correction is the first to be made. */
export const reviewSchema = z.strictObject({
  approved: z.boolean(),
  feedback: z.string().max(50_000),
  corrections: z.array(z.string().trim().min(1).max(10_000)).max(100),
});
export type Review = z.infer<typeof reviewSchema>;

/** A comparison's answer: which of the drafts of a race is the better one, and why. */
export const comparisonSchema = z.strictObject({
  selected: z.string(),
  reasoning: z.string().max(50_000),
});
export type Comparison = z.infer<typeof comparisonSchema>;
