/** `tasks.json`: the plan as it stands on disk, where a person may have edited it. */
import { join } from 'node:path';
import * as z from 'zod';
import { newerProblem } from '../domain/file-format.js';
import { parseJsonText } from '../domain/json-text.js';
import type { FileReference } from '../domain/references.js';
import { type Plan, planProblem } from '../domain/tasks/plan.js';
import { planSchema } from '../domain/tasks/plan-schema.js';
import { readIfExists } from '../host/files.js';
import { keepVersion, saveArtifact } from './artifacts.js';

const fileName = 'tasks.json';

/** A person may write the file anew: without a version it is of the first. */
const version = 1;
const fileSchema = planSchema.extend({ v: z.number().int().min(1).optional() });

/** Writes a plan as `tasks.json`. */
export async function savePlanFile(featureDir: string, plan: Plan): Promise<FileReference> {
  await saveArtifact(featureDir, fileName, `${JSON.stringify({ v: version, ...plan }, undefined, 2)}\n`);
  return keepVersion(featureDir, fileName);
}

export type PlanFile = { ok: true; plan: Plan; file: FileReference } | { ok: false; problem: string };

/** Reads `tasks.json` strictly. What is wrong with it is a sentence; the file stays as it is. */
export async function readPlanFile(featureDir: string): Promise<PlanFile> {
  const text = await readIfExists(join(featureDir, fileName));
  if (text === undefined)
    return {
      ok: false,
      problem: `There is no ${fileName} to approve; reject the plan to have it made again.`,
    };
  const checked = checkPlan(text);
  return checked.ok ? { ...checked, file: await keepVersion(featureDir, fileName) } : checked;
}

/** What a person wrote as a plan, checked: its JSON, its shape, its graph. */
export function checkPlan(text: string): { ok: true; plan: Plan } | { ok: false; problem: string } {
  const json = parseJsonText(text);
  if (!json.ok) return { ok: false, problem: `${fileName} ${json.problem}` };
  const newer = newerProblem(json.value, version, fileName);
  if (newer !== undefined) return { ok: false, problem: newer };
  const parsed = fileSchema.safeParse(json.value);
  if (!parsed.success)
    return { ok: false, problem: `${fileName} is not a plan:\n${z.prettifyError(parsed.error)}` };
  const { v: _, ...plan } = parsed.data;
  const problem = planProblem(plan);
  return problem === undefined ? { ok: true, plan } : { ok: false, problem };
}
