/** What the models' probes say, before anything is paid for. */

import type { Config } from '../domain/feature/types.js';
import type { FoundModels } from '../domain/models/choices.js';
import type { ModelFinding } from '../domain/models/findings.js';
import { routedModels } from '../domain/models/routing.js';
import { missingModels } from '../domain/models/unavailable.js';
import { Problem } from '../domain/problem.js';
import { adapterFor } from '../models/adapters/index.js';
import { probeModels } from '../models/probe.js';
import { choiceLines, modelLines } from '../present/models-text.js';
import { note } from './output.js';

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

/**
 * Looks whether each role's model is there. What is missing is shown, with what to do about it and who
 * stands in.
 *
 * @throws Problem when no model is there at all
 */
export async function checkModels(config: Config): Promise<ModelFinding[]> {
  const findings = await findModels(config);
  const found = foundModels(findings);
  if (routedModels(config).every((model) => found.available.includes(model))) return findings;
  note(...modelLines(findings));
  if (found.available.length === 0)
    throw new Problem(
      'no-model',
      'No model is available, so nothing was started: the table says what to do.',
    );
  note(...choiceLines(config, found));
  return findings;
}
