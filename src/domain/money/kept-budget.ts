import * as z from 'zod';
import { budgetSchema } from '../config/schema.js';

/** `budget.json`: what a person raised the budget to, and the calls that the plan's default allows. */
export const keptBudgetSchema = z.object({
  raised: budgetSchema.optional(),
  planned: z.number().optional(),
});
export type KeptBudget = z.infer<typeof keptBudgetSchema>;
