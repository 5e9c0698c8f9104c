/** Whether everything is there that a feature needs, and what to do about what is not. */

import { relative } from 'node:path';
import { projectChecks } from '../../checks/detect/index.js';
import type { LoadedConfig } from '../../domain/config/loaded.js';
import { type Config, configSchema } from '../../domain/config/schema.js';
import type { Finding } from '../../domain/doctor.js';
import { promptFolder } from '../../feature/project.js';
import { firstLineOf } from '../../host/reason.js';
import { isOlder } from '../../host/version.js';
import { ownPromptProblems, ownPrompts } from '../../models/prompts/templates.js';
import { installedBinary } from '../../temporal/binary/installed.js';
import { connectClient } from '../../temporal/connection/connect.js';
import { temporalUiUrl } from '../../temporal/connection/server-address.js';
import { findServer } from '../../temporal/find-server.js';
import { serverStatus } from '../../temporal/server/lifecycle.js';
import { findRepository, gitVersionProblem, resolveBase } from '../../workspace/repository.js';
import type { Doctor } from '../api.js';
import { findModels, foundModels } from './models.js';

/** `engines` in package.json. */
const oldestNode = '20.11';

/**
 * Looks at the machine, and at the project that a folder belongs to. Starts nothing.
 *
 * @param loadConfig the project's configuration, as the person named it
 */
export async function examine(
  folder: string,
  loadConfig: (root: string) => Promise<LoadedConfig>,
): Promise<Doctor> {
  const findings: Finding[] = [nodeFinding(), ...(await gitFindings())];
  const root = await rootOf(folder, findings);
  const config = root === undefined ? undefined : await configOf(loadConfig(root), findings);
  if (root !== undefined && config !== undefined) findings.push(await checksFinding(root, config));
  if (root !== undefined) findings.push(...(await promptFindings(root)));
  findings.push(...(await temporalFindings()));
  const models = await findModels(config ?? configSchema.parse({}));
  const found = foundModels(models);
  if (found.available.length === 0)
    findings.push({
      what: 'Models',
      state: 'missing',
      detail: 'none is available',
      advice: 'see the table; one is enough, it fills every role.',
    });
  return { findings, models, config, found };
}

function nodeFinding(): Finding {
  const detail = process.versions.node;
  return isOlder(detail, oldestNode)
    ? { what: 'Node.js', state: 'missing', detail, advice: `install ${oldestNode} or later.` }
    : { what: 'Node.js', state: 'ok', detail };
}

async function gitFindings(): Promise<Finding[]> {
  const problem = await gitVersionProblem();
  if (problem !== undefined) return [{ what: 'git', state: 'missing', detail: problem }];
  return [{ what: 'git', state: 'ok', detail: 'recent enough' }];
}

async function rootOf(folder: string, findings: Finding[]): Promise<string | undefined> {
  const what = 'Project';
  try {
    const { root, kind } = await findRepository(folder);
    if (kind === 'folder') {
      const advice =
        '`git init` and a first commit make it one; without, drafts stay in partial/ and nothing is applied.';
      findings.push({ what, state: 'note', detail: `${root} is no git repository`, advice });
    } else {
      const base = await resolveBase(root);
      findings.push({ what, state: 'ok', detail: `${root} at ${base.slice(0, 10)}` });
    }
    return root;
  } catch (error) {
    findings.push({ what, state: 'missing', detail: message(error) });
    return undefined;
  }
}

async function configOf(loading: Promise<LoadedConfig>, findings: Finding[]): Promise<Config | undefined> {
  const what = 'Configuration';
  try {
    const { config, file } = await loading;
    findings.push({
      what,
      state: 'ok',
      detail: file === undefined ? 'no file, all defaults' : relative(process.cwd(), file),
    });
    return config;
  } catch (error) {
    findings.push({ what, state: 'missing', detail: message(error) });
    return undefined;
  }
}

async function checksFinding(root: string, config: Config): Promise<Finding> {
  const { setup, checks } = await projectChecks(config, root);
  if (checks.length === 0)
    return {
      what: 'Checks',
      state: 'note',
      detail: 'none, so results will be unverified',
      advice: 'name some under `checks` in blueprint.config.json.',
    };
  const named = checks.map(({ name, command }) => `${name} (${command})`).join(', ');
  const origin = config.checks === undefined ? 'detected: ' : '';
  return {
    what: 'Checks',
    state: 'ok',
    detail: `${origin}${named}${setup === null ? '' : `, after ${setup}`}`,
  };
}

/** Nothing is said of a project that has no prompts of its own. */
async function promptFindings(root: string): Promise<Finding[]> {
  const what = 'Prompts';
  const folder = promptFolder(root);
  const [own, problems] = await Promise.all([ownPrompts(folder), ownPromptProblems(folder)]);
  if (problems.length > 0) return problems.map((detail) => ({ what, state: 'missing' as const, detail }));
  if (own.length === 0) return [];
  return [{ what, state: 'ok', detail: `the project’s own: ${own.join(', ')}` }];
}

async function temporalFindings(): Promise<Finding[]> {
  try {
    const server = await findServer();
    if (server !== undefined && !server.embedded) return [await configuredFinding(server)];
    const status = await serverStatus();
    if (status.state !== 'stopped') {
      const { address, version, uiUrl } = status.server;
      const detail = `runs at ${address}, version ${version}`;
      if (status.state === 'unresponsive')
        return [
          {
            what: 'Temporal',
            state: 'missing',
            detail: `${detail}, and does not answer`,
            remedy: 'restart-server',
          },
        ];
      return [
        { what: 'Temporal', state: 'ok', detail },
        { what: 'Temporal Web UI', state: 'ok', detail: (server && temporalUiUrl(server)) ?? uiUrl },
      ];
    }
    const { binary } = await installedBinary();
    const detail =
      binary === undefined
        ? 'its command is not on this machine yet; the first start fetches it'
        : `${binary.path}, version ${binary.version}; started when it is needed`;
    return [{ what: 'Temporal', state: binary === undefined ? 'note' : 'ok', detail }];
  } catch (error) {
    return [{ what: 'Temporal', state: 'missing', detail: message(error) }];
  }
}

async function configuredFinding(
  server: NonNullable<Awaited<ReturnType<typeof findServer>>>,
): Promise<Finding> {
  const client = await connectClient(server);
  await client.connection.close();
  const page = temporalUiUrl(server);
  const detail = `${server.address}, namespace ${server.namespace}${page === undefined ? '' : `, ${page}`}`;
  return { what: 'Temporal', state: 'ok', detail };
}

const message = (error: unknown): string => (error instanceof Error ? error.message : firstLineOf(error));
