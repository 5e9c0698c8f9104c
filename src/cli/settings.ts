/** The configuration as a command uses it: with what was said on the command line. */
import { loadConfig } from '../config/load.js';
import type { LoadedConfig } from '../domain/config/loaded.js';
import { parseBudget } from './budget.js';
import type { Context } from './context.js';

/** @throws {Problem} that names the key, where it was set, and what should stand there */
export const loadSettings = ({ root, options: { config, script, budget } }: Context): Promise<LoadedConfig> =>
  loadConfig(root, {
    ...(config === undefined ? {} : { file: config }),
    flags: {
      ...(script === undefined ? {} : { script }),
      ...(budget === undefined ? {} : { budget: parseBudget(budget) }),
    },
  });
