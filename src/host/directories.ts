/** Where things are kept outside the project, by the XDG base directory specification. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './environment.js';

// The specification: a relative path in these variables is invalid and must be ignored.
const fromEnvironment = (value: string | undefined, fallback: string): string =>
  value !== undefined && isAbsolute(value) ? value : fallback;

/** Worktrees, the embedded server's database and its state file. */
export const stateDirectory = (env: Environment = process.env): string =>
  join(fromEnvironment(env.XDG_STATE_HOME, join(env.HOME || homedir(), '.local', 'state')), 'blueprint');

/** Downloaded or built binaries: may be deleted at any time. */
export const cacheDirectory = (env: Environment = process.env): string =>
  join(fromEnvironment(env.XDG_CACHE_HOME, join(env.HOME || homedir(), '.cache')), 'blueprint');
