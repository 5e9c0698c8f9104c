/** What a rewind has undone, kept whole: the plan and the tasks' records as they were, and what was taken instead. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { fileFormat } from '../domain/file-format.js';
import { Problem } from '../domain/problem.js';
import { type FileReference, fileReferenceSchema } from '../domain/references.js';
import type { Plan } from '../domain/tasks/plan.js';
import { planSchema } from '../domain/tasks/plan-schema.js';
import type { TaskRecord } from '../domain/tasks/record.js';
import { taskStates } from '../domain/vocabulary.js';
import { createFileAtomic } from '../host/atomic-file.js';
import { readFileAs, unlessMissing } from '../host/files.js';
import { readArtifact } from './artifacts.js';
import { checkPlan } from './plan-file.js';

/** Of a task's record only its state is looked at: what goes with it follows from that, where it is written. */
const taskRecord = z.custom<TaskRecord>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'state' in value &&
    taskStates.some((state) => state === value.state),
);

/** A feature's work at one moment. */
export type WorkState = z.infer<typeof workStateSchema>;
const workStateSchema = z.object({
  /** Undefined outside git. */
  head: z.string().optional(),
  plan: planSchema,
  planFile: fileReferenceSchema,
  tasks: z.record(z.string(), taskRecord),
});

/** `rewound/<n>.json`. */
export type Rewound = z.infer<typeof rewoundSchema>;
const rewoundSchema = z.object({
  to: z.string(),
  /** What was undone. */
  from: workStateSchema,
  /** What stands from then on. */
  next: workStateSchema,
});
const format = fileFormat(1, rewoundSchema);

const pathOf = (featureDir: string, number: number): string => join(featureDir, 'rewound', `${number}.json`);

/** Keeps a rewind, once: what an interrupted one has kept counts, and is returned. */
export async function keepRewound(featureDir: string, number: number, rewound: Rewound): Promise<Rewound> {
  if (await createFileAtomic(pathOf(featureDir, number), format.text(rewound))) return rewound;
  return (await readRewound(featureDir, number)) ?? rewound;
}

/**
 * @returns undefined where nothing of that number was kept
 * @throws {Problem} `damaged-file`, `newer-file`
 */
export const readRewound = (featureDir: string, number: number): Promise<Rewound | undefined> =>
  readFileAs(pathOf(featureDir, number), format);

/** The highest number that a rewind has had, whatever came of it; 0 before the first. */
export async function highestRewound(featureDir: string): Promise<number> {
  const names = (await unlessMissing(readdir(join(featureDir, 'rewound')))) ?? [];
  return Math.max(0, ...names.map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0)));
}

/** @throws {Problem} when the version is gone, or no plan any more */
export async function readPlanVersion(featureDir: string, file: FileReference): Promise<Plan> {
  const checked = checkPlan(await readArtifact(featureDir, file));
  if (!checked.ok)
    throw new Problem('plan-unusable', `The plan as it was cannot be used: ${checked.problem}`);
  return checked.plan;
}
