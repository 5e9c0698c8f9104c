/** The worker's memory while a model prints 50 MB: flat, since no output is held whole. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openProject } from '../dist/app/index.js';
import { loadConfig } from '../dist/config/load.js';
import { featureDirectory } from '../dist/feature/project.js';
import { listCalls } from '../dist/models/calls/store/list.js';
import { megabytes } from './figures.mjs';
import { writeModel } from './model.mjs';
import { makeProject, startWorker } from './place.mjs';
import { answers } from './reference-graph.mjs';

const streamBytes = 50_000_000;
const streamSeconds = 5;
const sampleMs = 50;
const longestMs = 120_000;

/**
 * @param {import('./place.mjs').Place} place
 * @param {(line: string) => void} announce
 */
export async function measureMemory(place, announce) {
  announce(`A call that prints ${megabytes(streamBytes)} MB ...`);
  const folder = join(place.folder, 'memory');
  const script = await writeModel(join(folder, 'model'), answers, {
    seconds: streamSeconds,
    noiseBytes: streamBytes,
  });
  const root = join(folder, 'project');
  await makeProject(root, { git: false, config: {} });
  const worker = startWorker(root);
  const opened = await openProject(root);
  try {
    await worker.ready;
    const beforeBytes = await residentBytes(worker.pid);
    const { config } = await loadConfig(root, { flags: { script } });
    await opened.start({ name: 'memory', text: 'Do it.', mode: 'interactive', config });
    const samples = await sample(worker.pid, join(featureDirectory(root, 'memory'), 'calls'));
    await opened.feature('memory').stop();
    /** @param {(printed: number) => boolean} part */
    const highest = (part) =>
      megabytes(Math.max(...samples.filter(({ printed }) => part(printed)).map(({ resident }) => resident)));
    return {
      streamedMB: megabytes(samples.at(-1)?.printed ?? 0),
      beforeMB: megabytes(beforeBytes),
      highestFirstHalfMB: highest((printed) => printed <= streamBytes / 2),
      highestSecondHalfMB: highest((printed) => printed > streamBytes / 2),
    };
  } finally {
    await opened.close();
    await worker.kill();
  }
}

/** @param {Awaited<ReturnType<typeof measureMemory>>} figures */
export const memoryLines = ({ streamedMB, beforeMB, highestFirstHalfMB, highestSecondHalfMB }) => [
  `worker's memory while ${streamedMB} MB stream through a call: ${beforeMB} MB before, at most ${highestFirstHalfMB} MB in the first half, ${highestSecondHalfMB} MB in the second`,
];

/**
 * The worker's memory against what the first call has printed, until that call is finished.
 *
 * @param {number} pid
 * @param {string} calls
 */
async function sample(pid, calls) {
  const samples = [];
  for (const until = performance.now() + longestMs; performance.now() < until; ) {
    const [first] = await listCalls(calls);
    if (first !== undefined) {
      const printed = await stat(join(calls, first.call, '1', 'stdout')).then(
        ({ size }) => size,
        () => 0,
      );
      samples.push({ printed, resident: await residentBytes(pid) });
      if (first.finished) return samples;
    }
    await sleep(sampleMs);
  }
  throw new Error(`The call did not end within ${longestMs / 1_000} s.`);
}

/**
 * proc(5): VmRSS, in KiB.
 *
 * @param {number} pid
 */
async function residentBytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
