/** Gemini, by the command `gemini` (Gemini CLI). How it behaves was found by running 0.61.0. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonrepair } from 'jsonrepair';
import type { ModelSettings } from '../../domain/models/settings.js';
import { packageFile } from '../../host/package-files.js';
import type { Adapter } from '../adapter.js';
import { type CommandEnvironment, modelEnvironment } from '../environment.js';
import { CallError } from '../errors.js';
import { geminiReader } from './gemini-events.js';
import { fields, string } from './json-line.js';
import { askVersion } from './probe.js';
import { vendorFailure } from './vendor-failure.js';

/** Without what Gemini CLI sets for the commands that it runs itself, and for its place in an editor. */
const names = [
  'GEMINI_API_KEY',
  'GEMINI_API_KEY_AUTH_MECHANISM',
  'GEMINI_MODEL',
  'GEMINI_CLI_HOME',
  'GEMINI_CLI_CUSTOM_HEADERS',
  'GEMINI_CLI_USE_COMPUTE_ADC',
  'GEMINI_FORCE_ENCRYPTED_FILE_STORAGE',
  'GEMINI_FORCE_FILE_STORAGE',
  'CODE_ASSIST_ENDPOINT',
  'CLOUD_SHELL',
];

const shipped = (name: string): string => packageFile(`src/models/adapters/gemini/${name}`);

const complaints = {
  misuse:
    /^Unknown argument.*$|^Usage: gemini .*$|^Invalid values:.*$|^Error resuming session.*$|^No input provided.*$|^.*not running in a trusted directory.*$/m,
};

export const adapter: Adapter = {
  model: 'gemini',
  modes: ['text', 'edit'],
  reads: true,
  // Standard input is cut there, with a warning on standard error and nothing else.
  maxPromptBytes: 8 * 1024 * 1024,

  command({ mode, settings, readable }) {
    const reads = mode === 'text' && readable !== undefined;
    const policy = mode === 'edit' ? 'edit.toml' : reads ? 'read.toml' : 'text.toml';
    return {
      file: 'sh',
      args: [
        ...[shipped('run.sh'), shipped('settings.json'), settings.command ?? 'gemini'],
        ...['--output-format', 'stream-json'],
        // What is allowed is in the policy. It is asked for nothing else, in a mode that allows nothing by itself.
        ...['--approval-mode', 'default', '--policy', shipped(policy), '--extensions', 'none'],
        ...(reads ? ['--include-directories', readable] : []),
        ...(settings.model === undefined ? [] : ['--model', settings.model]),
        ...settings.args,
      ],
    };
  },

  environment: (parent, { settings }, pass) => environmentOf(parent, settings, pass),

  reader: geminiReader,

  failure(end, seen) {
    if (end.endedBy === undefined && seen.error === undefined) {
      // Its exit status for a login that is missing or unknown.
      if (end.status === 41)
        return new CallError({ kind: 'auth', message: `Gemini: ${end.stderrTail.trim()}` });
      if (end.status === 0 && !seen.result && !end.lineTooLong)
        return new CallError({ kind: 'crashed', message: 'Gemini was interrupted.' });
    }
    return vendorFailure(end, seen, 'gemini', complaints);
  },

  async probe(parent, { settings, pass }) {
    const env = environmentOf(parent, settings, pass);
    const found = await askVersion('gemini', settings, env);
    if ('ok' in found) return found;
    if (hasLogin(env)) return { ok: true, detail: found.version };
    return {
      ok: false,
      detail: `${found.version}, not logged in`,
      advice: 'Run `gemini` and log in, or set GEMINI_API_KEY.',
    };
  },
};

function environmentOf(
  parent: Readonly<Record<string, string | undefined>>,
  settings: ModelSettings,
  pass: readonly string[],
): CommandEnvironment {
  const env = {
    ...modelEnvironment(parent, ['GOOGLE_'], [...names, ...pass]),
    // Else it starts itself again, and its first process takes signals for itself.
    GEMINI_CLI_NO_RELAUNCH: 'true',
    // What stands in a worktree may be a model's work: no settings, servers or hooks of that are taken.
    GEMINI_CLI_TRUST_WORKSPACE: 'false',
    ...settings.env,
  };
  const login = chosenLogin(env);
  return login === undefined ? env : { ...env, BLUEPRINT_GEMINI_LOGIN: login };
}

const homeOf = (env: CommandEnvironment): string => join(env.GEMINI_CLI_HOME ?? env.HOME ?? '', '.gemini');

/** The way to log in that the person chose in Gemini CLI; without one it is found out by what is set. */
function chosenLogin(env: CommandEnvironment): string | undefined {
  try {
    // Its settings may hold comments.
    const settings = fields(JSON.parse(jsonrepair(readFileSync(join(homeOf(env), 'settings.json'), 'utf8'))));
    return string(fields(fields(settings?.security)?.auth)?.selectedType);
  } catch {
    return undefined;
  }
}

/** Whether there is a login, not whether it is valid: the command has no way to ask. */
function hasLogin(env: CommandEnvironment): boolean {
  const variables = [
    'GEMINI_API_KEY',
    'GOOGLE_API_KEY',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GOOGLE_GENAI_USE_GCA',
  ];
  const files = ['oauth_creds.json', 'gemini-credentials.json', '.env'];
  return (
    variables.some((name) => env[name]) ||
    files.some((name) => existsSync(join(homeOf(env), name))) ||
    // Kept in the system's keyring, or taken from the machine that it runs on.
    env.BLUEPRINT_GEMINI_LOGIN !== undefined
  );
}
