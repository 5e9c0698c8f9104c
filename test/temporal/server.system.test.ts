import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { identify } from '../../src/host/processes.js';
import { findBinary } from '../../src/temporal/binary/find.js';
import { connectClient } from '../../src/temporal/connection/connect.js';
import type { ServerAddress } from '../../src/temporal/connection/server-address.js';
import { recordDatabase } from '../../src/temporal/server/database.js';
import { serverFiles } from '../../src/temporal/server/files.js';
import { serverStatus, startServer, stopServer } from '../../src/temporal/server/lifecycle.js';
import { runningServer } from '../../src/temporal/server/running.js';
import { readServerState, writeServerState } from '../../src/temporal/server/state.js';
import { runSource } from '../support/source-process.js';

// Each test has a state folder, and so a server, of its own; the command comes from where the user has it.
let home: string;
let env: Record<string, string>;
const silent = () => {};

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'blueprint-server-'));
  env = { ...(process.env as Record<string, string>), XDG_STATE_HOME: home };
});
afterEach(async () => {
  // Quicker than a graceful end, and nothing is wanted of it any more.
  const server = await runningServer(env);
  if (server !== undefined) await killServer(server.pid);
  await rm(home, { recursive: true, force: true });
});

const addressOf = (server: { address: string }): ServerAddress => ({
  address: server.address,
  namespace: 'blueprint',
  embedded: true,
});

async function startWorkflow(server: { address: string }, workflowId: string): Promise<void> {
  const client = await connectClient(addressOf(server));
  await client.workflow.start('anything', { taskQueue: 'nobody', workflowId });
  await client.connection.close();
}

async function describeWorkflow(server: { address: string }, workflowId: string): Promise<string> {
  const client = await connectClient(addressOf(server));
  const description = await client.workflow.getHandle(workflowId).describe();
  await client.connection.close();
  return description.status.name;
}

async function killServer(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(async () => (await identify(pid)) === undefined);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test('a started server takes workflows in our namespace, keeps finished ones 90 days, and listens on this machine only', async () => {
  const lines: string[] = [];
  const { started, server } = await startServer((line) => lines.push(line), env);
  expect(started).toBe(true);
  expect(lines).toEqual([`Started a Temporal server in the background; its pages are at ${server.uiUrl}.`]);
  await startWorkflow(server, 'a feature');
  expect(await describeWorkflow(server, 'a feature')).toBe('RUNNING');

  const client = await connectClient(addressOf(server));
  const { config } = await client.workflowService.describeNamespace({ namespace: 'blueprint' });
  await client.connection.close();
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400).toBe(90);

  expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/);
  const page = await fetch(server.uiUrl);
  expect(page.status).toBe(200);
  await page.arrayBuffer();
  expect(await serverStatus(env)).toEqual({ state: 'running', server });
});

test('a server outlives its starter, in a session of its own that a terminal cannot interrupt', async () => {
  const starter = await runSource(
    `import { startServer } from './src/temporal/server/lifecycle.js';
     const { server } = await startServer(() => {});
     console.log(server.pid);`,
    { env },
  );
  const pid = Number(starter.stdout);
  const session = await execa('ps', ['-o', 'sess=', '-p', String(pid)]);
  expect(Number(session.stdout)).toBe(pid);
  expect((await serverStatus(env)).state).toBe('running');
});

test('a server that runs is found, not started again', async () => {
  const first = await startServer(silent, env);
  const second = await startServer(silent, env);
  expect(second).toEqual({ started: false, server: first.server });
});

test('several commands that start the server at once start one', async () => {
  const start = `
    import { startServer } from './src/temporal/server/lifecycle.js';
    const { started, server } = await startServer(() => {});
    console.log(JSON.stringify({ started, pid: server.pid }));`;
  const runs = await Promise.all([1, 2, 3].map(() => runSource(start, { env })));
  const results = runs.map((run) => JSON.parse(String(run.stdout)));
  expect(results.filter((result) => result.started)).toHaveLength(1);
  expect(new Set(results.map((result) => result.pid)).size).toBe(1);
});

test('a killed server comes back at its address, with what it knew', async () => {
  const { server } = await startServer(silent, env);
  await startWorkflow(server, 'a feature');
  await killServer(server.pid);
  expect(await serverStatus(env)).toEqual({ state: 'stopped' });

  const again = await startServer(silent, env);
  expect(again.started).toBe(true);
  expect(again.server.address).toBe(server.address);
  expect(await describeWorkflow(again.server, 'a feature')).toBe('RUNNING');
});

test('a stopped server is gone, and starts again with what it knew', async () => {
  const { server } = await startServer(silent, env);
  await startWorkflow(server, 'a feature');
  expect(await stopServer(env)).toBe(true);
  expect(await identify(server.pid)).toBeUndefined();
  expect(await runningServer(env)).toBeUndefined();
  expect(await stopServer(env)).toBe(false);

  const again = await startServer(silent, env);
  expect(await describeWorkflow(again.server, 'a feature')).toBe('RUNNING');
});

