/** Claude, by the command `claude` (Claude Code). How it behaves was found by running 2.1.330. */
import { readFileSync } from 'node:fs';
import type { ModelSettings } from '../../domain/models/settings.js';
import type { Adapter } from '../adapter.js';
import { answerSchemaFile } from '../answers/schemas.js';
import { type CommandEnvironment, modelEnvironment } from '../environment.js';
import { claudeReader } from './claude-events.js';
import { ask, askVersion } from './probe.js';
import { vendorFailure } from './vendor-failure.js';

/**
 * Without what an outer Claude Code sets for its own children (`CLAUDECODE`, `CLAUDE_CODE_ENTRYPOINT` …), which would
 * make this one a part of that session. Source: the environment variables in its documentation.
 */
const names = [
  'CLAUDE_CONFIG_DIR',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'CLAUDE_CODE_SKIP_BEDROCK_AUTH',
  'CLAUDE_CODE_SKIP_VERTEX_AUTH',
  'CLAUDE_CODE_SKIP_FOUNDRY_AUTH',
  'CLAUDE_CODE_CLIENT_CERT',
  'CLAUDE_CODE_CLIENT_KEY',
  'CLAUDE_CODE_CLIENT_KEY_PASSPHRASE',
  'CLAUDE_CODE_MAX_OUTPUT_TOKENS',
  'CLAUDE_CODE_EFFORT_LEVEL',
  'MAX_THINKING_TOKENS',
  'API_TIMEOUT_MS',
];

/** A cloud's credentials go along only where the person says that Claude is reached through it. */
const clouds: readonly { chosenBy: string; names?: readonly string[]; prefixes: readonly string[] }[] = [
  { chosenBy: 'CLAUDE_CODE_USE_BEDROCK', prefixes: ['AWS_'] },
  {
    chosenBy: 'CLAUDE_CODE_USE_VERTEX',
    names: ['CLOUD_ML_REGION', 'GCLOUD_PROJECT', 'GOOGLE_APPLICATION_CREDENTIALS', 'GOOGLE_CLOUD_PROJECT'],
    prefixes: ['VERTEX_REGION_'],
  },
  { chosenBy: 'CLAUDE_CODE_USE_FOUNDRY', prefixes: ['AZURE_'] },
];

const complaints = { misuse: /^(error|Error): .*$/m, tooLong: /^.*stdin input exceeds.*$/m };

const readTools = ['Read', 'Glob', 'Grep'];
const editTools = [...readTools, 'Edit', 'Write', 'NotebookEdit'];

export const adapter: Adapter = {
  model: 'claude',
  modes: ['text', 'edit'],
  reads: true,
  // Its limit for standard input is 10 MiB; it counts characters, of which there are never more than bytes.
  maxPromptBytes: 10 * 1024 * 1024,

  command({ mode, settings, schema, readable }) {
    const reads = mode === 'text' && readable !== undefined;
    const tools = mode === 'edit' ? editTools : reads ? readTools : [];
    return {
      file: settings.command ?? 'claude',
      args: [
        '-p',
        ...['--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
        // No file of settings is read that could allow more, and the file tools stay inside the working directory.
        ...['--restricted', '--strict-mcp-config', '--safe-mode', '--no-session-persistence'],
        ...['--permission-prompts', 'none', '--permission-mode', mode === 'edit' ? 'acceptEdits' : 'manual'],
        ...['--tools', tools.join(',')],
        ...(reads ? ['--add-dir', readable] : []),
        ...(schema === undefined ? [] : ['--json-schema', readFileSync(answerSchemaFile(schema), 'utf8')]),
        ...(settings.model === undefined ? [] : ['--model', settings.model]),
        ...settings.args,
      ],
    };
  },

  environment: (parent, { settings }, pass) => environmentOf(parent, settings, pass),

  reader: claudeReader,

  failure: (end, seen) => vendorFailure(end, seen, 'claude', complaints),

  async probe(parent, { settings, pass }) {
    const env = environmentOf(parent, settings, pass);
    // Side by side: each takes its command's whole start. The login with the flag of the calls, so that it looks at no
    // login that they do not see. It tells whether there is a login, not whether it is valid.
    const [found, { status }] = await Promise.all([
      askVersion('claude', settings, env),
      ask(settings.command ?? 'claude', ['--restricted', 'auth', 'status'], env),
    ]);
    if ('ok' in found) return found;
    if (status === 0) return { ok: true, detail: found.version };
    return {
      ok: false,
      detail: `${found.version}, not logged in`,
      advice:
        'Run `claude` and log in with /login, or set ANTHROPIC_API_KEY. A login from a settings file (`apiKeyHelper`, `env`) is not used: name that file with `--settings` in `models.claude.args`.',
    };
  },
};

function environmentOf(
  parent: Readonly<Record<string, string | undefined>>,
  settings: ModelSettings,
  pass: readonly string[],
): CommandEnvironment {
  const given = { ...parent, ...settings.env };
  const chosen = clouds.filter(({ chosenBy }) => !['', '0', 'false', undefined].includes(given[chosenBy]));
  return {
    ...modelEnvironment(
      parent,
      ['ANTHROPIC_', ...chosen.flatMap(({ prefixes }) => prefixes)],
      [...names, ...chosen.flatMap((cloud) => cloud.names ?? []), ...pass],
    ),
    // One, and not none: the pause before it is the only place where the command tells what `retry-after` asked for.
    CLAUDE_CODE_MAX_RETRIES: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    ...settings.env,
  };
}
