/** The configuration: put together from the flags, the environment and the project's file, and checked. */
import { dirname, join, resolve } from 'node:path';
import type { ConfigOrigin, LoadedConfig } from '../domain/config/loaded.js';
import { type ConfigInput, configSchema } from '../domain/config/schema.js';
import { Problem } from '../domain/problem.js';
import type { Environment } from '../host/environment.js';
import { readConfigFile } from './file.js';
import { configKeys } from './keys.js';
import { putAt, valueAt } from './paths.js';
import { configProblems } from './problems.js';

export const configFileName = 'blueprint.config.json';

export interface ConfigSources {
  /** Named by the person; else `blueprint.config.json` in the root, if it is there. */
  file?: string | undefined;
  flags?: ConfigInput;
  env?: Environment;
}

/** What one source sets. */
interface Layer {
  origin: ConfigOrigin;
  value: unknown;
  /** Says where a key was set, for its dotted path; empty for the whole. */
  name(key: string): string;
}

/**
 * Loads the configuration. A flag wins over the environment, that over the file, that over the default, key by
 * key. The script's path becomes absolute: as the file sees it, or the current folder.
 *
 * @throws {Problem} that names the key, where it was set, and what should stand there
 */
export async function loadConfig(
  root: string,
  { file, flags = {}, env = process.env }: ConfigSources = {},
): Promise<LoadedConfig> {
  const path = file === undefined ? join(root, configFileName) : resolve(file);
  const found = await readConfigFile(path, file !== undefined);
  const layers: Layer[] = [
    { origin: 'flag', value: flags, name: (key) => `the option ${key}` },
    { origin: 'environment', value: valuesIn(env), name: variableName },
    {
      origin: 'file',
      value: found === undefined ? {} : found.value,
      name: (key) => (key === '' ? path : `${key} in ${path}`),
    },
  ];
  layers.forEach(check);
  const merged = {};
  const origin: Record<string, ConfigOrigin> = {};
  for (const key of configKeys) {
    const at = key.path.split('.');
    const layer = layers.find(({ value }) => valueAt(value, at) !== undefined);
    origin[key.path] = layer?.origin ?? 'default';
    if (layer !== undefined) putAt(merged, at, valueAt(layer.value, at));
  }
  const config = configSchema.parse(merged);
  if (config.script !== null)
    config.script = resolve(origin.script === 'file' ? dirname(path) : '.', config.script);
  return { config, origin, file: found === undefined ? undefined : path };
}

/** What the environment sets. An empty variable counts as none. */
function valuesIn(env: Environment): object {
  const values = {};
  for (const { path, variable, numeric } of configKeys) {
    const text = variable === undefined ? undefined : env[variable];
    if (text === undefined || text === '') continue;
    putAt(values, path.split('.'), numeric && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  }
  return values;
}

const variableName = (key: string): string =>
  `the environment variable ${configKeys.find(({ path }) => path === key)?.variable ?? key}`;

/** Each source by itself, so that a mistake is named where it was made. */
function check({ value, name }: Layer): void {
  const { error } = configSchema.safeParse(value);
  if (error !== undefined)
    throw new Problem('config-invalid', configProblems(error.issues, value, name).join('\n'));
}
