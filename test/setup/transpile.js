// @ts-check
/** Our sources as plain JavaScript, for what tests run in processes of its own: `node transpile.js FOLDER`. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Makes `FOLDER/code` as a package like ours, whole or not at all: two test files may ask for it at a time.
 *
 * @param {string} folder of the test run
 */
export function transpile(folder) {
  const code = join(folder, 'code');
  if (existsSync(code)) return code;
  const aside = mkdtempSync(join(folder, 'code-'));
  for (const sources of ['src', join('test', 'support'), join('test', 'doubles')])
    transpileAll(sources, aside);
  copyFileSync(join(root, 'package.json'), join(aside, 'package.json'));
  for (const shared of ['node_modules', 'schema', 'examples'])
    symlinkSync(join(root, shared), join(aside, shared));
  try {
    renameSync(aside, code);
  } catch (error) {
    rmSync(aside, { recursive: true });
    // Another one was sooner.
    if (!existsSync(code)) throw error;
  }
  return code;
}

/**
 * @param {string} sources
 * @param {string} target
 */
function transpileAll(sources, target) {
  for (const entry of readdirSync(join(root, sources), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const path = join(target, file.slice(root.length)).replace(/\.ts$/, '.js');
    mkdirSync(dirname(path), { recursive: true });
    if (file.endsWith('.ts')) writeFileSync(path, transformFileSync(file, options).code);
    else copyFileSync(file, path);
  }
}

/** @type {import('@swc/core').Options} */
const options = {
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

if (process.argv[1] === fileURLToPath(import.meta.url)) transpile(process.argv[2] ?? '');
