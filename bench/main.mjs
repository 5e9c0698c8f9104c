/**
 * The figures that we promise, measured on what is built: `npm run bench`, or for a part of it
 * `npm run bench -- --only graph --json`. Figures go to standard output, progress to standard error.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { rounded } from './figures.mjs';
import { openPlace } from './place.mjs';

// Loaded when the place has set the environment.
const parts = {
  overhead: async () => {
    const { measureOverhead, overheadLines } = await import('./overhead.mjs');
    return part(measureOverhead, overheadLines);
  },
  graph: async () => {
    const { graphLines, measureGraph } = await import('./graph.mjs');
    return part(measureGraph, graphLines);
  },
  memory: async () => {
    const { measureMemory, memoryLines } = await import('./memory.mjs');
    return part(measureMemory, memoryLines);
  },
  startup: async () => {
    const { measureStartup, startupLines } = await import('./startup.mjs');
    return part(measureStartup, startupLines);
  },
  worktree: async () => {
    const { measureWorktree, worktreeLines } = await import('./worktree.mjs');
    return part(measureWorktree, worktreeLines);
  },
};

/**
 * @template T
 * @param {(place: import('./place.mjs').Place, announce: (line: string) => void) => Promise<T>} measure
 * @param {(figures: T) => string[]} lines
 */
function part(measure, lines) {
  /** @param {import('./place.mjs').Place} place */
  return async (place) => {
    const figures = await measure(place, announce);
    return { figures, lines: lines(figures) };
  };
}

/** @param {string} line */
const announce = (line) => console.error(line);

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});
const unknown = values.only?.find((name) => !(name in parts));
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  node: process.version,
  // What else it does decides how far these figures can be trusted.
  load: rounded(loadavg()[0] ?? 0, 1),
};
const place = await openPlace(announce);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => place.close().finally(() => process.exit(130)));

try {
  /** @type {Record<string, unknown>} */
  const all = { machine };
  const say = values.json ? announce : console.log;
  say(`${machine.cores} cores of ${machine.cpu}, node ${machine.node}, load before ${machine.load}`);
  for (const [name, load] of Object.entries(parts)) {
    if (values.only !== undefined && !values.only.includes(name)) continue;
    const { figures, lines } = await (await load())(place);
    all[name] = figures;
    for (const line of lines) say(line);
  }
  if (values.json) console.log(JSON.stringify(all, undefined, 2));
} finally {
  await place.close();
}
