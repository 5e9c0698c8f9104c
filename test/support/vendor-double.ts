/** The double of the vendors' APIs in a process of its own, and the environment in which the real commands use it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigInput } from '../../src/domain/config/schema.js';
import { cacheDirectory } from '../../src/host/directories.js';
import type { SeenRequest } from '../doubles/record.js';
import type { Scenario } from '../doubles/scenario.js';
import { requestsPath } from '../doubles/server.js';
import { killHard } from './calls.js';
import { testFolder, transpiledCode } from './source-process.js';
import { type VendorModel, vendorModels, vendorPath } from './vendor-commands.js';

export interface VendorDouble {
  url: string;
  /** All that it was asked, in order. */
  requests(): Promise<SeenRequest[]>;
  /** Those that belong to a call, in the same order. */
  asked(): Promise<SeenRequest[]>;
  close(): Promise<void>;
}

/** Starts a double that lives as long as it is not closed, whatever becomes of who asks it. */
export async function vendorDouble(scenario: Scenario): Promise<VendorDouble> {
  const folder = await mkdtemp(join(testFolder(), 'double-'));
  const file = join(folder, 'scenario.json');
  await writeFile(file, JSON.stringify(scenario));
  const main = join(transpiledCode(), 'test', 'doubles', 'main.js');
  const child = spawn(process.execPath, [main, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await firstLine(child);
  const requests = async () => (await (await fetch(url + requestsPath)).json()) as SeenRequest[];
  return {
    url,
    requests,
    asked: async () => (await requests()).filter((request) => request.call !== undefined),
    close: () => killHard(child),
  };
}

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('\n')) resolve(printed.trim());
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The double ended with ${code} before it was ready.`)));
  });

/** Keys that open nothing, and that are found wherever they should not be. */
export const madeUpKeys = {
  ANTHROPIC_API_KEY: 'made-up-anthropic-key-7f3a91c2d4e8',
  CODEX_API_KEY: 'made-up-codex-key-52b8e0d19a67',
  GEMINI_API_KEY: 'made-up-gemini-key-c41f6a83b205',
  DEEPSEEK_API_KEY: 'made-up-deepseek-key-08d7b95e3fa1',
} as const;

/** Where the commands find the double, and nothing of the person's. */
export interface VendorWorld {
  /** Of whoever runs the commands; goes over what is there. */
  environment: Record<string, string>;
  /** `models` of the configuration. */
  models: NonNullable<ConfigInput['models']>;
}

/**
 * @param url of the double
 * @param commands those that are needed; installed when they are not there
 */
export async function vendorWorld(
  url: string,
  commands: readonly VendorModel[] = vendorModels,
): Promise<VendorWorld> {
  const home = await realpath(await mkdtemp(join(testFolder(), 'home-')));
  const [claude, codex, gemini] = [join(home, 'claude'), join(home, 'codex'), join(home, 'gemini')] as const;
  for (const folder of [claude, codex, join(gemini, '.gemini')]) await mkdir(folder, { recursive: true });
  // Without it the command takes its base URL for a gateway that needs another login.
  const settings = { security: { auth: { selectedType: 'gemini-api-key' } } };
  await writeFile(join(gemini, '.gemini', 'settings.json'), JSON.stringify(settings));
  return {
    environment: {
      ...madeUpKeys,
      PATH: await vendorPath(commands),
      // Theirs is the home; ours stays where the other tests have it.
      XDG_CACHE_HOME: join(cacheDirectory(), '..'),
      HOME: home,
      CLAUDE_CONFIG_DIR: claude,
      CODEX_HOME: codex,
      GEMINI_CLI_HOME: gemini,
      ANTHROPIC_BASE_URL: url,
      GOOGLE_GEMINI_BASE_URL: url,
    },
    models: {
      claude: { model: 'claude-sonnet-4-5' },
      codex: { model: 'gpt-5.1', baseUrl: `${url}/v1` },
      gemini: { model: 'gemini-2.5-flash' },
      deepseek: { baseUrl: url, model: 'deepseek-chat' },
    },
  };
}
