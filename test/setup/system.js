// @ts-check
/** Before the first test of a run that needs the built command or a server. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beginRun, root } from './run.js';
import { transpile } from './transpile.js';

export default function system() {
  const folder = beginRun();
  if (builtAt() < changedAt()) node(['scripts/build.mjs']);
  const code = transpile(folder);
  if (!existsSync(join(code, 'dist'))) symlinkSync(join(root, 'dist'), join(code, 'dist'));
  // Which may take longer than a test may, and is done as the person's machine is set up for it.
  const registries = JSON.parse(process.env.BLUEPRINT_TEST_REGISTRIES ?? '{}');
  node([join(code, 'test', 'support', 'outside-jest.js'), 'prepare'], { ...process.env, ...registries });
}

const built = ['bin/blueprint.js', 'bin/http-model.js', 'bin/runner.js', 'workflow-bundle.js'];

/** When the oldest part of the build was made, in milliseconds since 1970; 0 where one is missing. */
const builtAt = () =>
  Math.min(
    ...built.map((path) => statSync(join(root, 'dist', path), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );

/** When what is built was last changed. A file that is gone has changed its folder. */
function changedAt() {
  const files = ['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((file) => join(root, file));
  const folders = ['src', 'scripts'].flatMap((folder) => [
    join(root, folder),
    ...readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(root, folder, path),
    ),
  ]);
  return Math.max(...[...files, ...folders].map((path) => statSync(path).mtimeMs));
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function node(args, env = process.env) {
  execFileSync(process.execPath, args, {
    cwd: root,
    env: { ...env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
