/** The prompts for the specification and the plan: the same for a call, and for who wants to know what would be sent. */
import type { FeatureInput } from '../domain/feature/types.js';
import type { ModelName } from '../domain/vocabulary.js';
import { promptFolder } from '../feature/project.js';
import type { RenderOptions } from '../models/prompts/index.js';
import type { Prompt, PromptSlots } from '../models/prompts/slots.js';
import { describeRepository, filesFor } from './repository.js';

interface Place {
  input: Pick<FeatureInput, 'root' | 'base'>;
}

/** @param slots of the prompt, less the project's description, which is made here */
export const specPrompt = async (
  place: Place,
  slots: Omit<PromptSlots<'spec'>, 'repository' | 'files'>,
): Promise<Prompt> => ({
  name: 'spec',
  slots: { ...slots, ...(await projectSlots(place, slots.folder, slots.brief)) },
});

/** See `specPrompt`. */
export const planPrompt = async (
  place: Place,
  slots: Omit<PromptSlots<'plan'>, 'repository' | 'files'>,
): Promise<Prompt> => ({
  name: 'plan',
  slots: { ...slots, ...(await projectSlots(place, slots.folder, slots.spec)) },
});

/** The project; with the files that a text names, for a model that cannot look for itself. */
async function projectSlots({ input }: Place, folder: string, text: string) {
  return {
    repository: await describeRepository({ input }, input.base),
    files: folder === '' ? await filesFor({ input }, input.base, text) : '',
  };
}

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
