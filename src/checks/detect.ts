/** What a project's own files say about how it is set up and checked. Nothing is run here. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check, Config } from '../domain/config/schema.js';

interface DetectedChecks {
  /** A command that makes a fresh worktree usable, or null when none is needed or known. */
  setup: string | null;
  checks: Check[];
  /** What was found and what follows from it, as sentences for a person. */
  reason: string[];
}

/** What one kind of project contributes. */
interface Finding {
  setup?: string;
  check?: Check;
  reason: string;
}

/** Larger files say nothing of how a project is checked. */
const readLimit = 1024 * 1024;
/** As many test files tell which framework they are for. */
const testFilesRead = 20;

/**
 * Finds out the checks of a project from its files, for where the configuration names none.
 *
 * @param folder the project's root, in a worktree of what the feature builds on
 */
export async function detectChecks(folder: string): Promise<DetectedChecks> {
  const project = await look(folder);
  const specific = (await Promise.all([javascript, python, go, rust].map((kind) => kind(project)))).flat();
  // A Makefile mostly wraps what was found; it counts where nothing else did.
  const findings = specific.some((finding) => finding.check)
    ? specific
    : [...specific, ...(await make(project))];
  const setups = findings.flatMap((finding) => finding.setup ?? []);
  const reason = findings.map((finding) => finding.reason);
  const checks = findings.flatMap((finding) => finding.check ?? []);
  if (checks.length === 0)
    reason.push(
      'No checks were found, so the result will be unverified; name some under "checks" in blueprint.config.json.',
    );
  return { setup: setups.length === 0 ? null : setups.join(' && '), checks, reason };
}

/**
 * The configured commands, else what the project's own files say.
 *
 * @param folder the project's root, in a worktree of what the feature builds on
 */
export async function projectChecks(
  config: Pick<Config, 'setup' | 'checks'>,
  folder: string,
): Promise<Pick<DetectedChecks, 'setup' | 'checks'>> {
  if (config.setup !== undefined && config.checks !== undefined)
    return { setup: config.setup, checks: config.checks };
  const detected = await detectChecks(folder);
  // Null is a decision: no setup.
  const setup = config.setup === undefined ? detected.setup : config.setup;
  return { setup, checks: config.checks ?? detected.checks };
}

interface Project {
  names: Set<string>;
  list(subfolder: string): Promise<string[]>;
  /** Empty where there is no such text file. */
  read(path: string): Promise<string>;
}

async function look(folder: string): Promise<Project> {
  const list = (subfolder: string) => readdir(join(folder, subfolder)).catch((): string[] => []);
  const read = async (path: string) => {
    const text = await readFile(join(folder, path), 'utf8').catch(() => '');
    return text.length > readLimit ? '' : text;
  };
  return { names: new Set(await list('.')), list, read };
}

/** Package managers by their lock files, with the command that installs exactly what the lock says. */
const packageManagers = [
  { lock: 'pnpm-lock.yaml', run: 'pnpm', install: 'pnpm install --frozen-lockfile' },
  { lock: 'yarn.lock', run: 'yarn', install: 'yarn install --frozen-lockfile' },
  { lock: 'bun.lock', run: 'bun run', install: 'bun install --frozen-lockfile' },
  { lock: 'bun.lockb', run: 'bun run', install: 'bun install --frozen-lockfile' },
  { lock: 'package-lock.json', run: 'npm', install: 'npm ci' },
  { lock: 'npm-shrinkwrap.json', run: 'npm', install: 'npm ci' },
];

async function javascript(project: Project): Promise<Finding[]> {
  if (!project.names.has('package.json')) return [];
  const manifest = asObject(parseJson(await project.read('package.json')));
  if (manifest === undefined) return [{ reason: 'package.json is no valid JSON, so it is left out.' }];
  const manager = packageManagers.find(({ lock }) => project.names.has(lock));
  const findings: Finding[] = [];

  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
  const needsInstall =
    manifest.workspaces !== undefined ||
    kinds.some((kind) => Object.keys(asObject(manifest[kind]) ?? {}).length > 0);
  if (needsInstall && manager !== undefined) {
    // Yarn 2 and later call the same thing differently, and are known by their own configuration file.
    const modernYarn = manager.run === 'yarn' && project.names.has('.yarnrc.yml');
    const setup = modernYarn ? 'yarn install --immutable' : manager.install;
    findings.push({
      setup,
      reason: `package.json has dependencies and ${manager.lock} locks them: ${setup}.`,
    });
  } else if (needsInstall) {
    findings.push({
      reason:
        'package.json has dependencies and no lock file, so nothing is installed; name a command under "setup".',
    });
  }

  const script = asObject(manifest.scripts)?.test;
  // What `npm init` writes.
  if (typeof script !== 'string' || /no test specified/.test(script)) {
    findings.push({ reason: 'package.json has no test script.' });
  } else {
    const command = `${manager?.run ?? 'npm'} test`;
    findings.push({
      check: { name: 'test', command },
      reason: `package.json has a test script: ${command}.`,
    });
  }
  return findings;
}

