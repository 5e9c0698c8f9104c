/** DeepSeek, by its HTTP API: https://api-docs.deepseek.com */
import type { ModelSettings } from '../../domain/models/settings.js';
import { type Adapter, commonFailure } from '../adapter.js';
import { type HttpTarget, httpCommand, httpEnvironment } from './http-command.js';
import { ownLineEvents } from './own-lines.js';

const defaultKeyEnv = 'DEEPSEEK_API_KEY';

/** `deepseek-flash` is the vendor's name for its current small model; older names are served by the same one. */
const target = ({ baseUrl, model, apiKeyEnv }: ModelSettings): HttpTarget & { keyEnv: string } => ({
  baseUrl: baseUrl ?? 'https://api.deepseek.com',
  model: model ?? 'deepseek-flash',
  keyEnv: apiKeyEnv ?? defaultKeyEnv,
});

export const adapter: Adapter = {
  model: 'deepseek',
  modes: ['text'],
  reads: false,
  // The context is a million tokens, of which an answer may take 384,000; a token is about 3.3 bytes of English or code.
  maxPromptBytes: 2_000_000,

  command: (question) => httpCommand('deepseek', target(question.settings), question),

  environment: (parent, { settings }, pass) =>
    httpEnvironment(parent, ['DEEPSEEK_'], pass, target(settings).keyEnv, settings),

  reader: () => ownLineEvents,

  failure: commonFailure,

  // Whether the key is valid, only the vendor could say: a network that is away must not make the model unavailable.
  async probe(parent, { settings, pass }) {
    const { model, baseUrl, keyEnv } = target(settings);
    const environment = httpEnvironment(parent, ['DEEPSEEK_'], pass, keyEnv, settings);
    if (environment[keyEnv])
      return { ok: true, detail: `${model} at ${new URL(baseUrl).host}, key in ${keyEnv}` };
    return {
      ok: false,
      detail: `${keyEnv} is not set`,
      advice: `Make a key at https://platform.deepseek.com/api_keys and set ${keyEnv} to it.`,
    };
  },
};
