/**
 * The real commands `claude`, `codex` and `gemini`, at exact versions. They are hundreds of megabytes, so that they are
 * no dependencies of the project: the first test that asks installs them into the user's cache, once for all.
 */
import { existsSync } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { ExecaError, execa } from 'execa';
import { cacheDirectory } from '../../src/host/directories.js';
import { withLock } from '../../src/host/lock.js';
import { registryEnvironment } from './source-process.js';

export const vendorModels = ['claude', 'codex', 'gemini'] as const;
export type VendorModel = (typeof vendorModels)[number];

interface VendorPackage {
  name: string;
  version: string;
  /** Below `node_modules`. */
  executable: string;
}

// Claude's main package is a stub that a script of its replaces when it is installed; this one is the command itself.
const claudePackage = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;

/** What the adapters were written for. Another version is to be tried before it is put here. */
const packages: Record<VendorModel, VendorPackage> = {
  claude: { name: claudePackage, version: '2.1.330', executable: `${claudePackage}/claude` },
  codex: { name: '@openai/codex', version: '0.169.0', executable: '.bin/codex' },
  gemini: { name: '@google/gemini-cli', version: '0.61.0', executable: '.bin/gemini' },
};

// 400 MB each: seconds on a fast line, minutes on a slow one.
const installTimeoutMs = 15 * 60_000;

/** For a test's hook that installs: all three, one after the other. */
export const installingMs = 3 * installTimeoutMs;

/**
 * The executable of a vendor's command, installed when it is not there.
 *
 * @throws an Error that says what could not be installed, and why
 */
export async function vendorCommand(model: VendorModel): Promise<string> {
  const { name, version, executable } = packages[model];
  const { folder, path } = placeOf(model);
  if (await exists(path)) return path;
  await withLock(`${folder}.lock`, async () => {
    if (await exists(path)) return;
    await install(`${name}@${version}`, folder, executable);
  });
  return path;
}

/** The commands that an earlier run has installed: tests that every user runs drive these, and install none. */
export const installedVendorCommands = (): VendorModel[] =>
  vendorModels.filter((model) => existsSync(placeOf(model).path));

function placeOf(model: VendorModel): { folder: string; path: string } {
  const { version, executable } = packages[model];
  const folder = join(cacheDirectory(), 'vendor-commands', `${model}-${version}`);
  return { folder, path: join(folder, 'node_modules', executable) };
}

/** A `PATH` on which these commands are found, before whatever else is installed. */
export async function vendorPath(models: readonly VendorModel[]): Promise<string> {
  const folders: string[] = [];
  for (const model of models) folders.push(dirname(await vendorCommand(model)));
  return [...folders, process.env.PATH ?? ''].join(delimiter);
}

async function install(wanted: string, folder: string, executable: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const aside = await mkdtemp(`${folder}.making-`);
  // Straight to the terminal: a test's console is kept back until its file has ended.
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say(`Installing ${wanted} for the tests, once, into ${folder} …`);
  const begun = Date.now();
  try {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
    await execa('npm', ['install', '--prefix', aside, ...options, wanted], {
      // Else npm takes the project around it for the one that it installs into.
      cwd: aside,
      env: registryEnvironment(),
      timeout: installTimeoutMs,
      stdin: 'ignore',
    });
    await access(join(aside, 'node_modules', executable));
    // What a killed install left: it has no executable, or we would not be here.
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
    say(`Installed ${wanted} in ${Math.round((Date.now() - begun) / 1000)} s.`);
  } catch (error) {
    // npm says first what is wrong, then much of itself.
    const why = error instanceof ExecaError ? String(error.stderr).slice(0, 400) : String(error);
    throw new Error(
      `The tests drive the real command of ${wanted}, which npm could not install: run them where the package registry can be reached. ${why}`,
      { cause: error },
    );
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
