/** JavaScript and TypeScript: package.json, with the package manager that its lock file names. */
import type { Finding, Project } from './project.js';

/** Package managers by their lock files, with the command that installs exactly what the lock says. */
const packageManagers = [
  { lock: 'pnpm-lock.yaml', run: 'pnpm', install: 'pnpm install --frozen-lockfile' },
  { lock: 'yarn.lock', run: 'yarn', install: 'yarn install --frozen-lockfile' },
  { lock: 'bun.lock', run: 'bun run', install: 'bun install --frozen-lockfile' },
  { lock: 'bun.lockb', run: 'bun run', install: 'bun install --frozen-lockfile' },
  { lock: 'package-lock.json', run: 'npm', install: 'npm ci' },
  { lock: 'npm-shrinkwrap.json', run: 'npm', install: 'npm ci' },
];

export async function javascript(project: Project): Promise<Finding[]> {
  if (!project.names.has('package.json')) return [];
  const manifest = asObject(parseJson(await project.read('package.json')));
  if (manifest === undefined) return [{ reason: 'package.json is not valid JSON, so it is left out.' }];
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
