/** What is wrong with a plan that a person edited, and where. Pure. */
import type { Plan } from '../domain/plan.js';
import { jsonProblem } from '../feature/json-position.js';
import { checkPlan } from '../feature/plan-file.js';

export function readEditedPlan(text: string): { ok: true; plan: Plan } | { ok: false; problem: string } {
  const at = jsonProblem(text);
  if (at !== undefined)
    return {
      ok: false,
      problem: `It is no valid JSON at line ${at.line}, column ${at.column}: ${at.expected} is expected there.`,
    };
  return checkPlan(text);
}
