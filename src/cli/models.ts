/** What the models' probes say, before anything is paid for. */
import type { Config } from '../domain/feature.js';
import { modelSettings } from '../domain/model-settings.js';
import { type ModelName, modelNames } from '../domain/vocabulary.js';
import { adapterFor } from '../models/adapters/index.js';
import { note } from './output.js';
import { CommandProblem } from './problem.js';
import { type ModelFinding, modelLines, roleLines } from './text/doctor-text.js';

type ProbeConfig = Pick<Config, 'script' | 'models' | 'env'>;

export const probeModels = (config: ProbeConfig): Promise<ModelFinding[]> =>
  Promise.all(modelNames.map((model) => probe(model, config)));

async function probe(model: ModelName, config: ProbeConfig): Promise<ModelFinding> {
  const adapter = adapterFor(model, config.script);
  if (adapter === undefined) return { model, ok: false, detail: 'not supported by this version' };
  const found = await adapter.probe(process.env, {
    settings: modelSettings(config, model),
    pass: config.env.pass,
    ...(config.script === null ? {} : { script: config.script }),
  });
  if (found.ok) return { model, ok: true, detail: found.detail };
  return { model, ok: false, detail: found.detail, advice: found.advice };
}

/**
 * Looks whether each role's model is there. What is missing is shown as a table, with what to do about it and who
 * stands in.
 *
 * @throws CommandProblem when no model is there at all
 */
export async function checkModels(config: Config): Promise<void> {
  const models = await probeModels(config);
  const available = models.filter((model) => model.ok).map((model) => model.model);
  const missing = Object.values(config.roles)
    .flat()
    .some((model) => !available.includes(model));
  if (!missing) return;
  for (const line of modelLines(models)) note(line);
  if (available.length === 0)
    throw new CommandProblem('No model is available, so nothing was started: the table says what to do.');
  for (const line of roleLines(config, available)) note(line);
}
