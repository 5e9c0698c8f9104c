import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectClient } from '../../src/temporal/connection/connect.js';
import { connectWorker } from '../../src/temporal/connection/connect-worker.js';
import { temporalUiUrl } from '../../src/temporal/connection/server-address.js';
import { ensureServer, findServer } from '../../src/temporal/find-server.js';
import { testServer, testServerEnvironment } from '../support/temporal.js';

let home: string;
let env: Record<string, string>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'blueprint-address-'));
  env = {
    ...testServerEnvironment(),
    XDG_STATE_HOME: home,
    TEMPORAL_CONFIG_FILE: join(home, 'temporal.toml'),
  };
});
afterEach(() => rm(home, { recursive: true, force: true }));

const announce = () => {};

const writeProfiles = (text: string) => writeFile(join(home, 'temporal.toml'), text);

test('TEMPORAL_ADDRESS names the server, and nothing is started', async () => {
  env.TEMPORAL_ADDRESS = 'cluster.example.com:7233';
  const expected = { address: 'cluster.example.com:7233', namespace: 'default', embedded: false };
  expect(await findServer(env)).toEqual(expected);
  expect(await ensureServer(announce, env)).toEqual(expected);
  env.TEMPORAL_NAMESPACE = 'team';
  expect(await ensureServer(announce, env)).toEqual({ ...expected, namespace: 'team' });
});

test('a Temporal profile names the server; the environment comes before it', async () => {
  await writeProfiles(`
    [profile.default]
    address = "default.example.com:7233"
    [profile.cloud]
    address = "team.acct.tmprl.cloud:7233"
    namespace = "team.acct"
    api_key = "secret"
  `);
  expect(await findServer(env)).toMatchObject({ address: 'default.example.com:7233', namespace: 'default' });
  env.TEMPORAL_PROFILE = 'cloud';
  const cloud = await findServer(env);
  expect(cloud).toMatchObject({ address: 'team.acct.tmprl.cloud:7233', namespace: 'team.acct' });
  expect(JSON.stringify(cloud)).not.toContain('secret');
  env.TEMPORAL_NAMESPACE = 'other';
  expect(await findServer(env)).toMatchObject({ namespace: 'other' });
});

test.each([
  ['a profile that is not there', 'cloud', '[profile.default]', /Profile 'cloud' not found/],
  ['a profile in a file without any', 'cloud', '', /there is no profile cloud/],
  [
    'a profile without an address',
    'cloud',
    '[profile.cloud]\nnamespace = "x"',
    /profile cloud has no address/,
  ],
  ['a file that is no TOML', 'default', 'address = = 3', /Your Temporal configuration cannot be used/],
])('%s is one sentence with what to do', async (_name, profile, text, problem) => {
  await writeProfiles(text);
  env.TEMPORAL_PROFILE = profile;
  await expect(findServer(env)).rejects.toThrow(problem);
  await expect(ensureServer(announce, env)).rejects.toThrow(/use the embedded server\.$/);
});

test('a configuration file without any profile is no configuration', async () => {
  await writeProfiles('');
  expect(await findServer(env)).toBeUndefined();
});

test('a certificate that cannot be read is one sentence', async () => {
  process.env.TEMPORAL_TLS_CLIENT_CERT_PATH = join(home, 'missing.pem');
  try {
    await expect(connectClient({ address: 'x:7233', namespace: 'x', embedded: false })).rejects.toThrow(
      /^Your Temporal configuration cannot be used: ENOENT.*missing\.pem/,
    );
  } finally {
    delete process.env.TEMPORAL_TLS_CLIENT_CERT_PATH;
  }
});

test('without configuration there is no server until one is started, and then it is found', async () => {
  expect(await findServer(env)).toBeUndefined();
  const server = await testServer();
  expect(await findServer(testServerEnvironment())).toEqual(server);
  expect(await ensureServer(announce, testServerEnvironment())).toEqual(server);
});

test('a namespace alone is meant for the embedded server, and made there', async () => {
  await testServer();
  const server = await ensureServer(announce, { ...testServerEnvironment(), TEMPORAL_NAMESPACE: 'mine' });
  expect(server).toMatchObject({ namespace: 'mine', embedded: true });
  const client = await connectClient(server);
  await client.workflow.start('anything', { taskQueue: 'nobody', workflowId: 'in my namespace' });
  await client.connection.close();
});

test('clients and workers connect to it', async () => {
  const server = await testServer();
  const client = await connectClient(server);
  expect(client.options.namespace).toBe('blueprint');
  await client.connection.close();
  const connection = await connectWorker(server);
  await connection.close();
});

test('a namespace that the configured server lacks is one sentence', async () => {
  const { address } = await testServer();
  await expect(connectClient({ address, namespace: 'nowhere', embedded: false })).rejects.toThrow(
    /has no namespace nowhere: create it, or set TEMPORAL_NAMESPACE/,
  );
});

test('a server that does not answer is one sentence with what to do', async () => {
  const closed = { address: '127.0.0.1:9', namespace: 'blueprint' };
  await expect(connectClient({ ...closed, embedded: true })).rejects.toThrow(
    /^No Temporal server answers at 127\.0\.0\.1:9 .*: stop it and start it again\.$/,
  );
  await expect(connectWorker({ ...closed, embedded: false })).rejects.toThrow(
    /^No Temporal server answers at 127\.0\.0\.1:9 .*check TEMPORAL_ADDRESS/,
  );
});

test('pages of Temporal are linked where their address is known', () => {
  const local = { address: '127.0.0.1:17000', namespace: 'blueprint', embedded: true };
  expect(temporalUiUrl({ ...local, uiUrl: 'http://127.0.0.1:17001' }, 'blueprint/a1/dark-mode')).toBe(
    'http://127.0.0.1:17001/namespaces/blueprint/workflows/blueprint%2Fa1%2Fdark-mode',
  );
  expect(temporalUiUrl({ ...local, uiUrl: 'http://127.0.0.1:17001' })).toBe(
    'http://127.0.0.1:17001/namespaces/blueprint/workflows',
  );
  expect(temporalUiUrl(local)).toBeUndefined();
});
