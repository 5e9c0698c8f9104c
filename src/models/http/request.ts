/** What the HTTP models' command was asked for: its arguments, the key in its environment, the prompt. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { CallFailure } from '../errors.js';
import type { ChatRequest } from './chat.js';

/**
 * @returns a failure where there is no request to make
 * @throws for arguments that are wrong
 */
export function requestOf(
  args: string[],
  environment: NodeJS.ProcessEnv,
  prompt: string,
): ChatRequest | CallFailure {
  const { values } = parseArgs({
    args,
    options: {
      provider: { type: 'string' },
      'base-url': { type: 'string', default: '' },
      model: { type: 'string', default: '' },
      'key-env': { type: 'string' },
      schema: { type: 'string' },
      json: { type: 'string', default: 'object' },
      fields: { type: 'string', multiple: true, default: [] },
    },
  });
  const { provider, model, schema, json, 'key-env': keyName, 'base-url': baseUrl } = values;
  if (provider !== 'deepseek' && provider !== 'openai-compatible') throw new Error('--provider is missing.');
  if (!URL.canParse(baseUrl)) throw new Error(`--base-url is no address: ${baseUrl}`);
  if (model === '') throw new Error('--model is missing.');
  const key = keyName === undefined ? undefined : environment[keyName] || undefined;
  if (keyName !== undefined && key === undefined)
    return { kind: 'auth', message: `The key is missing: set ${keyName} in the environment.` };
  return {
    provider,
    baseUrl,
    model,
    key,
    prompt,
    json: schema === undefined ? 'none' : jsonMode(json, schema),
    fields: Object.assign({}, ...values.fields.map((text) => JSON.parse(text) as object)),
  };
}

function jsonMode(json: string, schemaFile: string): ChatRequest['json'] {
  if (json === 'none' || json === 'object') return json;
  if (json !== 'schema') throw new Error(`--json is object, schema or none, not ${json}.`);
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as object;
  return { schema, name: basename(schemaFile).split('.')[0] ?? 'answer' };
}
