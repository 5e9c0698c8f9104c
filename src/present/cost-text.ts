/** What was spent, as a person is shown it: what is not known is called unknown, and never counted as zero. Pure. */

import type { BudgetStatus, CallCost, CostRow, FeatureCost } from '../domain/money/cost.js';
import type { Sum } from '../domain/money/spending.js';
import { modelNames, modelTitles } from '../domain/vocabulary.js';
import { usdText } from './amounts.js';
import { table } from './table.js';
import { count, duration } from './words.js';

/** @param verbose each call too */
export function costLines(
  { name, budget, total, models, parts, calls }: FeatureCost,
  verbose: boolean,
): string[] {
  if (total.calls === 0) return [`${name}: no calls yet`, budgetLine(budget)];
  return [
    `${name}: ${count(total.calls, 'call')}, ${tokensText(total)}, cost ${costText(total.usage.costUsd, total.unknown.cost)}`,
    sourcesLine(total),
    budgetLine(budget),
    ...leftLines(budget),
    '',
    ...rowLines(
      'MODEL',
      models.map((row) => ({ ...row, name: titleOf(row.name) })),
    ),
    '',
    ...rowLines('FOR', parts),
    ...(verbose ? ['', ...callLines(calls)] : []),
  ];
}

/** A sum in dollars: `$1.23`, `≥ $1.23 (3 calls unknown)`, or `unknown`. */
export function costText(usd: number | undefined, unknown: number): string {
  if (usd === undefined) return 'unknown';
  return unknown === 0 ? usdText(usd) : `≥ ${usdText(usd)} (${count(unknown, 'call')} unknown)`;
}

/** A count that is known only as far as its parts are. */
export const atLeast = (value: number | undefined, unknown: number): string =>
  value === undefined ? 'unknown' : `${unknown === 0 ? '' : '≥ '}${value}`;

/** `budget: 6 of 80 calls, $1.20 of $5.00`. */
export function budgetLine({ limits, spent }: BudgetStatus): string {
  const parts = [
    `${spent.calls} of ${count(limits.calls, 'call')}`,
    ...(limits.tokens === undefined ? [] : [`${number(spent.tokens)} of ${number(limits.tokens)} tokens`]),
    ...(limits.usd === undefined ? [] : [`${usdText(spent.usd)} of ${usdText(limits.usd)}`]),
  ];
  return `budget: ${parts.join(', ')}`;
}

function leftLines({ limits, spent }: BudgetStatus): string[] {
  const left = (limit: number, gone: number) => Math.max(0, limit - gone);
  const parts = [
    count(left(limits.calls, spent.calls), 'call'),
    ...(limits.tokens === undefined ? [] : [`${number(left(limits.tokens, spent.tokens))} tokens`]),
    ...(limits.usd === undefined ? [] : [usdText(left(limits.usd, spent.usd))]),
  ];
  const estimates = limits.tokens !== undefined || limits.usd !== undefined;
  const note = estimates
    ? ' (a call that runs, or did not say what it used, counts as what was expected)'
    : '';
  return [`left:   ${parts.join(', ')}${note}`];
}

function sourcesLine({ usage, reported, priced, unknown }: Sum): string {
  if (usage.costUsd === undefined)
    return 'cost:   unknown; a price under `models` in the configuration tells it';
  const parts = [
    ...(reported === 0 ? [] : [`reported by the vendor for ${count(reported, 'call')}`]),
    ...(priced === 0 ? [] : [`by the configured price for ${count(priced, 'call')}`]),
    ...(unknown.cost === 0 ? [] : [`unknown for ${count(unknown.cost, 'call')}`]),
  ];
  return `cost:   ${parts.join(', ')}`;
}

function tokensText({ usage, unknown }: Sum): string {
  const { inputTokens, cachedInputTokens, outputTokens } = usage;
  if (inputTokens === undefined && outputTokens === undefined) return 'tokens unknown';
  const cached = cachedInputTokens === undefined ? '' : ` (${number(cachedInputTokens)} cached)`;
  const least = unknown.tokens === 0 ? '' : '≥ ';
  const some = unknown.tokens === 0 ? '' : ` (${count(unknown.tokens, 'call')} unknown)`;
  return `${least}${known(inputTokens)} tokens in${cached}, ${known(outputTokens)} out${some}`;
}

const rowLines = (of: string, rows: readonly CostRow[]): string[] =>
  table(
    [of, 'CALLS', 'IN', 'CACHED', 'OUT', 'COST', 'TIME'],
    rows.map(({ name, calls, usage, unknown, durationMs }) => {
      const least = unknown.tokens === 0 ? '' : '≥ ';
      const tokens = (value: number | undefined) =>
        value === undefined ? 'unknown' : `${least}${number(value)}`;
      return [
        name,
        String(calls),
        tokens(usage.inputTokens),
        usage.cachedInputTokens === undefined ? '' : number(usage.cachedInputTokens),
        tokens(usage.outputTokens),
        costText(usage.costUsd, unknown.cost),
        duration(durationMs),
      ];
    }),
  );

const callLines = (calls: readonly CallCost[]): string[] =>
  table(
    ['CALL', 'MODEL', 'STATE', 'IN', 'CACHED', 'OUT', 'COST', 'TIME'],
    calls.map(({ call, tryNumber, model, state, ended, durationMs }) => [
      tryNumber === 1 ? shortName(call) : `${shortName(call)} (try ${tryNumber})`,
      modelTitles[model],
      state,
      known(ended?.usage.inputTokens),
      ended?.usage.cachedInputTokens === undefined ? '' : number(ended.usage.cachedInputTokens),
      known(ended?.usage.outputTokens),
      `${costText(ended?.usage.costUsd, 0)}${ended?.costFrom === 'price' ? ' (by price)' : ''}`,
      durationMs === undefined ? '' : duration(durationMs),
    ]),
  );

const known = (value: number | undefined): string => (value === undefined ? 'unknown' : number(value));

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Without the hash that tells asks apart. */
const shortName = (call: string): string => call.replace(/-[0-9a-f]{8}$/, '');

const titleOf = (name: string): string => {
  const model = modelNames.find((one) => one === name);
  return model === undefined ? name : modelTitles[model];
};
