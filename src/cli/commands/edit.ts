/** `blueprint edit`: the specification or the plan, in the person's editor. */

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFeature } from '../../app/look.js';
import type { FeatureStatus } from '../../domain/feature/status.js';
import { Problem } from '../../domain/problem.js';
import type { Plan } from '../../domain/tasks/plan.js';
import { can } from '../../domain/tasks/states.js';
import { readBrief } from '../../feature/input.js';
import { featureDirectory } from '../../feature/project.js';
import { writeFileAtomic } from '../../host/atomic-file.js';
import { readIfExists } from '../../host/files.js';
import { type Context, type GlobalOptions, openContext, requireFeature, shownPath } from '../context.js';
import { openInEditor } from '../editor.js';
import { exitStatus } from '../exit-status.js';
import { moveOn } from '../move-on.js';
import { note } from '../output.js';
import { jsonText, markdownText, type PlanFormat, readEditedPlan, withoutRules } from '../plan-text.js';

type Part = 'spec' | 'plan';

const fileNames: Record<Part, string> = { spec: 'spec.md', plan: 'tasks.json' };
const emptyPlan = '{\n  "tasks": []\n}\n';

export async function edit(
  global: GlobalOptions,
  name: string,
  part: string | undefined,
  { markdown = false }: { markdown?: boolean } = {},
): Promise<number> {
  if (part !== undefined && part !== 'spec' && part !== 'plan')
    throw new Problem('usage', `There is no ${part} to edit; name spec or plan.`);
  const context = await openContext(global);
  await requireFeature(context.root, name);
  const status = await describeFeature(context.root, name);
  const isOpen = (gate: Part) => status.gates.some((open) => open.gate === gate);
  const wanted = part ?? (isOpen('spec') ? 'spec' : 'plan');
  refuseWhere(status, wanted, isOpen(wanted));

  const directory = featureDirectory(context.root, name);
  const file = join(directory, fileNames[wanted]);
  const before = (await readIfExists(file)) ?? (wanted === 'plan' ? emptyPlan : '');
  const format: PlanFormat = wanted === 'plan' && markdown ? 'markdown' : 'json';
  const draft = join(directory, 'edits', format === 'markdown' ? 'plan.md' : fileNames[wanted]);
  const kept = await readIfExists(draft);
  const shown = wanted === 'spec' ? before : textToEdit(before, format, fixedTasks(status));
  if (kept === undefined) await writeFileAtomic(draft, shown);
  else note(`You go on with what you wrote before, in ${shownPath(draft)}.`);
  await openInEditor(draft);
  const text = await readFile(draft, 'utf8');
  if (text === shown || text === before) {
    await rm(draft);
    note('Nothing was changed.');
    return exitStatus.done;
  }
  return wanted === 'spec'
    ? takeSpec(name, file, draft, status)
    : takePlan(context, name, { file, draft, text, format, atGate: isOpen('plan') });
}

/** What has begun is what its history says it is. */
const fixedTasks = ({ tasks }: FeatureStatus): string[] =>
  tasks.filter((task) => !can(task.state, 'edit')).map((task) => task.id);

/** @throws Problem when the plan on disk can only be put right as JSON */
function textToEdit(json: string, format: PlanFormat, fixed: readonly string[]): string {
  if (format === 'json') return jsonText(json, fixed);
  if (json === emptyPlan) return markdownText({ tasks: [] }, fixed);
  const read = readEditedPlan(json);
  if (read.ok) return markdownText(read.plan, fixed);
  throw new Problem(
    'plan-unusable',
    `The plan cannot be shown as Markdown: ${read.problem} Edit it without --markdown.`,
  );
}

/** Where an edit would reach nobody, or pull the ground from under what was made of it. */
function refuseWhere({ name, phase, tasks }: FeatureStatus, part: Part, atGate: boolean): void {
  if (atGate) return;
  if (phase === 'done')
    throw new Problem('feature-done', `${name} is done; start another feature for what is left.`);
  if (part === 'spec')
    throw new Problem(
      'gate-not-open',
      `The specification of ${name} can be edited while its gate is open, and it is not; at the plan's gate \`blueprint reject ${name} spec -m TEXT\` has it made again.`,
    );
  if (tasks.length === 0)
    throw new Problem('plan-missing', `${name} has no plan yet; it can be edited when it is there.`);
}

async function takeSpec(name: string, file: string, draft: string, status: FeatureStatus): Promise<number> {
  try {
    const text = await readBrief({ kind: 'file', path: draft }, 'specification');
    await writeFileAtomic(file, text);
  } catch (error) {
    throw kept(name, 'spec', draft, error instanceof Error ? error.message : String(error), error);
  }
  await rm(draft);
  note(`Saved to ${shownPath(file)}; \`blueprint approve ${status.name} spec\` takes it.`);
  return exitStatus.done;
}

interface PlanEdit {
  file: string;
  draft: string;
  text: string;
  format: PlanFormat;
  /** The plan waits to be approved, as it stands on disk. */
  atGate: boolean;
}

async function takePlan(
  context: Context,
  name: string,
  { file, draft, text, format, atGate }: PlanEdit,
): Promise<number> {
  const read = readEditedPlan(text, format);
  const part = format === 'markdown' ? 'plan --markdown' : 'plan';
  if (!read.ok) throw kept(name, part, draft, read.problem);
  if (!atGate) return changePlan(context, name, { draft, part }, read.plan);
  const json = format === 'json' ? withoutRules(text) : `${JSON.stringify(read.plan, undefined, 2)}\n`;
  await writeFileAtomic(file, json);
  await rm(draft);
  note(`Saved to ${shownPath(file)}; \`blueprint approve ${name} plan\` takes it.`);
  return exitStatus.done;
}

/** While tasks run, the feature's workflow says whether the edit can be taken. */
const changePlan = (
  context: Context,
  name: string,
  { draft, part }: { draft: string; part: string },
  plan: Plan,
): Promise<number> =>
  moveOn(context, {
    name,
    answeredByWorker: true,
    async act(client) {
      try {
        await client.editPlan(name, plan);
      } catch (error) {
        throw kept(name, part, draft, error instanceof Error ? error.message : String(error), error);
      }
      await rm(draft);
      note(`The plan of ${name} is changed.`);
    },
  });

const kept = (name: string, part: string, draft: string, problem: string, cause?: unknown): Problem =>
  new Problem(
    'edit-refused',
    `${problem}\nNothing was changed. Your text is kept in ${shownPath(draft)}; \`blueprint edit ${name} ${part}\` opens it again.`,
    { cause },
  );