async function python(project: Project): Promise<Finding[]> {
  const tests = await pythonTests(project);
  const sign = await pytestSign(project, tests);
  const runner = sign !== undefined ? 'pytest' : tests.length > 0 ? 'unittest' : undefined;
  if (runner === undefined) return [];
  const findings: Finding[] = [];
  const managed = [
    { lock: 'uv.lock', setup: 'uv sync --locked', run: 'uv run python' },
    { lock: 'poetry.lock', setup: 'poetry install', run: 'poetry run python' },
  ].find(({ lock }) => project.names.has(lock));
  if (managed !== undefined)
    findings.push({
      setup: managed.setup,
      reason: `${managed.lock} locks the dependencies: ${managed.setup}.`,
    });
  else if (project.names.has('requirements.txt'))
    findings.push({
      reason:
        'requirements.txt is not installed by itself; name a command under "setup" where the packages are missing.',
    });
  const arguments_ = runner === 'pytest' ? 'pytest' : await unittestArguments(project, tests);
  const command = `${managed?.run ?? 'python3'} -m ${arguments_}`;
  findings.push({
    check: { name: runner, command },
    reason: `${sign ?? `There are tests such as ${tests[0]}`}: ${command}.`,
  });
  return findings;
}

/** Test files by the pattern that both unittest and pytest look for, in the root and the usual folders. */
async function pythonTests(project: Project): Promise<string[]> {
  const folders = ['.', 'tests', 'test'].filter((folder) => folder === '.' || project.names.has(folder));
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await project.list(folder))
        .filter((name) => /^(test.*|.*_test)\.py$/.test(name))
        .sort()
        .map((name) => (folder === '.' ? name : `${folder}/${name}`)),
    ),
  );
  return lists.flat();
}

/** Why the tests are pytest's, or undefined. */
async function pytestSign(project: Project, tests: string[]): Promise<string | undefined> {
  const signs: [string, RegExp][] = [
    ['pytest.ini', /^\[pytest\]/m],
    ['pyproject.toml', /^\[tool\.pytest/m],
    ['setup.cfg', /^\[tool:pytest\]/m],
    ['tox.ini', /^\[pytest\]/m],
  ];
  for (const [file, sign] of signs)
    if (project.names.has(file) && sign.test(await project.read(file))) return `${file} configures pytest`;
  const tested = project.names.has('tests') ? await project.list('tests') : [];
  if (project.names.has('conftest.py') || tested.includes('conftest.py')) return 'There is a conftest.py';
  for (const file of tests.slice(0, testFilesRead)) {
    const text = await project.read(file);
    // A bare test function is none of unittest's.
    if (/^\s*(import|from) pytest\b/m.test(text) || /^(async )?def test_/m.test(text))
      return `${file} is a pytest file`;
  }
  return undefined;
}

/** unittest finds tests in the root and in packages by itself; a plain folder has to be named. */
async function unittestArguments(project: Project, tests: string[]): Promise<string> {
  const folder = tests[0]?.includes('/') ? tests[0].split('/')[0] : undefined;
  if (folder === undefined || (await project.list(folder)).includes('__init__.py')) return 'unittest';
  return `unittest discover -s ${folder}`;
}

async function go(project: Project): Promise<Finding[]> {
  if (!project.names.has('go.mod')) return [];
  const command = 'go test ./...';
  return [{ check: { name: 'go-test', command }, reason: `There is a go.mod: ${command}.` }];
}

async function rust(project: Project): Promise<Finding[]> {
  if (!project.names.has('Cargo.toml')) return [];
  const command = project.names.has('Cargo.lock') ? 'cargo test --locked' : 'cargo test';
  return [{ check: { name: 'cargo-test', command }, reason: `There is a Cargo.toml: ${command}.` }];
}

async function make(project: Project): Promise<Finding[]> {
  // The order in which make itself looks (GNU make manual, 3.2).
  const file = ['GNUmakefile', 'makefile', 'Makefile'].find((name) => project.names.has(name));
  if (file === undefined) return [];
  const target = /^(test|check)\s*:(?!=)/m.exec(await project.read(file))?.[1];
  if (target === undefined) return [{ reason: `${file} has no target test or check.` }];
  const command = `make ${target}`;
  return [
    { check: { name: `make-${target}`, command }, reason: `${file} has a target ${target}: ${command}.` },
  ];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const asObject = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
