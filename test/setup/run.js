// @ts-check
/** What every run of the tests begins with: a temporary folder, and an environment that is nobody's. */
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, registryEnvironment } from './environment.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Makes the run's folder, and takes the person's settings out of `process.env`, from which jest's workers and their
 * processes have theirs. Each project's set-up begins with it; the first one does it.
 *
 * @returns the folder, and the person's environment as it was, as far as package managers need it
 */
export function beginRun() {
  const begun = process.env.BLUEPRINT_TEST_FOLDER;
  if (begun !== undefined) return begun;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `blueprint-test-${process.pid}-`)));
  mkdirSync(join(folder, 'home'));
  const clean = cleanEnvironment(process.env, join(folder, 'home'));
  const registries = JSON.stringify(registryEnvironment(process.env));
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, clean, {
    BLUEPRINT_TEST_FOLDER: folder,
    BLUEPRINT_TEST_REGISTRIES: registries,
  });
  return folder;
}
