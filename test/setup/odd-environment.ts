/** A person's environment with everything in it that tests could trip over. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const oddVariables = {
  ANTHROPIC_API_KEY: 'odd',
  ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
  CLAUDE_CONFIG_DIR: '/odd/claude',
  CODEX_API_KEY: 'odd',
  CODEX_HOME: '/odd/codex',
  OPENAI_API_KEY: 'odd',
  OPENAI_BASE_URL: 'http://127.0.0.1:9',
  GEMINI_API_KEY: 'odd',
  GOOGLE_API_KEY: 'odd',
  DEEPSEEK_API_KEY: 'odd',
  BLUEPRINT_SLOT: '7',
  BLUEPRINT_CALL: '/odd/call',
  BLUEPRINT_TRY: '3',
  TEMPORAL_ADDRESS: '127.0.0.1:9',
  TEMPORAL_NAMESPACE: 'odd',
  TEMPORAL_PROFILE: 'odd',
  TEMPORAL_CONFIG_FILE: '/odd/temporal.toml',
  GIT_DIR: '/odd/.git',
  GIT_WORK_TREE: '/odd',
  GIT_INDEX_FILE: '/odd/index',
  GIT_AUTHOR_NAME: 'Odd',
  GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z',
  GIT_EXTERNAL_DIFF: 'false',
  XDG_CONFIG_HOME: '/odd/config',
  XDG_STATE_HOME: '/odd/state',
  XDG_CACHE_HOME: '/odd/cache',
  XDG_DATA_HOME: '/odd/data',
  NO_COLOR: '1',
  FORCE_COLOR: '1',
  CLICOLOR_FORCE: '1',
  LANG: 'de_DE.UTF-8',
  LC_ALL: 'tr_TR.UTF-8',
  LANGUAGE: 'de',
  TZ: 'Pacific/Chatham',
  EDITOR: 'false',
  VISUAL: 'false',
  PAGER: 'false',
  GIT_PAGER: 'false',
  HTTP_PROXY: 'http://127.0.0.1:9',
};

const gitConfiguration = (hooks: string) => `
[user]
	name = Odd
	useConfigOnly = true
[init]
	defaultBranch = odd
[commit]
	gpgSign = true
	template = ${hooks}/no-such-template
	cleanup = scissors
[core]
	autocrlf = true
	hooksPath = ${hooks}
	quotePath = false
	abbrev = 4
[diff]
	external = false
	noprefix = true
[merge]
	conflictStyle = zdiff3
[color]
	ui = always
[status]
	short = true
	branch = true
[log]
	showSignature = true
`;

/**
 * @param folder an empty one, which becomes the person's home
 * @returns our own environment with theirs over it
 */
export async function oddEnvironment(folder: string): Promise<Record<string, string | undefined>> {
  const hooks = join(folder, 'hooks');
  await mkdir(hooks);
  for (const hook of ['pre-commit', 'commit-msg', 'post-checkout', 'reference-transaction']) {
    await writeFile(join(hooks, hook), '#!/bin/sh\nexit 1\n');
    await chmod(join(hooks, hook), 0o755);
  }
  await writeFile(join(folder, '.gitconfig'), gitConfiguration(hooks));
  return { ...process.env, ...oddVariables, HOME: folder };
}
