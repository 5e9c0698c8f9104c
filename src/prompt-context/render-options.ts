/** How prompts are put together for a feature's models. */
import type { FeatureInput } from '../domain/feature/types.js';
import type { ModelName } from '../domain/vocabulary.js';
import { promptFolder } from '../feature/project.js';
import type { RenderOptions } from '../models/prompts/index.js';

/** How a prompt is put together for a model: the project's own ones, and how long it may be. */
export const renderOptions = (
  { root, config }: Pick<FeatureInput, 'root' | 'config'>,
  model: ModelName,
  maxBytes: number,
): RenderOptions => ({
  theirs: promptFolder(root),
  maxBytes,
  // As much again as the content that the model is given at most.
  materialBytes: config.maxContentChars[model],
});
