/** Rewinds whose workers are killed: it is carried out once, and nothing is lost. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { readJournal } from '../../src/feature/journal.js';
import type { ServerAddress } from '../../src/temporal/connection/server-address.js';
import { startLiveFeature } from '../support/live-feature.js';
import { answersFor, git, makeProject, repeatedCalls, task } from '../support/project.js';
import { expectReplays } from '../support/replay.js';
import { testServer, testServerEnvironment } from '../support/temporal.js';
import { keepWorker } from '../support/worker-process.js';

const plan = {
  tasks: [task('T001'), task('T002', { dependsOn: ['T001'] }), task('T003', { dependsOn: ['T002'] })],
};
const gates = { spec: 'auto', plan: 'auto', task: 'ask', result: 'ask' } as const;

let server: ServerAddress;
const open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  server = await testServer();
}, 300_000);
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

test('a worker that is killed while it rewinds leaves the state before or the one after, and the next one ends it', async () => {
  const project = await makeProject(answersFor(plan), { gates });
  const { root } = project;
  const feature = await startLiveFeature(server, project, 'interactive');
  const worker = await keepWorker(root, testServerEnvironment());
  open.push({
    async close() {
      await worker.kill();
      await feature.close();
    },
  });
  const atResult = (count: number) =>
    feature.reaches(
      `the result after ${count} rewinds`,
      (view) => view.rewinds === count && view.gates.some((gate) => gate.gate === 'result'),
    );
  await atResult(0);
  const tree = await git(root, 'rev-parse', 'blueprint/feature^{tree}');
  const before = await git(root, 'rev-parse', 'refs/blueprint/feature/head');
  // At some moments of it; each step that can be interrupted is in test/workspace/rewind.test.ts.
  for (const [index, afterMs] of [0, 60, 150, 300].entries()) {
    const asked = feature.app.rewind(index % 2 === 0 ? 'T002' : `rewound/${index}`);
    await delay(afterMs);
    await worker.killAndRestart();
    await asked;
    await atResult(index + 1);
    expect(await git(root, 'rev-parse', 'blueprint/feature^{tree}')).toBe(tree);
    expect(await git(root, 'rev-parse', 'blueprint/feature')).toBe(
      await git(root, 'rev-parse', 'refs/blueprint/feature/head'),
    );
  }
  await expectReplays(feature.handle);
  const rewound = (await readJournal(feature.directory)).filter((entry) => entry.kind === 'rewound');
  expect(rewound.map((entry) => entry.number)).toEqual([1, 2, 3, 4]);
  expect(await git(root, 'rev-parse', 'refs/blueprint/feature/rewound/1')).toBe(before);
  expect(await repeatedCalls(root, 'feature')).toEqual([]);
  expect((await git(root, 'log', '--format=%P', 'main..blueprint/feature')).split('\n')).toHaveLength(3);
}, 400_000);
