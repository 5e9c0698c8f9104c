// Records again what the real commands print, for the tests of the adapters' readers: `node scripts/record-models.mjs
// [NAME...]`. Each command is run as its adapter runs it, against the double of its vendor's API, and what it printed
// becomes test/models/adapters/recorded/NAME.stdout, .stderr and .rc, with paths, ids and times made neutral. Which
// there are is in model-recordings.mjs.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { constants, homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { execa } from 'execa';
import { recordings } from './model-recordings.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'test', 'models', 'adapters', 'recorded');

const folder = await mkdtemp(join(tmpdir(), 'blueprint-record-'));
process.env.BLUEPRINT_TEST_FOLDER = folder;
// Below node_modules, where our packages are found.
const bundle = join(root, 'node_modules', '.cache', 'record-models.mjs');
try {
  const code = await ourCode();
  await mkdir(target, { recursive: true });
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in recordings));
  if (unknown.length > 0)
    throw new Error(`There is no recording ${unknown.join(', ')}: they are in scripts/model-recordings.mjs.`);
  for (const [name, recording] of Object.entries(recordings)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stdout.write(`${name}: exit status ${await record(code, name, recording)}\n`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
  await rm(bundle, { force: true });
}

/** Our TypeScript, made into one module. */
async function ourCode() {
  await build({
    stdin: {
      contents: `
        export { modelSettings } from './src/domain/models/settings.js';
        export { configSchema } from './src/domain/config/schema.js';
        export { adapterFor } from './src/models/adapters/index.js';
        export { startDouble } from './test/doubles/server.js';
        export { vendorWorld } from './test/support/vendor-double.js';`,
      resolveDir: root,
    },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile: bundle,
    logLevel: 'warning',
  });
  return import(pathToFileURL(bundle).href);
}

async function record(code, name, { answers, schema, mode = 'text', args = [], ...special }) {
  const model = name.split('-')[0];
  const double = await code.startDouble([{ answers }]);
  const place = await mkdtemp(join(folder, 'call-'));
  const cwd = join(place, 'project');
  await mkdir(cwd);
  try {
    const world = await code.vendorWorld(double.url);
    const { models } = code.configSchema.parse({ models: world.models });
    const settings = code.modelSettings({ models }, model);
    const adapter = code.adapterFor(model);
    const request = { role: 'coder', purpose: 'draft', mode, schema, cwd };
    const command = adapter.command({ ...request, settings: { ...settings, args } });
    // Nothing of the person's: it would be in the recording.
    const parent = {
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      TMPDIR: tmpdir(),
      ...world.environment,
      ...special.environment,
    };
    delete parent[special.without];
    const env = {
      ...adapter.environment(parent, { mode, settings }, []),
      BLUEPRINT_CALL: place,
      BLUEPRINT_TRY: '1',
    };
    if (special.unreachable) await double.close();
    const child = execa(command.file, await argumentsOf(command, special, place), {
      cwd,
      env,
      extendEnv: false,
      input: special.prompt === '' ? '' : promptOf(model, special.prompt),
      reject: false,
    });
    if (special.signal !== undefined) await endInTime(child, double, special);
    const { stdout, stderr, exitCode, signal } = await child;
    const neutral = neutralizer({
      [cwd]: '/home/user/project',
      [world.environment.HOME]: '/home/user',
      [place]: '/home/user/call',
      [double.url]: 'http://127.0.0.1:9911',
    });
    // As a shell counts.
    const status = exitCode ?? 128 + constants.signals[signal];
    const lines = (text) => (text === '' ? '' : `${neutral(text)}\n`);
    await writeFile(join(target, `${name}.stdout`), lines(stdout));
    await writeFile(join(target, `${name}.stderr`), lines(stderr));
    await writeFile(join(target, `${name}.rc`), `${status}\n`);
    return status;
  } finally {
    await double.close();
  }
}

function promptOf(model, prompt = 'Write it.') {
  return `Blueprint-Call: purpose=draft role=coder task=T001 round=1 model=${model}\n\n${prompt}\n`;
}

/** The adapter's, less what is left out, and with a file of the recording's own settings. */
async function argumentsOf({ args }, { leaving = [], geminiSettings }, place) {
  const kept = args.filter((arg) => !leaving.includes(arg));
  if (geminiSettings === undefined) return kept;
  const [script, shipped, ...rest] = kept;
  const file = join(place, 'settings.json');
  const settings = { ...JSON.parse(await readFile(shipped, 'utf8')), ...geminiSettings };
  await writeFile(file, JSON.stringify(settings));
  return [script, file, ...rest];
}

/** Sends the signal when the command waits: for the double, or, as it says itself, before it asks again. */
async function endInTime(child, double, { signal, saying }) {
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const waits = () =>
    saying === undefined
      ? double.requests().some(({ answered }) => answered === 'hang')
      : said.includes(saying);
  while (child.exitCode === null && !waits()) await sleep(50);
  child.kill(signal);
}

/** The same words for what differs from run to run and from machine to machine. */
function neutralizer(paths) {
  const ids = { uuid: new Map(), double: new Map() };
  const numberOf = (id, known) => known.get(id) ?? known.set(id, known.size + 1).size;
  const uuid = (id) => `00000000-0000-4000-8000-${String(numberOf(id, ids.uuid)).padStart(12, '0')}`;
  return (text) =>
    Object.entries({ ...paths, [tmpdir()]: '/tmp', [homedir()]: '/home/user' })
      .reduce((rest, [from, to]) => rest.replaceAll(from, to), text)
      .replace(/[^\s"'(]*\/vendor-commands\/[^/]+\/node_modules\//g, '/usr/lib/node_modules/')
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, uuid)
      .replace(/_double_\d+/g, (id) => `_double_${numberOf(id, ids.double)}`)
      .replace(/\b\d{4}-\d\d-\d\dT\d\d([:-])\d\d[:-]\d\d[.-]\d+Z/g, '2026-01-01T00$100$100.000Z')
      // A tool call of Gemini CLI is named after the moment.
      .replace(/_\d{13}_/g, '_0_')
      // Five hours after the moment that all is said to happen at.
      .replace(/("resetsAt"):\d+/g, '$1:1767243600')
      // How long the command waits for its vendor is what it was told, not how fast the machine is.
      .replace(/("(?!retry_delay_ms")\w*(?:_ms|duration\w*)"):\d+/g, '$1:0');
}
