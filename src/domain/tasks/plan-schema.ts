import * as z from 'zod';
import { taskTypes } from '../vocabulary.js';

/** One task of a plan, as the parser must give it and `tasks.json` keeps it. */
export const taskSchema = z.strictObject({
  id: z.string(),
  title: z.string().trim().min(1, 'has no title').max(200),
  description: z.string().max(20_000),
  type: z.enum(taskTypes),
  dependsOn: z.array(z.string()),
});

/** `tasks.json`. What a schema cannot say (cycles, duplicate ids) is in `planProblem`. */
export const planSchema = z.strictObject({
  tasks: z.array(taskSchema).min(1, 'the plan has no tasks').max(200),
});

export type Task = z.infer<typeof taskSchema>;
export type Plan = z.infer<typeof planSchema>;
