/**
 * Once for a test run, before any test: a temporary folder, our sources as plain JavaScript (for what runs in
 * processes of its own), and the Temporal CLI. The server and the workflow bundle are made by the first test that
 * asks for them (`temporal.ts`), so that a run of unit tests pays for neither.
 *
 * jest loads this file as CommonJS and without its module mapping: it imports nothing of ours.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';

const root = join(__dirname, '..', '..');

export default function globalSetup(): void {
  const folder = mkdtempSync(join(tmpdir(), `blueprint-test-${process.pid}-`));
  const code = join(folder, 'code');
  transpile('src', code);
  transpile(join('test', 'support'), code);
  transpile(join('test', 'doubles'), code);
  copyFileSync(join(root, 'package.json'), join(code, 'package.json'));
  for (const shared of ['node_modules', 'schema']) symlinkSync(join(root, shared), join(code, shared));
  process.env.BLUEPRINT_TEST_FOLDER = folder;
  // Unit tests need no server: they run where none can be had, and the others say what is missing.
  spawnSync(process.execPath, [join(code, 'test', 'support', 'outside-jest.js'), 'prepare'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function transpile(folder: string, target: string): void {
  for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (!statSync(join(root, folder, file)).isFile()) continue;
    const path = join(target, folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(path), { recursive: true });
    if (!file.endsWith('.ts')) {
      copyFileSync(join(root, folder, file), path);
      continue;
    }
    const { code } = transformFileSync(join(root, folder, file), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    });
    writeFileSync(path, code);
  }
}
