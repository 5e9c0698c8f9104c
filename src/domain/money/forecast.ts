/** What a plan's calls may come to in tokens and dollars, before they are paid for. Pure. */

import type { Config } from '../config/schema.js';
import { draftRole, route, routingRules } from '../models/routing.js';
import { modelSettings } from '../models/settings.js';
import type { Plan, Task } from '../tasks/plan.js';
import { type ModelName, modelNames, type Role } from '../vocabulary.js';
import { asks, type CallsRange, planCallsRange } from './calls-range.js';
import { draftBytes, editSteps, type Range, reviewTokens, tokensOf } from './estimate.js';
import { dollars } from './price.js';

/** What was measured of the texts that go into prompts, in bytes. */
export interface Measured {
  spec: number;
  /** The project's layout and conventions. */
  repository: number;
  /** The files that the specification and the tasks name. */
  files: number;
}

export interface Forecast {
  calls: CallsRange;
  /** Input and output together. */
  tokens: Range;
  /** Of the models that have a price. */
  usd: Range;
  /** Models that calls go to and that have no price: what they cost is unknown. */
  unpriced: ModelName[];
}

type ForecastRules = Pick<
  Config,
  'roles' | 'maxContentChars' | 'models' | 'modes' | 'maxIterations' | 'race'
>;

/** Calls of one kind: who makes them, how many, and how long one is, in tokens. */
interface Calls {
  model: ModelName;
  role: Role;
  count: Range;
  input: Range;
  output: Range;
}

/** Our own words in a prompt; the longest of them has 4 kB. */
const instructions: Range = { least: 1_000, most: 4_000 };
/** What a vendor's command puts before ours: measured with claude, and taken to be as much with the others. */
const vendorBytes: Partial<Record<ModelName, number>> = { claude: 30_000, codex: 30_000, gemini: 30_000 };

/**
 * The calls that a plan takes once it is approved, and what they may come to. The least: every draft is approved at
 * once. The most: every draft is corrected as often as is allowed, and every answer asked for as often.
 *
 * @param available which models' probes succeeded
 */
export function forecast(
  plan: Plan,
  config: ForecastRules,
  available: readonly ModelName[],
  measured: Measured,
): Forecast {
  const calls = plan.tasks.flatMap((task) => callsOf(task, config, available, measured));
  const models = modelNames.filter((model) =>
    calls.some((call) => call.model === model && call.count.most > 0),
  );
  const prices = new Map(models.map((model) => [model, modelSettings(config, model).price]));
  return {
    calls: planCallsRange(plan, config),
    tokens: sum(calls, ({ count, input, output }, end) => count[end] * (input[end] + output[end])),
    usd: sum(calls, ({ model, count, input, output }, end) => {
      const price = prices.get(model);
      if (price === undefined) return 0;
      return count[end] * dollars(price, { inputTokens: input[end], outputTokens: output[end] });
    }),
    unpriced: models.filter((model) => prices.get(model) === undefined),
  };
}

/** A race's drafts count for both; who reviews depends on who wrote. */
function callsOf(
  task: Task,
  config: ForecastRules,
  available: readonly ModelName[],
  measured: Measured,
): Calls[] {
  const { maxIterations } = config;
  const rules = routingRules(config);
  const contentChars = measured.spec + task.description.length;
  const modelFor = (role: Role, author?: ModelName): ModelName | undefined =>
    route({ role, contentChars, author }, rules, available).models[0];
  const size = sizesOf(task, measured);
  const calls = (role: Role, model: ModelName | undefined, count: Range): Calls[] =>
    model === undefined ? [] : [{ role, model, count, ...callSize(role, model, size, config) }];

  const racers = task.type === 'review' ? undefined : config.race[task.type];
  const role = draftRole(task.type, false);
  const authors = racers ?? [task.type === 'review' ? undefined : modelFor(role)];
  const corrector = modelFor('corrector');
  return [
    ...authors.flatMap((author) => calls(role, author, { least: 1, most: asks })),
    ...(racers === undefined ? [] : calls('reviewer', modelFor('reviewer'), { least: 0, most: asks })),
    ...calls('reviewer', modelFor('reviewer', authors[0]), { least: 1, most: asks }),
    ...calls('corrector', corrector, { least: 0, most: maxIterations * asks }),
    ...calls('reviewer', modelFor('reviewer', corrector), { least: 0, most: maxIterations * asks }),
  ];
}

/** What a task's prompts hold, and what its drafts are long, in bytes. */
interface Sizes {
  prompt: Range;
  draft: Range;
}

function sizesOf(task: Task, { spec, repository, files }: Measured): Sizes {
  const always = spec + task.title.length + task.description.length;
  return {
    prompt: { least: instructions.least + always, most: instructions.most + always + repository + files },
    draft: { least: draftBytes.least, most: draftBytes.most + files },
  };
}

function callSize(
  role: Role,
  model: ModelName,
  { prompt, draft }: Sizes,
  { modes }: ForecastRules,
): Pick<Calls, 'input' | 'output'> {
  const edits = role in modes && modes[role as keyof typeof modes] === 'edit';
  const steps = edits ? editSteps : { least: 1, most: 1 };
  // A review is shown the draft, and a correction the draft and its review.
  const shown = role === 'reviewer' || role === 'corrector' ? draft : { least: 0, most: 0 };
  const output = role === 'reviewer' ? reviewTokens : tokensOf(draft);
  const sent = {
    least: prompt.least + shown.least,
    most: prompt.most + shown.most + (vendorBytes[model] ?? 0),
  };
  const input = tokensOf(sent);
  return {
    input: { least: input.least * steps.least, most: input.most * steps.most },
    output,
  };
}

function sum(calls: readonly Calls[], of: (call: Calls, end: keyof Range) => number): Range {
  const total = (end: keyof Range) => calls.reduce((all, call) => all + of(call, end), 0);
  return { least: total('least'), most: total('most') };
}
