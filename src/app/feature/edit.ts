/** The specification or the plan as a text that a person changes: where it is, and whether it can be taken. */

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureView } from '../../domain/journal/view.js';
import { Problem } from '../../domain/problem.js';
import { can } from '../../domain/tasks/states.js';
import { readBrief } from '../../feature/input.js';
import { writeFileAtomic } from '../../host/atomic-file.js';
import { readIfExists } from '../../host/files.js';
import { update } from './decide.js';
import { jsonText, markdownText, type PlanFormat, readEditedPlan, withoutRules } from './plan-text.js';
import type { FeatureRecord } from './record.js';
import { textFiles } from './texts.js';

export interface EditOptions {
  /** The one whose gate is open by default, else the plan. */
  part?: 'spec' | 'plan' | undefined;
  /** The plan's form; JSON by default. */
  format?: PlanFormat | undefined;
}

export interface Edit {
  part: 'spec' | 'plan';
  format: PlanFormat;
  /** The file to change. It is kept until its text is taken. */
  path: string;
  /** It holds what was written before and could not be taken. */
  isResumed: boolean;
  /**
   * Takes the text as it stands.
   *
   * @throws Problem when it cannot be used: nothing was changed, and the text is kept
   */
  take(): Promise<TakenEdit>;
}

export type TakenEdit =
  | { kind: 'unchanged' }
  /** What an approval takes. */
  | { kind: 'saved'; file: string }
  /** The plan is carried out already: its workflow says whether it can be taken, so a worker must run. */
  | { kind: 'to-send'; send(): Promise<void> };

const emptyPlan = '{\n  "tasks": []\n}\n';

/** @throws Problem where an edit would reach nobody */
export async function openEdit(feature: FeatureRecord, options: EditOptions): Promise<Edit> {
  await feature.input();
  const view = (await feature.journal()).view();
  const isOpen = (gate: 'spec' | 'plan') => view.gates.some((open) => open.gate === gate);
  const part = options.part ?? (isOpen('spec') ? 'spec' : 'plan');
  const atGate = isOpen(part);
  refuseWhere(feature.name, view, part, atGate);

  const format = part === 'plan' ? (options.format ?? 'json') : 'json';
  const file = join(feature.directory, textFiles[part]);
  const before = (await readIfExists(file)) ?? (part === 'plan' ? emptyPlan : '');
  const path = join(feature.directory, 'edits', format === 'markdown' ? 'plan.md' : textFiles[part]);
  const shown = part === 'spec' ? before : planText(before, format, fixedTasks(view));
  const isResumed = (await readIfExists(path)) !== undefined;
  if (!isResumed) await writeFileAtomic(path, shown);
  return {
    part,
    format,
    path,
    isResumed,
    async take() {
      const text = await readFile(path, 'utf8');
      if (text === shown || text === before) {
        await rm(path);
        return { kind: 'unchanged' };
      }
      if (part === 'plan') return takePlan(feature, { file, path, text, format, atGate });
      await writeFileAtomic(file, await readBrief({ kind: 'file', path }, 'specification'));
      await rm(path);
      return { kind: 'saved', file };
    },
  };
}

/** What has begun is what its history says it is. */
const fixedTasks = ({ tasks }: FeatureView): string[] =>
  tasks.filter((task) => !can(task.state, 'edit')).map((task) => task.id);

/** @throws Problem when the plan on disk can only be put right as JSON */
function planText(json: string, format: PlanFormat, fixed: readonly string[]): string {
  if (format === 'json') return jsonText(json, fixed);
  if (json === emptyPlan) return markdownText({ tasks: [] }, fixed);
  const read = readEditedPlan(json);
  if (read.ok) return markdownText(read.plan, fixed);
  throw new Problem(
    'plan-unusable',
    `The plan cannot be shown as Markdown, so edit it as JSON: ${read.problem}`,
  );
}

/** Where an edit would reach nobody, or pull the ground from under what was made of it. */
function refuseWhere(
  name: string,
  { phase, tasks }: FeatureView,
  part: 'spec' | 'plan',
  atGate: boolean,
): void {
  if (atGate) return;
  if (phase === 'done')
    throw new Problem('feature-done', `${name} is done; start another feature for what is left.`);
  if (part === 'spec')
    throw new Problem(
      'spec-closed',
      `The specification of ${name} can be edited while its gate is open, and it is not.`,
      { feature: name },
    );
  if (tasks.length === 0)
    throw new Problem('plan-missing', `${name} has no plan yet; it can be edited when it is there.`);
}

interface PlanEdit {
  file: string;
  path: string;
  text: string;
  format: PlanFormat;
  /** The plan waits to be approved, as it stands on disk. */
  atGate: boolean;
}

async function takePlan(
  feature: FeatureRecord,
  { file, path, text, format, atGate }: PlanEdit,
): Promise<TakenEdit> {
  const read = readEditedPlan(text, format);
  if (!read.ok) throw new Problem('plan-unusable', read.problem);
  if (!atGate)
    return {
      kind: 'to-send',
      async send() {
        await update(feature, { kind: 'editPlan', plan: read.plan });
        await rm(path);
      },
    };
  const json = format === 'json' ? withoutRules(text) : `${JSON.stringify(read.plan, undefined, 2)}\n`;
  await writeFileAtomic(file, json);
  await rm(path);
  return { kind: 'saved', file };
}