test('a server that hangs is stopped too, and is told apart from one that runs', async () => {
  const { server } = await startServer(silent, env);
  process.kill(server.pid, 'SIGSTOP');
  // On a busy machine its threads take a moment to stop.
  await until(async () => (await serverStatus(env)).state === 'unresponsive');
  expect(await stopServer(env)).toBe(true);
  expect(await identify(server.pid)).toBeUndefined();
});

test('a taken port: the server starts on others', async () => {
  const { server } = await startServer(silent, env);
  await startWorkflow(server, 'a feature');
  await killServer(server.pid);
  const other = await listen(Number(server.address.split(':')[1]));
  try {
    const again = await startServer(silent, env);
    expect(again.server.address).not.toBe(server.address);
    expect(await describeWorkflow(again.server, 'a feature')).toBe('RUNNING');
  } finally {
    other.close();
  }
});

test('a stale state file, whose process number is another process by now, is not believed', async () => {
  const { server } = await startServer(silent, env);
  await killServer(server.pid);
  const state = await readServerState(env);
  const stranger = await identify(process.pid);
  if (state?.process === undefined || stranger === undefined) throw new Error('no state');
  await writeServerState({ ...state, process: { ...state.process, pid: stranger.pid } }, env);

  expect(await runningServer(env)).toBeUndefined();
  expect(await stopServer(env)).toBe(false);
  expect((await startServer(silent, env)).started).toBe(true);
});

test('a damaged state file is named, and hides no server that might run', async () => {
  const { state, databaseRecord } = serverFiles(env);
  await mkdir(serverFiles(env).folder, { recursive: true });
  for (const content of ['', '{ "process": {', '{}', 'null', '{ "v": 1, "ready": true }']) {
    await writeFile(state, content);
    await expect(serverStatus(env)).rejects.toThrow(`${state} is damaged: `);
    await expect(startServer(silent, env)).rejects.toThrow(`${state} is damaged: `);
    await expect(stopServer(env)).rejects.toThrow(`${state} is damaged: `);
  }
  await writeFile(state, '{ "v": 2 }');
  await expect(startServer(silent, env)).rejects.toThrow(`${state} was written by a newer version`);

  await rm(state);
  await writeFile(serverFiles(env).database, '');
  await writeFile(databaseRecord, '{ "v": 1 }');
  await expect(startServer(silent, env)).rejects.toThrow(`${databaseRecord} is damaged: version: `);
});

test('a database that a killed first start left half made is made again', async () => {
  const { server } = await startServer(silent, env);
  await killServer(server.pid);
  await recordDatabase({ path: server.binary, version: server.version }, false, env);
  const { database } = serverFiles(env);
  for (const suffix of ['-wal', '-shm']) await rm(`${database}${suffix}`, { force: true });
  // The tables are not there, but the file is: the server alone would not come up any more.
  await writeFile(database, '');

  const again = await startServer(silent, env);
  await startWorkflow(again.server, 'a feature');
});

test('a starter that is killed before the state file names the server leaves no server', async () => {
  const starter = runSource(
    `import { mkdir } from 'node:fs/promises';
     import { launchServer } from './src/temporal/server/launch.js';
     import { choosePorts } from './src/temporal/server/ports.js';
     import { findBinary } from './src/temporal/binary/find.js';
     import { serverFiles } from './src/temporal/server/files.js';
     await mkdir(serverFiles().folder, { recursive: true });
     const launched = await launchServer((await findBinary(() => {})).path, await choosePorts(), process.env);
     console.log(launched.process.pid);
     setInterval(() => {}, 1000);`,
    { env, reject: false },
  );
  const pid = await new Promise<number>((resolve) =>
    starter.stdout.once('data', (line) => resolve(Number(line))),
  );
  expect(await identify(pid)).toBeDefined();
  starter.kill('SIGKILL');
  await until(async () => (await identify(pid)) === undefined);
  expect(await exists(serverFiles(env).database)).toBe(false);
});

test('a server whose starter was killed while it came up is taken over', async () => {
  const starter = await runSource(
    `import { mkdir } from 'node:fs/promises';
     import { launchServer } from './src/temporal/server/launch.js';
     import { choosePorts } from './src/temporal/server/ports.js';
     import { findBinary } from './src/temporal/binary/find.js';
     import { recordDatabase } from './src/temporal/server/database.js';
     import { serverFiles } from './src/temporal/server/files.js';
     import { writeServerState } from './src/temporal/server/state.js';
     await mkdir(serverFiles().folder, { recursive: true });
     const { path, version } = await findBinary(() => {});
     const ports = await choosePorts();
     const launched = await launchServer(path, ports, process.env);
     const startedAt = new Date().toISOString();
     await writeServerState({ process: launched.process, ports, binary: path, version, startedAt, ready: false });
     await recordDatabase({ path, version }, false, process.env);
     launched.release();
     console.log(launched.process.pid);`,
    { env },
  );
  const { started, server } = await startServer(silent, env);
  expect({ started, pid: server.pid }).toEqual({ started: false, pid: Number(starter.stdout) });
  await startWorkflow(server, 'a feature');
  expect(await readServerState(env)).toMatchObject({ ready: true });
  expect(JSON.parse(await readFile(serverFiles(env).databaseRecord, 'utf8'))).toMatchObject({
    v: 1,
    used: true,
  });
});

