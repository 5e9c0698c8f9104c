/** What a call costs over running its command alone: through the call store, and through Temporal as an activity. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';
import { loadConfig } from '../dist/config/load.js';
import { saveArtifact } from '../dist/feature/artifacts.js';
import { saveFeatureInput } from '../dist/feature/feature-file.js';
import { featureDirectory, openProject } from '../dist/feature/project.js';
import { listCalls } from '../dist/models/calls/store/list.js';
import { callModel } from '../dist/models/model-call.js';
import { connectClient } from '../dist/temporal/connection/connect.js';
import { connectWorker } from '../dist/temporal/connection/connect-worker.js';
import { createWorker } from '../dist/worker/create.js';
import { median, rounded } from './figures.mjs';
import { writeModel } from './model.mjs';
import { makeProject } from './place.mjs';
import { answers, plan } from './reference-graph.mjs';

const feature = 'overhead';
/** Enough for a steady median; the first ones load code and are left out. */
const count = 100;
const warmUp = 10;

/**
 * @param {import('./place.mjs').Place} place
 * @param {(line: string) => void} announce
 */
export async function measureOverhead(place, announce) {
  announce(`${count} calls alone, through the call store, and through Temporal ...`);
  const folder = join(place.folder, 'overhead');
  const script = await writeModel(join(folder, 'model'), answers, { seconds: 0 });
  const root = join(folder, 'project');
  await makeProject(root, { git: false, config: {} });
  const { alone, store } = await measureStore(folder, script);
  const temporal = await measureTemporal(place, root, script);
  return {
    calls: count,
    aloneMs: rounded(alone, 1),
    storeOverheadMs: rounded(store - alone, 1),
    temporalOverheadMs: rounded(temporal - alone, 1),
  };
}

/** @param {Awaited<ReturnType<typeof measureOverhead>>} figures */
export const overheadLines = ({ calls, aloneMs, storeOverheadMs, temporalOverheadMs }) => [
  `a command alone: ${aloneMs} ms (median of ${calls})`,
  `overhead of a call through the call store: ${storeOverheadMs} ms`,
  `overhead of a call through Temporal: ${temporalOverheadMs} ms (aim: at most 25 ms)`,
];

/**
 * The same command in turns, so that what else the machine does falls on both.
 *
 * @param {string} folder
 * @param {string} script
 */
async function measureStore(folder, script) {
  const prompt = join(folder, 'prompt');
  await writeFile(prompt, 'Blueprint-Call: purpose=refine role=reviewer\n');
  /** @type {{ alone: number[], store: number[] }} */
  const times = { alone: [], store: [] };
  for (let round = 1; round <= warmUp + count; round++) {
    const began = performance.now();
    await runAlone(script, prompt, join(folder, 'output'), join(folder, 'ledger'));
    const between = performance.now();
    await callModel(
      join(folder, 'calls'),
      {
        call: { name: 'refine', round, inputs: { v: 1 } },
        purpose: 'refine',
        role: 'reviewer',
        model: 'codex',
        mode: 'text',
        settings: { args: [], env: {} },
        script,
        ledger: join(folder, 'ledger'),
        cwd: folder,
        prompt: async () => 'Refine.',
        limits: { totalSeconds: 60, inactivitySeconds: 60, graceSeconds: 5, tries: 1 },
        pass: [],
      },
      { signal: new AbortController().signal },
    );
    times.alone.push(between - began);
    times.store.push(performance.now() - between);
  }
  return { alone: median(times.alone.slice(warmUp)), store: median(times.store.slice(warmUp)) };
}

/**
 * @param {string} script
 * @param {string} prompt
 * @param {string} output
 * @param {string} ledger
 */
async function runAlone(script, prompt, output, ledger) {
  const [stdin, stdout] = [openSync(prompt, 'r'), openSync(output, 'w')];
  const child = spawn(script, ['--ledger', ledger], { stdio: [stdin, stdout, 'ignore'] });
  closeSync(stdin);
  closeSync(stdout);
  const status = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
  if (status !== 0) throw new Error(`The bench's model ended with ${status}.`);
}

/**
 * A real activity in sequence; the time from one call to the next is all that a call takes.
 *
 * @param {import('./place.mjs').Place} place
 * @param {string} folder
 * @param {string} script
 */
async function measureTemporal({ server }, folder, script) {
  const { root, instance } = await openProject(folder);
  const directory = featureDirectory(root, feature);
  const { config } = await loadConfig(root, { flags: { script, budget: { calls: 10 * (warmUp + count) } } });
  const brief = await saveArtifact(directory, 'brief.md', 'Do it.');
  const spec = await saveArtifact(directory, 'spec.md', 'Each task writes a file.');
  await saveFeatureInput(directory, {
    feature,
    instance,
    root,
    mode: 'static',
    config,
    base: undefined,
    brief,
    briefIsSpec: false,
    usedRounds: 0,
    embedded: true,
  });
  const logger = new DefaultLogger('WARN');
  Runtime.install({ logger });
  const workflowsPath = fileURLToPath(new URL('overhead-workflow.mjs', import.meta.url));
  const bundle = await bundleWorkflowCode({ workflowsPath, logger });
  const connection = await connectWorker(server);
  const client = await connectClient(server);
  try {
    const { namespace, embedded } = server;
    const worker = await createWorker({ root, instance, connection, namespace, embedded, bundle });
    const inputs = Array.from({ length: warmUp + count + 1 }, (_, index) => {
      return { feature, model: 'codex', round: index + 1, ask: 1, spec, plan };
    });
    await worker.runUntil(
      client.workflow.execute('callsInSequence', {
        workflowId: feature,
        taskQueue: worker.options.taskQueue,
        args: [inputs],
      }),
    );
  } finally {
    await client.connection.close();
    await connection.close();
  }
  const made = (await listCalls(join(directory, 'calls'))).map((call) => call.madeAt).sort((a, b) => a - b);
  const steps = made.slice(1).map((at, index) => at - (made[index] ?? at));
  return median(steps.slice(warmUp));
}
