/** Where a bench runs: a temporary folder with a state directory and a server of its own, removed afterwards. */
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The command `blueprint`, as built. */
export const blueprint = fileURLToPath(new URL('../dist/bin/blueprint.js', import.meta.url));

/**
 * @typedef {object} Place
 * @property {string} folder real path
 * @property {import('../dist/temporal/connection/server-address.js').ServerAddress} server
 * @property {() => Promise<void>} close kills what was started here, stops the server and removes the folder
 */

/** A start takes a second, on a busy machine a few: what takes longer hangs. */
const readyMs = 60_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const workers = new Set();

/**
 * Makes the folder, starts the server, and sets this process's environment so that everything finds them and nothing
 * of the person's.
 *
 * @param {(line: string) => void} announce
 * @returns {Promise<Place>}
 */
export async function openPlace(announce) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'blueprint-bench-')));
  // Where the Temporal CLI comes from is the machine's business, and stays.
  for (const name of Object.keys(process.env))
    if (/^(TEMPORAL|BLUEPRINT)_/.test(name) && !/^BLUEPRINT_TEMPORAL_/.test(name)) delete process.env[name];
  process.env.XDG_STATE_HOME = join(folder, 'state');
  process.env.TEMPORAL_CONFIG_FILE = join(folder, 'no-temporal.toml');
  const { ensureServer } = await import('../dist/temporal/find-server.js');
  const { stopServer } = await import('../dist/temporal/server/lifecycle.js');
  const close = async () => {
    for (const worker of workers) worker.kill('SIGKILL');
    await stopServer();
    // A model's process that nobody waits for may write its last file meanwhile.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return { folder, server: await ensureServer(announce), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A small project.
 *
 * @param {string} root made here
 * @param {{ git: boolean, config: object }} options
 */
export async function makeProject(root, { git, config }) {
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'README.md'), '# A project\n');
  await writeFile(join(root, 'blueprint.config.json'), JSON.stringify(config));
  if (!git) return;
  const person = [
    '-c',
    'user.name=Bench',
    '-c',
    'user.email=bench@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: root });
  await run('git', ['add', '--all'], { cwd: root });
  await run('git', [...person, 'commit', '--quiet', '--message=Begin'], { cwd: root });
}

/**
 * @typedef {object} Worker
 * @property {number} pid
 * @property {Promise<number>} ready settles when it polls: the time that its start took, in milliseconds
 * @property {() => Promise<void>} kill kill -9; returns when it is gone
 */

/**
 * Starts `blueprint worker`.
 *
 * @param {string} root
 * @returns {Worker}
 */
export function startWorker(root) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [blueprint, 'worker'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  workers.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve)).then(() => workers.delete(child));
  let said = '';
  let killed = false;
  /** @type {Promise<number>} */
  const ready = new Promise((resolve, reject) => {
    child.stderr.on('data', (data) => {
      said = `${said}${data}`.slice(-2_000);
      if (said.includes('A worker runs')) resolve(performance.now() - startedAt);
    });
    const late = setTimeout(() => reject(new Error(`The worker does not start: ${said}`)), readyMs);
    ended.then(() => {
      clearTimeout(late);
      // One that is killed while it starts is never ready.
      if (!killed) reject(new Error(`The worker ended: ${said}`));
    });
  });
  if (child.pid === undefined) throw new Error('The worker could not be started.');
  return {
    pid: child.pid,
    ready,
    async kill() {
      killed = true;
      child.kill('SIGKILL');
      await ended;
    },
  };
}
