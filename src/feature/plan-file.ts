/** `tasks.json`: the plan as it stands on disk, where a person may have edited it. */
import { join } from 'node:path';
import * as z from 'zod';
import { parseJsonText } from '../domain/json-text.js';
import type { FileReference } from '../domain/references.js';
import { type Plan, planProblem } from '../domain/tasks/plan.js';
import { planSchema } from '../domain/tasks/plan-schema.js';
import { readIfExists } from '../host/files.js';
import { keepVersion, saveArtifact } from './artifacts.js';

const fileName = 'tasks.json';

/** Writes a plan as `tasks.json`. */
export async function savePlanFile(featureDir: string, plan: Plan): Promise<FileReference> {
  await saveArtifact(featureDir, fileName, `${JSON.stringify(plan, undefined, 2)}\n`);
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
  const parsed = planSchema.safeParse(json.value);
  if (!parsed.success)
    return { ok: false, problem: `${fileName} is no plan:\n${z.prettifyError(parsed.error)}` };
  const problem = planProblem(parsed.data);
  return problem === undefined ? { ok: true, plan: parsed.data } : { ok: false, problem };
}
