/**
 * What the tests need of our own code outside jest, where modules are Node's own: run as
 * `node outside-jest.js COMMAND ARGUMENTS`, from the transpiled sources.
 */
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '../../src/host/processes.js';
import { findBinary } from '../../src/temporal/binary/find.js';
import { stopServer } from '../../src/temporal/server/lifecycle.js';
import { testServerCommand } from './test-server.js';

const commands: Record<string, (...args: string[]) => Promise<void>> = {
  /** Removes what killed test runs left, and gets Temporal's servers, which may take longer than a test may. */
  async prepare() {
    for (const name of await readdir(tmpdir())) {
      const pid = /^blueprint-test-(\d+)-/.exec(name)?.[1];
      if (pid === undefined || (await identify(Number(pid))) !== undefined) continue;
      await commands['stop-server']?.(join(tmpdir(), name));
      await rm(join(tmpdir(), name), { recursive: true, force: true });
    }
    await testServerCommand();
    await findBinary((line) => console.error(line)).catch((error: Error) => {
      console.error(`${error.message}\nThe tests that need a server will fail.`);
    });
  },

  /** Stops the server of a test run's folder. */
  async 'stop-server'(folder = '') {
    await stopServer({ ...process.env, XDG_STATE_HOME: join(folder, 'state') });
  },
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) throw new Error(`There is no command ${name}.`);
await command(...args);
