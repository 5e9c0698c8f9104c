/** Whether models are there: all asked at once, and none for long. */

import type { Config } from '../domain/config/schema.js';
import { modelSettings } from '../domain/models/settings.js';
import { type ModelName, modelNames } from '../domain/vocabulary.js';
import type { ProbeResult } from './adapter.js';
import { adapterFor } from './adapters/index.js';

export type ProbeConfig = Pick<Config, 'models' | 'env' | 'script'>;

export type ModelProbe = { model: ModelName } & ProbeResult;

/** The slowest command says its version in two seconds; on a machine that is busy with checks, in ten times that. */
const probeMs = 20_000;

/** Probes every model, in the vocabulary's order. Costs nothing, and never rejects. */
export const probeModels = (config: ProbeConfig): Promise<ModelProbe[]> =>
  Promise.all(modelNames.map(async (model) => ({ model, ...(await probe(model, config)) })));

async function probe(model: ModelName, config: ProbeConfig): Promise<ProbeResult> {
  const { script } = config;
  // With a script every model's part is played, and `scripted` itself is nobody's part.
  if (script !== null && model === 'scripted')
    return { ok: false, detail: 'plays the other models’ parts', advice: '' };
  const adapter = adapterFor(model, script);
  const settings = modelSettings(config, model);
  const given = { settings, pass: config.env.pass, ...(script === null ? {} : { script }) };
  const asked = adapter.probe(process.env, given).catch((error: unknown): ProbeResult => {
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, detail, advice: 'Put that right, or route its roles to another model.' };
  });
  return within(asked, settings.command ?? model);
}

/** The probe's result, or that it did not answer in time: its process is left to end by itself. */
async function within(asked: Promise<ProbeResult>, command: string): Promise<ProbeResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ProbeResult>((resolve) => {
    timer = setTimeout(
      () =>
        resolve({
          ok: false,
          detail: `did not answer within ${probeMs / 1_000} s`,
          advice: `Run it by hand to see why: ${command} --version`,
        }),
      probeMs,
    );
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
