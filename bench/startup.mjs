/** How long a command takes that only says or looks. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { openProject } from '../dist/app/index.js';
import { loadConfig } from '../dist/config/load.js';
import { median, rounded } from './figures.mjs';
import { writeModel } from './model.mjs';
import { blueprint, makeProject, startWorker } from './place.mjs';
import { answers } from './reference-graph.mjs';

const count = 10;

/**
 * @param {import('./place.mjs').Place} place
 * @param {(line: string) => void} announce
 */
export async function measureStartup(place, announce) {
  announce('Commands that only look ...');
  const root = join(place.folder, 'startup', 'project');
  await makeProject(root, { git: true, config: { checks: [], setup: null } });
  await finishFeature(root, join(place.folder, 'startup', 'model'));
  return {
    nodeMs: await medianOf(root, '--eval', '0'),
    helpMs: await medianOf(root, blueprint, '--help'),
    statusMs: await medianOf(root, blueprint, 'status', 'startup'),
  };
}

/** @param {Awaited<ReturnType<typeof measureStartup>>} figures */
export const startupLines = ({ nodeMs, helpMs, statusMs }) => [
  `start-up of node alone: ${nodeMs} ms (median of ${count})`,
  `start-up of blueprint --help: ${helpMs} ms (aim: at most 150 ms)`,
  `start-up of blueprint status NAME: ${statusMs} ms, twelve tasks`,
];

/**
 * @param {string} root
 * @param {string} model
 */
async function finishFeature(root, model) {
  const script = await writeModel(model, answers, { seconds: 0 });
  const worker = startWorker(root);
  const opened = await openProject(root);
  const ended = new AbortController();
  try {
    await worker.ready;
    const { config } = await loadConfig(root, { flags: { script } });
    await opened.start({ name: 'startup', text: 'Do it.', mode: 'static', config });
    for await (const { view } of opened.feature('startup').events(ended)) if (view.phase === 'done') break;
  } finally {
    ended.abort();
    await opened.close();
    await worker.kill();
  }
}

/**
 * @param {string} cwd
 * @param {...string} args
 */
async function medianOf(cwd, ...args) {
  const times = [];
  for (let run = 0; run < count; run++) {
    const began = performance.now();
    const child = spawn(process.execPath, args, { cwd, stdio: 'ignore' });
    const status = await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}.`);
    times.push(performance.now() - began);
  }
  return rounded(median(times));
}
