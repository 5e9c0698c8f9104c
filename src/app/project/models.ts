/** What the models' probes say, before anything is paid for. */

import type { Config } from '../../domain/config/schema.js';
import { type FoundModels, ownReviews, roleChoices } from '../../domain/models/choices.js';
import type { ModelFinding } from '../../domain/models/findings.js';
import { routedModels } from '../../domain/models/routing.js';
import { missingModels } from '../../domain/models/unavailable.js';
import { type Budget, unpricedModels } from '../../domain/money/budget.js';
import { Problem } from '../../domain/problem.js';
import { modelTitles } from '../../domain/vocabulary.js';
import { adapterFor } from '../../models/adapters/index.js';
import { probeModels } from '../../models/probe.js';
import type { ProjectModels } from '../api.js';

/** Every model that a person may care about: the scripted one only where it is asked for. */
export async function findModels(config: Config): Promise<ModelFinding[]> {
  const probes = await probeModels(config);
  const routed = routedModels(config);
  return probes
    .filter(({ model, ok }) => ok || model !== 'scripted' || routed.includes(model))
    .map((probe) => ({
      model: probe.model,
      ok: probe.ok,
      detail: probe.detail,
      modes: [...adapterFor(probe.model, config.script).modes],
      ...(probe.ok || probe.advice === '' ? {} : { advice: probe.advice }),
    }));
}

/** What was found, as routing takes it. */
export const foundModels = (findings: readonly ModelFinding[]): FoundModels => ({
  available: findings.filter(({ ok }) => ok).map(({ model }) => model),
  notThere: missingModels(
    findings.filter(({ ok }) => !ok).map(({ model, detail }) => ({ model, problem: detail })),
  ),
  modes: Object.fromEntries(findings.map(({ model, modes }) => [model, modes])),
});

/** Which models there are, which one each role would get, and whether a feature can be started with them. */
export async function projectModels(config: Config): Promise<ProjectModels> {
  const findings = await findModels(config);
  const found = foundModels(findings);
  return {
    config,
    findings,
    found,
    choices: roleChoices(config, found),
    ownReviews: ownReviews(config, found),
    isComplete: routedModels(config).every((model) => found.available.includes(model)),
    problem: modelsProblem(config, found),
  };
}

function modelsProblem(config: Config, found: FoundModels): Problem | undefined {
  if (found.available.length > 0) return priceProblem(config.budget, config, found);
  return new Problem('no-model', 'No model is available, so nothing was started: the table says what to do.');
}

/** What is wrong with a budget in dollars when a model that is routed to has no price. */
export function priceProblem(budget: Budget, config: Config, found: FoundModels): Problem | undefined {
  const chosen = roleChoices(config, found).flatMap(({ model }) => model ?? []);
  const named = routedModels(config).filter((model) => found.available.includes(model));
  const models = unpricedModels(config, [...new Set([...chosen, ...named])]);
  if (budget.usd === undefined || models.length === 0) return undefined;
  const names = models.map((model) => modelTitles[model]).join(', ');
  return new Problem(
    'budget-unusable',
    `A budget in dollars cannot be kept: nobody says what a call to ${names} costs.`,
    { models },
  );
}
