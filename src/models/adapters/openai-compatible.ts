/** Any server with OpenAI's chat completions API: Ollama, llama.cpp, vLLM, a gateway. */
import type { ModelSettings } from '../../domain/models/settings.js';
import { type Adapter, commonFailure, type ProbeResult } from '../adapter.js';
import { httpCommand, httpEnvironment } from './http-command.js';
import { ownLineEvents } from './own-lines.js';

/** A server on this machine answers in milliseconds; one that reads a long prompt may take a little longer. */
const probeTimeoutMs = 2_000;

export const adapter: Adapter = {
  model: 'openai-compatible',
  modes: ['text'],
  reads: false,
  // Only who runs the server knows its context.
  maxPromptBytes: Number.POSITIVE_INFINITY,
  // Ollama cuts what is too long without a word. A context of 32,768 tokens holds this, at 3 bytes a token, and an answer.
  defaultPromptBytes: 80_000,

  command(question) {
    const { baseUrl, model, apiKeyEnv } = question.settings;
    if (baseUrl === undefined || model === undefined) throw new Error(unconfigured(question.settings).advice);
    return httpCommand('openai-compatible', { baseUrl, model, keyEnv: apiKeyEnv }, question);
  },

  environment: (parent, { settings }, pass) =>
    httpEnvironment(parent, [], pass, settings.apiKeyEnv, settings),

  reader: () => ownLineEvents,

  failure: commonFailure,

  async probe(parent, { settings, pass }) {
    const { baseUrl, model, apiKeyEnv } = settings;
    if (baseUrl === undefined || model === undefined) return unconfigured(settings);
    const environment = httpEnvironment(parent, [], pass, apiKeyEnv, settings);
    const key = apiKeyEnv === undefined ? undefined : environment[apiKeyEnv];
    if (apiKeyEnv !== undefined && !key)
      return {
        ok: false,
        detail: `${apiKeyEnv} is not set`,
        advice: `Set ${apiKeyEnv} to the server’s key, or take \`apiKeyEnv\` out of \`models.openai-compatible\`.`,
      };
    return askServer(baseUrl, model, key);
  },
};

function unconfigured({ baseUrl, model }: ModelSettings): Extract<ProbeResult, { ok: false }> {
  const missing = [baseUrl === undefined ? 'baseUrl' : [], model === undefined ? 'model' : []].flat();
  const names = missing.map((name) => `models.openai-compatible.${name}`).join(' and ');
  return {
    ok: false,
    detail: missing.length === 1 ? `${names} is not set` : 'no server is configured',
    advice: `Set ${names} in blueprint.config.json; for Ollama, \`baseUrl\` is http://localhost:11434/v1.`,
  };
}

async function askServer(baseUrl: string, model: string, key: string | undefined): Promise<ProbeResult> {
  // Loaded where it is needed: it costs a start of the command more than all else here.
  const { get, isLocal } = await import('../http/transport.js');
  const { host } = new URL(baseUrl);
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  try {
    const { status, text } = await get(`${baseUrl.replace(/\/+$/, '')}/models`, headers, probeTimeoutMs);
    if (status === 401 || status === 403)
      return {
        ok: false,
        detail: `${host} did not accept the key, or was given none (HTTP ${status})`,
        advice: 'Name the variable that holds its key in `models.openai-compatible.apiKeyEnv`, and set it.',
      };
    // Not every server lists its models, and some take any name: a call finds out.
    const listed = status !== 200 || text.includes(JSON.stringify(model));
    return {
      ok: true,
      detail: `${model} at ${host}${listed ? '' : ', which does not list it by that name'}`,
    };
  } catch {
    // A network that is away comes back; a server on this machine has to be started.
    if (!isLocal(baseUrl))
      return { ok: true, detail: `${model} at ${host}, which does not answer at the moment` };
    return {
      ok: false,
      detail: `nothing answers at ${baseUrl}`,
      advice: 'Start the server, or correct `models.openai-compatible.baseUrl`.',
    };
  }
}
