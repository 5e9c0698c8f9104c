/** A configuration with where each of its values came from. Types only. */

import type { Config } from './schema.js';

export type ConfigOrigin = 'flag' | 'environment' | 'file' | 'default';

export interface LoadedConfig {
  config: Config;
  /** Where each key's value came from, by its dotted path. */
  origin: Record<string, ConfigOrigin>;
  /** The file that was read; undefined when there is none. */
  file: string | undefined;
}
