/** What a command is given of the environment: keys go only to the command that needs them. */

import type { Environment } from '../host/environment.js';

/** The variables of a command. */
export type CommandEnvironment = Record<string, string>;

/** What any command needs: to be found, to find its home, to speak the language, to reach the network. */
const commonNames = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
];
const commonPrefixes = ['LC_', 'XDG_'];

/**
 * For a model's command: what any command needs, its vendor's variables, and what the configuration names.
 *
 * @param vendorPrefixes such as `ANTHROPIC_`
 * @param pass names, from `env.pass`
 */
export function modelEnvironment(
  parent: Environment,
  vendorPrefixes: readonly string[],
  pass: readonly string[],
): CommandEnvironment {
  const names = new Set([...commonNames, ...pass]);
  const prefixes = [...commonPrefixes, ...vendorPrefixes];
  return pick(parent, (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix)));
}

/** Whose keys no check needs: what the models wrote runs there. */
const modelPrefixes = [
  'ANTHROPIC_',
  'CLAUDE_',
  'OPENAI_',
  'AZURE_OPENAI_',
  'CODEX_',
  'GEMINI_',
  'GOOGLE_',
  'DEEPSEEK_',
  'OPENROUTER_',
  'MISTRAL_',
  'GROQ_',
  'XAI_',
  'BLUEPRINT_',
];
const modelNames = ['CLAUDECODE', 'TEMPORAL_API_KEY'];

/** For setup and checks: the person's environment less the models' keys, and `CI=true` unless the person set it. */
export function commandEnvironment(parent: Environment): CommandEnvironment {
  const kept = pick(
    parent,
    (name) => !modelNames.includes(name) && !modelPrefixes.some((prefix) => name.startsWith(prefix)),
  );
  return { CI: 'true', ...kept };
}

function pick(parent: Environment, wanted: (name: string) => boolean): CommandEnvironment {
  return Object.fromEntries(
    Object.entries(parent).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && wanted(entry[0]),
    ),
  );
}
