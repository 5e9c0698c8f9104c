/** The adapters that there are. */
import type { ModelName } from '../../domain/vocabulary.js';
import type { Adapter } from '../adapter.js';
import { scriptedAdapter } from './scripted.js';

const adapters: readonly Adapter[] = [scriptedAdapter];

/**
 * The adapter that makes a model's calls. With a script, every model's part is played from it.
 *
 * @param script the scripted model's answers, or null
 */
export function adapterFor(model: ModelName, script: string | null = null): Adapter | undefined {
  const wanted = script === null ? model : 'scripted';
  return adapters.find((adapter) => adapter.model === wanted);
}
