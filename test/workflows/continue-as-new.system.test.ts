/** A long feature's history is cut: the run continues as new, and nobody who looks or decides notices. */
import { mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { NativeConnection } from '@temporalio/worker';
import { execa } from 'execa';
import { openProject } from '../../src/feature/project.js';
import { findBinary } from '../../src/temporal/binary/find.js';
import { serverArguments } from '../../src/temporal/server/flags.js';
import { choosePorts } from '../../src/temporal/server/ports.js';
import { prepareNamespace, waitUntilReady } from '../../src/temporal/server/ready.js';
import { createWorker } from '../../src/worker/create.js';
import { keepHistory } from '../support/histories.js';
import { startLiveFeature } from '../support/live-feature.js';
import { answersFor, git, makeProject, repeatedCalls, task } from '../support/project.js';
import { expectReplays } from '../support/replay.js';
import { testFolder } from '../support/source-process.js';
import '../support/quiet-runtime.js';

/** Events after which the server suggests it; by default 4,096. */
const shortHistory = 60;

test('a feature with a long history continues as new, with its gates, its plan and its commits', async () => {
  const { path } = await findBinary(() => {});
  const ports = await choosePorts();
  const folder = await realpath(await mkdtemp(join(testFolder(), 'server-')));
  const limit = ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${shortHistory}`];
  const server = execa(path, [...serverArguments(join(folder, 'db'), ports), ...limit], {
    reject: false,
    stdio: 'ignore',
  });
  const address = `127.0.0.1:${ports.grpc}`;
  try {
    await waitUntilReady(address, async () => server.exitCode === undefined || server.exitCode === null);
    await prepareNamespace(address, 'blueprint');
    const plan = { tasks: ['T001', 'T002', 'T003', 'T004', 'T005', 'T006'].map((id) => task(id)) };
    const project = await makeProject(answersFor(plan), { maxParallelTasks: 2, gates: { plan: 'auto' } });
    const feature = await startLiveFeature(
      { address, namespace: 'blueprint', embedded: true },
      project,
      'interactive',
    );
    const connection = await NativeConnection.connect({ address });
    const { instance, root } = await openProject(project.root);
    const worker = await createWorker({
      root,
      instance,
      connection,
      namespace: 'blueprint',
      embedded: true,
    });
    const first = (await feature.handle.describe()).runId;
    await worker.runUntil(async () => {
      await feature.reaches('the result gate', (view) => view.gates.some((gate) => gate.gate === 'result'));
      const now = await feature.handle.describe();
      expect(now.runId).not.toBe(first);
      await feature.app.approve({ gate: 'result' });
      await feature.handle.result();
    });
    const view = await feature.view();
    expect(view.tasks.map((one) => one.state)).toEqual(Array(6).fill('done'));
    expect((await git(root, 'log', '--format=%s', 'main..blueprint/feature')).split('\n')).toHaveLength(6);
    expect(await repeatedCalls(root, 'feature')).toEqual([]);
    await expectReplays(feature.handle);
    await keepHistory(feature.handle, 'continued-as-new');
    await connection.close();
    await feature.close();
  } finally {
    server.kill('SIGKILL');
    await server;
  }
}, 120_000);
