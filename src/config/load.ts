/** The configuration: read from the project's file, the environment and the flags, checked, and told apart. */

import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ConfigOrigin, LoadedConfig } from '../domain/config/loaded.js';
import { type ConfigInput, configSchema } from '../domain/config/schema.js';
import { isProblem, Problem } from '../domain/problem.js';
import { errorCode } from '../host/files.js';
import { jsonProblem } from './json-position.js';
import { configKeys } from './keys.js';
import { configProblems } from './problems.js';

export const configFileName = 'blueprint.config.json';

export interface ConfigSources {
  /** Named by the person; else `blueprint.config.json` in the root, if it is there. */
  file?: string | undefined;
  flags?: ConfigInput;
  env?: Readonly<Record<string, string | undefined>>;
}

type Layer = Record<string, unknown>;

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
  const text = await readConfigFile(path, file !== undefined);
  const fromFile = text === undefined ? {} : parseFile(path, text);
  const fromEnvironment = readEnvironment(env);
  const variables = new Map(configKeys.map((key) => [key.path, key.variable]));
  const inEnvironment = (key: string) => `the environment variable ${variables.get(key) ?? key}`;
  const inFile = (key: string) => (key === '' ? path : `${key} in ${path}`);
  const layers: { origin: ConfigOrigin; value: Layer }[] = [
    { origin: 'flag', value: check(flags, (key) => `the option ${key}`) },
    { origin: 'environment', value: check(fromEnvironment, inEnvironment) },
    { origin: 'file', value: check(fromFile, inFile) },
  ];
  const merged: Layer = {};
  const origin: Record<string, ConfigOrigin> = {};
  for (const key of configKeys) {
    const layer = layers.find(({ value }) => valueAt(value, key.path) !== undefined);
    origin[key.path] = layer?.origin ?? 'default';
    if (layer !== undefined) put(merged, key.path, valueAt(layer.value, key.path));
  }
  const config = configSchema.parse(merged);
  if (config.script !== null)
    config.script = resolve(origin.script === 'file' ? dirname(path) : '.', config.script);
  return { config, origin, file: text === undefined ? undefined : path };
}

async function readConfigFile(path: string, wasNamed: boolean): Promise<string | undefined> {
  try {
    if ((await stat(path)).isDirectory())
      throw new Problem('config-unreadable', `The configuration ${path} is a folder; name a file.`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isProblem(error)) throw error;
    const code = errorCode(error);
    if (code === 'ENOENT' && !wasNamed) return undefined;
    if (code === 'ENOENT')
      throw new Problem('config-missing', `The configuration ${path} does not exist.`, { cause: error });
    throw new Problem(
      'config-unreadable',
      `The configuration ${path} cannot be read (${code ?? 'unknown error'}).`,
      {
        cause: error,
      },
    );
  }
}

function parseFile(path: string, text: string): unknown {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    const problem = jsonProblem(json);
    const where = problem === undefined ? '' : ` at line ${problem.line}, column ${problem.column}`;
    const what = problem === undefined ? '' : `: ${problem.expected} is expected there`;
    throw new Problem('config-invalid', `The configuration ${path} is no valid JSON${where}${what}.`, {
      cause: error,
    });
  }
}

/** An empty variable counts as none. */
function readEnvironment(env: Readonly<Record<string, string | undefined>>): Layer {
  const layer: Layer = {};
  for (const { path, variable, numeric } of configKeys) {
    const text = variable === undefined ? undefined : env[variable];
    if (text === undefined || text === '') continue;
    put(layer, path, numeric && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  }
  return layer;
}

function check(value: unknown, name: (key: string) => string): Layer {
  const result = configSchema.safeParse(value);
  if (!result.success)
    throw new Problem('config-invalid', configProblems(result.error.issues, value, name).join('\n'));
  // The value as it was given: the parsed one has every default in it.
  return value as Layer;
}

const valueAt = (layer: Layer, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Layer | undefined)?.[key], layer);

function put(layer: Layer, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() ?? path;
  let target = layer;
  for (const key of keys) {
    target[key] ??= {};
    target = target[key] as Layer;
  }
  target[last] = value;
}
