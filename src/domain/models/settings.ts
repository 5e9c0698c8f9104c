/** What a model's calls are made with: the configuration's word for all roles, and for one of them. */
import type { Config } from '../config/schema.js';
import type { ModelName, Role } from '../vocabulary.js';

/** Dollars for a million tokens. */
export interface Price {
  input: number;
  /** Of input that the vendor had cached; the same as `input` where absent. */
  cachedInput?: number | undefined;
  output: number;
}

export interface ModelSettings {
  /** The program, where it is not the vendor's own name on the PATH. */
  command?: string | undefined;
  /** The vendor's name of the model; the vendor's default where absent. */
  model?: string | undefined;
  /** Put behind our own arguments, so that they win. */
  args: readonly string[];
  /** Set for the command. Never secrets: the configuration is kept in the feature directory. */
  env: Readonly<Record<string, string>>;
  /** Of a model that is reached by HTTP. */
  baseUrl?: string | undefined;
  /** The variable that holds the key of a model that is reached by HTTP. */
  apiKeyEnv?: string | undefined;
  /** For calls whose cost the vendor does not report. */
  price?: Price | undefined;
  /** The longest prompt, in bytes, where it is less than what the command takes. */
  maxPromptBytes?: number | undefined;
}

/** @param role whose own settings win over those for all roles; absent for what is no role's, such as a probe */
export function modelSettings(config: Pick<Config, 'models'>, model: ModelName, role?: Role): ModelSettings {
  const { roles, ...all } = (model === 'scripted' ? undefined : config.models[model]) ?? {
    args: [],
    env: {},
  };
  const own = role === undefined ? undefined : roles?.[role];
  return {
    ...all,
    ...(own?.model === undefined ? {} : { model: own.model }),
    args: [...all.args, ...(own?.args ?? [])],
    env: { ...all.env, ...own?.env },
  };
}
