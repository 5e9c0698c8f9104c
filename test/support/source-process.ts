/** Our sources in processes of their own: for tests that kill them, or run several at once. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa, type Options } from 'execa';

/** The folder of the test run, which is removed at its end. */
export function testFolder(): string {
  const folder = process.env.BLUEPRINT_TEST_FOLDER;
  if (folder === undefined) throw new Error('The set-up of the test run did not run.');
  return folder;
}

/** What goes over the tests' environment where something is fetched: the person's package managers, as they are set up. */
export const registryEnvironment = (): Record<string, string> =>
  JSON.parse(process.env.BLUEPRINT_TEST_REGISTRIES ?? '{}') as Record<string, string>;

/** Where the transpiled sources are: `src/…`, `test/support/…` and `test/doubles/…`, as `.js`. Made by the first who asks. */
export function transpiledCode(): string {
  const code = join(testFolder(), 'code');
  if (!existsSync(code))
    execFileSync(process.execPath, [join('test', 'setup', 'transpile.js'), testFolder()], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
  return code;
}

/**
 * Runs a module in a Node process of its own. It imports our sources as `./src/temporal/server.js`.
 *
 * @param module the module's text
 */
export const runSource = <O extends Options>(module: string, options: O) =>
  execa(process.execPath, ['--input-type=module', '--eval', module], { cwd: transpiledCode(), ...options });
