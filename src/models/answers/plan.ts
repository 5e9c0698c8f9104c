/** A plan from the parser's or the reviewer's answer: read leniently, validated strictly. */
import { type Plan, planProblem } from '../../domain/tasks/plan.js';
import { planSchema } from '../../domain/tasks/plan-schema.js';
import { taskTypes } from '../../domain/vocabulary.js';
import { findJson, isRecord } from './json.js';

export type ParsedPlan = { ok: true; plan: Plan } | { ok: false; problem: string };

const wanted = 'an object with the list `tasks`';

/**
 * Reads a plan. Prose and code fences around the JSON, slips in its syntax, a bare list, a missing type (`code`),
 * a missing description and other names of `dependsOn` are forgiven; keys that a plan has no use for are dropped.
 *
 * @returns the plan, or a sentence for the model that is asked again and for a person
 */
export function parsePlan(text: string): ParsedPlan {
  const found = findJson(text, looksLikePlan, wanted);
  if (!found.ok) return found;
  const raw = tasksOf(found.value);
  if (raw === undefined) return { ok: false, problem: `The JSON is no plan; ${wanted} is expected.` };
  const tasks = raw.map(readTask);
  const problem = tasks.find((task) => typeof task === 'string');
  if (typeof problem === 'string') return { ok: false, problem };
  const parsed = planSchema.safeParse({ tasks });
  if (!parsed.success) return { ok: false, problem: sentence(parsed.error.issues[0], tasks) };
  const wrong = planProblem(parsed.data);
  return wrong === undefined ? { ok: true, plan: parsed.data } : { ok: false, problem: wrong };
}

const looksLikePlan = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 || value.every(isRecord) : tasksOf(value) !== undefined;

function tasksOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return undefined;
  if (Array.isArray(value.tasks)) return value.tasks;
  return isRecord(value.plan) && Array.isArray(value.plan.tasks) ? value.plan.tasks : undefined;
}

/** A task with the keys that the schema wants, or what is wrong with it. */
function readTask(raw: unknown, index: number): Record<string, unknown> | string {
  const place = `Task ${index + 1}`;
  if (!isRecord(raw)) return `${place} is not an object.`;
  const id = text(raw.id);
  if (id === undefined || id === '') return `${place} has no id; use one such as T001.`;
  const title = raw.title;
  if (typeof title !== 'string' || title.trim() === '') return `Task ${id} has no title.`;
  const type = raw.type ?? 'code';
  const plainType = typeof type === 'string' ? type.trim().toLowerCase() : type;
  if (!taskTypes.some((known) => known === plainType))
    return `Task ${id} has the unknown type ${JSON.stringify(type)}; use ${taskTypes.join(', ')}.`;
  const dependsOn = readIds(raw.dependsOn ?? raw.depends_on ?? raw.dependencies ?? []);
  if (dependsOn === undefined) return `Task ${id} has a \`dependsOn\` that is no list of ids.`;
  return { id, title: title.trim(), description: raw.description ?? '', type: plainType, dependsOn };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined;

function readIds(value: unknown): string[] | undefined {
  const ids = (Array.isArray(value) ? value : [value]).map(text);
  if (ids.some((id) => id === undefined)) return undefined;
  return [...new Set(ids.filter((id) => id !== undefined && id !== ''))] as string[];
}

function sentence(issue: { path: PropertyKey[]; message: string } | undefined, tasks: unknown[]): string {
  if (issue === undefined) return 'The plan is not valid.';
  const [, index, key] = issue.path;
  if (typeof index !== 'number') return `The plan is not valid: ${issue.message}.`;
  const task = tasks[index];
  const id = isRecord(task) ? String(task.id) : String(index + 1);
  return `Task ${id} is not valid: ${key === undefined ? '' : `${String(key)}: `}${issue.message}.`;
}
