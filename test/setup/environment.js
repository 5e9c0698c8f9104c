// @ts-check
/**
 * The environment that the tests run in: the same on every machine. A key of the person's would have a model's command
 * found that a test expects to be missing, and a setting of their git would change what a commit is.
 *
 * @typedef {Record<string, string | undefined>} Environment
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What the machine needs to run anything, and what our own runs are told. All else is the person's. */
const kept = [
  ...['PATH', 'SHELL', 'USER', 'LOGNAME', 'TERM', 'TMPDIR', 'CI'],
  ...['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'NODE_V8_COVERAGE'],
  ...['BLUEPRINT_RECORD_HISTORIES', 'BLUEPRINT_SHOW_TIMES'],
];

/** Where managers of versions have the tools that they put on the PATH, in a home without another setting. */
const toolFolders = {
  ASDF_DATA_DIR: '.asdf',
  CARGO_HOME: '.cargo',
  PYENV_ROOT: '.pyenv',
  RUSTUP_HOME: '.rustup',
  VOLTA_HOME: '.volta',
};

/** What package managers are configured by, and where they and the compilers have their caches. */
const registries =
  /^(HOME|XDG_(CONFIG|CACHE)_HOME|npm_config_.*|PIP_.*|GO[A-Z0-9]*|CARGO_.*|RUSTUP_.*|PYENV_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_.*|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(https?|no|all)_proxy)$/i;

/**
 * @param {Environment} person
 * @param {string} home an empty folder, which takes the place of the person's
 * @returns {Record<string, string>}
 */
export function cleanEnvironment(person, home) {
  const personHome = person.HOME ?? home;
  const tools = Object.entries(toolFolders).flatMap(([name, folder]) => {
    const path = person[name] || join(personHome, folder);
    return existsSync(path) ? [[name, path]] : [];
  });
  return {
    ...only(person, (name) => kept.includes(name)),
    ...Object.fromEntries(tools),
    HOME: home,
    // What is fetched is fetched once for all runs.
    XDG_CACHE_HOME: person.XDG_CACHE_HOME || join(personHome, '.cache'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    // The machine's; the person's is not in that home.
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

/**
 * @param {Environment} person
 * @returns {Record<string, string>} what goes over the clean environment where a test fetches something
 */
export const registryEnvironment = (person) => only(person, (name) => registries.test(name));

/**
 * @param {Environment} environment
 * @param {(name: string) => boolean} isWanted
 */
const only = (environment, isWanted) =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value !== undefined && isWanted(name) ? [[name, value]] : [],
    ),
  );
