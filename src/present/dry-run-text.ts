/** What a dry run shows. Pure. */

import type { Check, Config } from '../domain/feature/types.js';
import type { FoundModels } from '../domain/models/choices.js';
import { budgetText, limitsOf } from '../domain/money/budget.js';
import { callsRange, planCallsRange } from '../domain/money/calls-range.js';
import { type ModelName, modelTitles, type Purpose } from '../domain/vocabulary.js';
import { choiceLines, type ModelFinding, modelLines } from './models-text.js';
import { table } from './table.js';

export interface PromptSize {
  purpose: Purpose;
  model: ModelName | undefined;
  bytes: number;
  /** What comes on top, and is not there yet. */
  besides?: string;
}

export interface DryRun {
  name: string;
  /** The commit that it would build on; undefined outside git. */
  base: string | undefined;
  notes: string[];
  setup: string | null;
  checks: Check[];
  findings: ModelFinding[];
  found: FoundModels;
  prompts: PromptSize[];
  /** The brief is the specification: no model is asked for one. */
  specGiven: boolean;
}

export function dryRunLines(facts: DryRun, config: Config): string[] {
  const { name, base, notes, setup, checks, findings, found, prompts } = facts;
  return [
    `Dry run of ${name}: nothing is spent, written or started.`,
    '',
    `Base: ${base ?? 'none, this is no git repository; nothing would be applied'}`,
    ...notes,
    `Setup: ${setup === null ? 'none' : `${setup} (not run)`}`,
    ...(checks.length === 0
      ? ['Checks: none, so the result would be unverified']
      : checks.map(({ name: check, command }) => `Check: ${check}: ${command} (not run)`)),
    '',
    ...modelLines(findings),
    '',
    ...choiceLines(config, found),
    '',
    ...table(['  PROMPT', 'MODEL', 'BYTES', 'TOKENS'], prompts.map(promptRow)),
    '',
    callsLine(facts, config),
    budgetLine(config),
  ];
}

function promptRow({ purpose, model, bytes, besides }: PromptSize): string[] {
  const more = besides === undefined ? '' : ` and ${besides}`;
  return [
    `  ${purpose}`,
    model === undefined ? 'none' : modelTitles[model],
    `${bytes.toLocaleString('en-US')}${more}`,
    `about ${Math.ceil(bytes / bytesPerToken).toLocaleString('en-US')}${more}`,
  ];
}

/** Vendors count a token for three to five bytes of English and of code. */
const bytesPerToken = 4;

function callsLine({ specGiven }: DryRun, config: Config): string {
  const { least, most } = callsRange(undefined, config, specGiven);
  const task = { id: 'T001', title: '', description: '', type: 'code', dependsOn: [] } as const;
  const each = planCallsRange({ tasks: [{ ...task, dependsOn: [] }] }, config);
  return `Calls: ${least} at least and ${most} at most up to the plan; then ${each.least} to ${each.most} for each task that writes code. The plan's gate shows the sum.`;
}

function budgetLine(config: Config): string {
  const limits = budgetText(limitsOf(config, {}));
  return config.budget.calls === undefined
    ? `Budget: ${limits} up to the plan, and then as many as the plan can need.`
    : `Budget: ${limits}.`;
}
