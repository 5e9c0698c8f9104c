/** What a rewind has undone, kept whole: the plan and the tasks' records as they were, and what was taken instead. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../domain/problem.js';
import type { CommitHash, FileReference } from '../domain/references.js';
import type { Plan } from '../domain/tasks/plan.js';
import type { TaskRecord } from '../domain/tasks/record.js';
import { createFileAtomic } from '../host/atomic-file.js';
import { readIfExists, unlessMissing } from '../host/files.js';
import { readArtifact } from './artifacts.js';
import { checkPlan } from './plan-file.js';

/** A feature's work at one moment. */
export interface WorkState {
  /** Undefined outside git. */
  head?: CommitHash | undefined;
  plan: Plan;
  planFile: FileReference;
  tasks: Record<string, TaskRecord>;
}

/** `rewound/<n>.json`. */
export interface Rewound {
  to: string;
  /** What was undone. */
  from: WorkState;
  /** What stands from then on. */
  next: WorkState;
}

const pathOf = (featureDir: string, number: number): string => join(featureDir, 'rewound', `${number}.json`);

/** Keeps a rewind, once: what an interrupted one has kept counts, and is returned. */
export async function keepRewound(featureDir: string, number: number, rewound: Rewound): Promise<Rewound> {
  const text = `${JSON.stringify(rewound, undefined, 2)}\n`;
  if (await createFileAtomic(pathOf(featureDir, number), text)) return rewound;
  return (await readRewound(featureDir, number)) ?? rewound;
}

/** @returns undefined where nothing of that number was kept */
export async function readRewound(featureDir: string, number: number): Promise<Rewound | undefined> {
  const text = await readIfExists(pathOf(featureDir, number));
  // Written by us, whole or not at all.
  return text === undefined ? undefined : (JSON.parse(text) as Rewound);
}

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
