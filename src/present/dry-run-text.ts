/** What a dry run shows. Pure. */

import type { Config } from '../domain/config/schema.js';
import type { DryRun, PromptSize } from '../domain/feature/dry-run.js';
import { limitsOf } from '../domain/money/budget.js';
import { callsRange, planCallsRange } from '../domain/money/calls-range.js';
import { tokensOf } from '../domain/money/estimate.js';
import { modelTitles } from '../domain/vocabulary.js';
import { budgetText } from './amounts.js';
import { notInBaseLine } from './entry-text.js';
import { choiceLines, modelLines } from './models-text.js';
import { table } from './table.js';

export function dryRunLines(facts: DryRun): string[] {
  const { name, config, base, setup, checks, findings, found, prompts } = facts;
  const missing = notInBaseLine(facts.notInBase);
  return [
    `Dry run of ${name}: nothing is spent, written or started.`,
    '',
    `Base: ${base ?? 'none, this is no git repository; nothing would be applied'}`,
    ...(missing === undefined ? [] : [missing]),
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
    callsLine(facts),
    budgetLine(config),
  ];
}

function promptRow({ purpose, model, bytes, besides }: PromptSize): string[] {
  const { least, most } = tokensOf(bytes);
  const more = besides === undefined ? '' : ` and ${besides}`;
  return [
    `  ${purpose}`,
    model === undefined ? 'none' : modelTitles[model],
    `${bytes.toLocaleString('en-US')}${more}`,
    `about ${[least, most].map((count) => Math.ceil(count).toLocaleString('en-US')).join(' to ')}${more}`,
  ];
}

function callsLine({ specGiven, config }: DryRun): string {
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