describe('a database that another server wrote', () => {
  /** A server's command that says another version of itself, and is the same. */
  async function commandOf(version: string): Promise<string> {
    const real = (await findBinary(silent)).path;
    const path = join(home, `temporal-${version}`);
    const versionLine = `temporal version 9.9.9 (Server ${version}, UI 2.42.1)`;
    await writeFile(
      path,
      `#!/bin/sh\n[ "$1" = --version ] && { echo '${versionLine}'; exit; }\nexec '${real}' "$@"\n`,
      { mode: 0o755 },
    );
    return path;
  }

  /** A database with a workflow in it, last written by this command. */
  async function writtenBy(path: string, version: string): Promise<void> {
    const { server } = await startServer(silent, env);
    await startWorkflow(server, 'a feature');
    await killServer(server.pid);
    await recordDatabase({ path, version }, true, env);
  }

  test('is opened by that one again, while it is there', async () => {
    const older = await commandOf('1.29.1');
    await writtenBy(older, '1.29.1');
    const lines: string[] = [];
    const { server } = await startServer((line) => lines.push(line), env);
    expect(server).toMatchObject({ binary: older, version: '1.29.1' });
    expect(lines).toHaveLength(1);
    expect(await describeWorkflow(server, 'a feature')).toBe('RUNNING');
  });

  test('is copied before a newer one opens it', async () => {
    await writtenBy(join(home, 'gone', 'temporal'), '1.29.1');
    const { folder, database } = serverFiles(env);
    const before = await readFile(database);
    const lines: string[] = [];
    const { server } = await startServer((line) => lines.push(line), env);
    const copy = join(folder, `before-${server.version}`);
    expect(lines).toEqual([
      expect.stringMatching(/^Skipped: .*gone\/temporal, which last wrote the database with server 1\.29\.1/),
      `Copying the database of server 1.29.1 to ${copy}, before server ${server.version} opens it ...`,
      expect.stringMatching(/^Started a Temporal server/),
    ]);
    expect(await describeWorkflow(server, 'a feature')).toBe('RUNNING');

    // The copy is whole, its log and its record too: put back, it is that server's again.
    expect((await readFile(join(copy, 'temporal.db'))).equals(before)).toBe(true);
    expect(await exists(join(copy, 'temporal.db-wal'))).toBe(true);
    expect(JSON.parse(await readFile(join(copy, 'database.json'), 'utf8'))).toMatchObject({
      version: '1.29.1',
    });

    // From then on it is the newer one's, and not copied again.
    await killServer(server.pid);
    lines.length = 0;
    await startServer((line) => lines.push(line), env);
    expect(lines).toHaveLength(1);
  });

  test('is copied as well where nothing says which one that was', async () => {
    await writtenBy('temporal', '1.29.1');
    await rm(serverFiles(env).databaseRecord);
    const lines: string[] = [];
    const { server } = await startServer((line) => lines.push(line), env);
    expect(lines[0]).toMatch(/^Copying the database of an unknown server to .*before-/);
    expect(await describeWorkflow(server, 'a feature')).toBe('RUNNING');
  });

  test('and that was newer is refused, with what to do', async () => {
    await writtenBy(join(home, 'gone', 'temporal'), '99.0.0');
    await expect(startServer(silent, env)).rejects.toThrow(
      /was last used by Temporal server 99\.0\.0 .* install a newer Temporal CLI, or move the folder/,
    );
    expect(await serverStatus(env)).toEqual({ state: 'stopped' });
  });
});

test('a server that does not come up says why, and is not left behind', async () => {
  const broken = join(home, 'temporal');
  await writeFile(
    broken,
    `#!/bin/sh
[ "$1" = --version ] && { echo 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)'; exit; }
echo "Error: the disk is on fire" >&2
exit 1
`,
    { mode: 0o755 },
  );
  await expect(startServer(silent, { ...env, BLUEPRINT_TEMPORAL_CLI: broken })).rejects.toThrow(
    /The Temporal server did not start: Error: the disk is on fire\. Its log is .*server\.log/,
  );
  expect(await serverStatus(env)).toEqual({ state: 'stopped' });
});

test('the server is not given the keys and settings of the person', async () => {
  const { server } = await startServer(silent, { ...env, OPENAI_API_KEY: 'secret', TEMPORAL_ADDRESS: 'x:1' });
  const given = await readFile(`/proc/${server.pid}/environ`, 'utf8').catch(() => 'HOME=');
  expect(given).toContain('HOME=');
  expect(given).not.toMatch(/secret|TEMPORAL_/);
});

/** Takes the port, which a process killed just before may hold for a moment longer. */
async function listen(port: number): Promise<Server> {
  const server = createServer();
  await until(
    () =>
      new Promise((resolve) => {
        server.once('error', () => resolve(false));
        server.listen(port, '127.0.0.1', () => resolve(true));
      }),
  );
  return server;
}
