/** The adapters that there are. */
import type { ModelName } from '../../domain/vocabulary.js';
import type { Adapter } from '../adapter.js';
import { claudeAdapter } from './claude.js';
import { codexAdapter } from './codex.js';
import { deepseekAdapter } from './deepseek.js';
import { geminiAdapter } from './gemini.js';
import { openaiCompatibleAdapter } from './openai-compatible.js';
import { scriptedAdapter } from './scripted.js';

const adapters: Readonly<Record<ModelName, Adapter>> = {
  claude: claudeAdapter,
  codex: codexAdapter,
  gemini: geminiAdapter,
  deepseek: deepseekAdapter,
  'openai-compatible': openaiCompatibleAdapter,
  scripted: scriptedAdapter,
};

/**
 * The adapter that makes a model's calls. With a script, every model's part is played from it.
 *
 * @param script the scripted model's answers, or null
 */
export const adapterFor = (model: ModelName, script: string | null = null): Adapter =>
  adapters[script === null ? model : 'scripted'];
