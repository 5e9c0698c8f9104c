/** The command of the models that are reached by HTTP: where it is, and what it is told. */
import { existsSync } from 'node:fs';
import type { ModelSettings } from '../../domain/models/settings.js';
import { packageFile } from '../../host/package-files.js';
import { answerSchemaFile } from '../answers/schemas.js';
import { type CommandEnvironment, modelEnvironment } from '../environment.js';
import type { HttpModel } from '../http/failures.js';
import type { Question } from '../question.js';

/** As bundled it starts soonest; tests that run outside jest have it beside their sources. */
const command =
  ['dist/bin/http-model.js', 'dist/models/http/main.js', 'src/models/http/main.js']
    .map(packageFile)
    .find((path) => existsSync(path)) ?? '';

export interface HttpTarget {
  baseUrl: string;
  model: string;
  /** The environment variable that holds the key. */
  keyEnv?: string | undefined;
}

export function httpCommand(
  provider: HttpModel,
  { baseUrl, model, keyEnv }: HttpTarget,
  { settings, schema }: Pick<Question, 'settings' | 'schema'>,
): { file: string; args: string[] } {
  if (command === '') throw new Error('The command of the HTTP models is not built: run `npm run build`.');
  const option = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [name, value];
  return {
    file: process.execPath,
    args: [
      // undici calls its reading of the proxy variables experimental: that is no evidence of a call's failure.
      '--disable-warning=UNDICI-EHPA',
      command,
      ...option('--provider', provider),
      ...option('--base-url', baseUrl),
      ...option('--model', model),
      ...option('--key-env', keyEnv),
      ...option('--schema', schema === undefined ? undefined : answerSchemaFile(schema)),
      ...settings.args,
    ],
  };
}

/** @param prefixes of the vendor's variables */
export function httpEnvironment(
  parent: NodeJS.ProcessEnv,
  prefixes: readonly string[],
  pass: readonly string[],
  keyEnv: string | undefined,
  { env }: ModelSettings,
): CommandEnvironment {
  const names = keyEnv === undefined ? pass : [...pass, keyEnv];
  return { ...modelEnvironment(parent, prefixes, names), ...env };
}
