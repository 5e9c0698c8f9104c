/** The server killed without a warning: the work goes on where it stood, and no call ends for it. */
import { mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { serverStatus, startServer, stopServer } from '../../src/temporal/server/lifecycle.js';
import { runs, until } from '../support/calls.js';
import { startLiveFeature } from '../support/live-feature.js';
import { answersFor, ledgerOf, makeProject, repeatedCalls, task } from '../support/project.js';
import { expectReplays } from '../support/replay.js';
import { testFolder } from '../support/source-process.js';
import { testServerEnvironment } from '../support/temporal.js';
import { keepWorker } from '../support/worker-process.js';

test('a server that is killed and started again costs no call', async () => {
  const state = await realpath(await mkdtemp(join(testFolder(), 'state-')));
  const environment = { ...testServerEnvironment(), XDG_STATE_HOME: state };
  const { server } = await startServer(() => {}, environment);
  const address = { address: server.address, namespace: 'blueprint', embedded: true };
  const plan = { tasks: [task('T001')] };
  const project = await makeProject([
    { match: { purpose: 'draft' }, answer: '```text path=T001.txt\nslow\n```\n', delayMs: 4_000 },
    ...answersFor(plan),
  ]);
  const feature = await startLiveFeature(address, project, 'static');
  const worker = await keepWorker(project.root, environment);
  try {
    const started = await until(
      async () => (await ledgerOf(project.root, 'feature')).find((one) => one.call.startsWith('T001-draft')),
      'the draft',
    );
    const status = await serverStatus(environment);
    if (status.state !== 'running') throw new Error('The server does not run.');
    process.kill(status.server.pid, 'SIGKILL');
    // A process that is about to die is not dead: whoever starts a server then finds one.
    await until(() => !runs(status.server.pid), 'the end of the server');
    const again = await startServer(() => {}, environment);
    expect(again.server.address).toBe(server.address);
    const view = await feature.reaches('the end', (seen) => seen.phase === 'done');
    expect(view.verified).toBe(true);
    await expectReplays(feature.handle);
    expect(await repeatedCalls(project.root, 'feature')).toEqual([]);
    const draft = (await ledgerOf(project.root, 'feature')).filter((one) => one.call === started.call);
    expect(draft.map((one) => one.event)).toEqual(['start', 'end']);
  } finally {
    await worker.kill();
    await feature.close();
    await stopServer(environment);
  }
}, 120_000);
