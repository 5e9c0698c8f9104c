/** Codex, by the command `codex exec`. How it behaves was found by running 0.169.0. */
import type { ModelSettings } from '../../domain/models/settings.js';
import type { Adapter } from '../adapter.js';
import { answerSchemaFile } from '../answers/schemas.js';
import { type CommandEnvironment, modelEnvironment } from '../environment.js';
import { codexReader } from './codex-events.js';
import { ask, askVersion } from './probe.js';
import { vendorFailure } from './vendor-failure.js';

/** Without what Codex sets for the commands that it runs itself (`CODEX_SANDBOX`, `CODEX_THREAD_ID` …). */
const names = [
  'CODEX_HOME',
  'CODEX_API_KEY',
  'CODEX_ACCESS_TOKEN',
  'CODEX_CA_CERTIFICATE',
  'CODEX_OSS_BASE_URL',
  'CODEX_OSS_PORT',
];

const complaints = {
  misuse:
    /^(error|Error): .*$|^Error loading config\.toml: .*$|^Not inside a trusted directory.*$|^Failed to read output schema.*$|^No prompt provided.*$/m,
  tooLong: /Input exceeds the maximum length.*$/m,
};

export const adapter: Adapter = {
  model: 'codex',
  modes: ['text', 'edit'],
  reads: true,
  // `Input exceeds the maximum length of 1048576 characters`; there are never more characters than bytes.
  maxPromptBytes: 1024 * 1024,

  command({ mode, settings, schema, readable, cwd }) {
    const reads = mode === 'text' && readable !== undefined;
    const config = mode === 'edit' ? editConfig : reads ? {} : { 'features.shell_tool': false };
    return {
      file: settings.command ?? 'codex',
      args: [
        ...['exec', '--json', '--skip-git-repo-check', '--ephemeral', '--color', 'never'],
        // The person's own configuration could allow more; the login is read all the same.
        ...['--ignore-user-config', '--ignore-rules'],
        ...['--sandbox', mode === 'edit' ? 'workspace-write' : 'read-only'],
        // Nothing can be written when it reads, so it may as well start where there is something to read.
        ...['--cd', reads ? readable : cwd],
        ...configArgs({ ...provider(settings), ...commonConfig, ...config }),
        ...(schema === undefined ? [] : ['--output-schema', answerSchemaFile(schema)]),
        ...(settings.model === undefined ? [] : ['--model', settings.model]),
        ...settings.args,
        '-',
      ],
    };
  },

  environment: (parent, { settings }, pass) => environmentOf(parent, settings, pass),

  reader: () => codexReader(),

  failure: (end, seen) => vendorFailure(end, seen, 'codex', complaints),

  async probe(parent, { settings, pass }) {
    const env = environmentOf(parent, settings, pass);
    const isLoggedIn = async () => {
      // `login status` looks at the file of the login alone, and calls read these before it.
      if (env.CODEX_API_KEY || env.CODEX_ACCESS_TOKEN) return true;
      // A provider of the person's own has a login of its own.
      if (settings.args.some((arg) => arg.includes('model_provider') || arg === '--oss')) return true;
      return (await ask(settings.command ?? 'codex', ['login', 'status'], env)).status === 0;
    };
    // Side by side: each takes its command's whole start.
    const [found, loggedIn] = await Promise.all([askVersion('codex', settings, env), isLoggedIn()]);
    if ('ok' in found) return found;
    const { version: detail } = found;
    if (loggedIn) return { ok: true, detail };
    return {
      ok: false,
      detail: `${detail}, not logged in`,
      advice: 'Run `codex login`, or set CODEX_API_KEY; OPENAI_API_KEY is not read by it.',
    };
  },
};

type Config = Readonly<Record<string, string | number | boolean>>;

/**
 * The vendor's own provider in all but its name, because the built-in one retries by itself and lets nobody change
 * that. No WebSocket: it is tried five times before HTTPS is.
 */
const provider = ({ baseUrl }: ModelSettings): Config => ({
  model_provider: 'blueprint',
  'model_providers.blueprint.name': 'OpenAI',
  'model_providers.blueprint.requires_openai_auth': true,
  'model_providers.blueprint.wire_api': 'responses',
  'model_providers.blueprint.supports_websockets': false,
  'model_providers.blueprint.request_max_retries': 0,
  'model_providers.blueprint.stream_max_retries': 0,
  ...(baseUrl === undefined ? {} : { 'model_providers.blueprint.base_url': baseUrl }),
});

const commonConfig: Config = {
  // Else it waits for a network that is away without end, and says so often enough to look alive.
  'features.unbounded_connection_retries': false,
  // The commands that it runs for the model get no key.
  'shell_environment_policy.inherit': 'core',
  web_search: 'disabled',
  // A call is one task: no agents beside it, no goals beyond it, and no plugins, which it looks for on the network.
  'features.plugins': false,
  'features.multi_agent': false,
  'features.multi_agent_v2': false,
  'features.goals': false,
};

/** The working directory and nothing else. */
const editConfig: Config = {
  'sandbox_workspace_write.network_access': false,
  'sandbox_workspace_write.exclude_slash_tmp': true,
  'sandbox_workspace_write.exclude_tmpdir_env_var': true,
};

/** As TOML, whose strings are written as JSON's are. */
const configArgs = (config: Config): string[] =>
  Object.entries(config).flatMap(([key, value]) => ['-c', `${key}=${JSON.stringify(value)}`]);

function environmentOf(
  parent: Readonly<Record<string, string | undefined>>,
  settings: ModelSettings,
  pass: readonly string[],
): CommandEnvironment {
  return {
    ...modelEnvironment(parent, ['OPENAI_', 'AZURE_OPENAI_'], [...names, ...pass]),
    ...settings.env,
  };
}
