/**
 * The adapters that there are. A model's adapter is `adapter` of the file of its name beside this one, so that a
 * further model is a file here and its name and title in the vocabulary.
 */
import { type ModelName, modelNames } from '../../domain/vocabulary.js';
import type { Adapter } from '../adapter.js';

const adapters = new Map<ModelName, Adapter>();
for (const model of modelNames) {
  // Written out as a template, so that the bundler finds the files.
  const { adapter }: { adapter: Adapter } = await import(`./${model}.js`);
  adapters.set(model, adapter);
}

/**
 * The adapter that makes a model's calls. With a script, every model's part is played from it.
 *
 * @param script the scripted model's answers, or null
 */
export function adapterFor(model: ModelName, script: string | null = null): Adapter {
  const adapter = adapters.get(script === null ? model : 'scripted');
  if (adapter === undefined) throw new Error(`There is no adapter for ${model}.`);
  return adapter;
}
