/**
 * What the tests need of our own code outside jest, where modules are Node's own: run as
 * `node outside-jest.js COMMAND ARGUMENTS`, from the transpiled sources.
 */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../../src/host/processes.js';
import { findBinary } from '../../src/temporal/binary/find.js';
import { stopServer } from '../../src/temporal/server/lifecycle.js';
import { testServerScript } from './test-server.js';

const commands: Record<string, (...args: string[]) => Promise<void>> = {
  /** Removes what killed test runs left, and gets Temporal's servers, which may take longer than a test may. */
  async prepare() {
    for (const name of await readdir(tmpdir())) {
      const pid = /^blueprint-test-(\d+)-/.exec(name)?.[1];
      if (pid === undefined || (await identify(Number(pid))) !== undefined) continue;
      await commands.finish?.(join(tmpdir(), name));
    }
    await testServerScript();
    await findBinary((line) => console.error(line)).catch((error: Error) => {
      console.error(`${error.message}\nThe tests that need a server will fail.`);
    });
  },

  /** Stops the test run's server and removes its folder. */
  async finish(folder = '') {
    await stopServer({ ...process.env, XDG_STATE_HOME: join(folder, 'state') });
    await rm(folder, { recursive: true, force: true });
  },

  async bundle(workflows = '', target = '') {
    // Loaded here, since it takes longer than all that the other commands do.
    const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(workflows, 'index.js'),
      workflowInterceptorModules: [join(workflows, 'interceptors.js')],
      logger: new DefaultLogger('WARN'),
    });
    await writeFile(target, code);
  },
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) throw new Error(`There is no command ${name}.`);
await command(...args);
