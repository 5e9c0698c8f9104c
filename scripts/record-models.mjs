// Records again what the real commands print, for the tests of the adapters' readers: `node scripts/record-models.mjs
// [NAME...]`. Each command is run as its adapter runs it, against the double of its vendor's API, and what it printed
// becomes test/models/adapters/recorded/NAME.stdout, .stderr and .rc, with paths, ids and times made neutral.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { execa } from 'execa';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'test', 'models', 'adapters', 'recorded');

const hello = { text: 'Hello from mock.' };
const failing = (fail, more = {}) => ({ answers: [{ fail, ...more }] });
const hanging = (signal) => ({ ...failing('hang'), signal });
const editing = {
  answers: [{ tools: [{ write: 'notes.txt', content: 'one\n' }], ...hello }],
  mode: 'edit',
};
const underSchema = {
  answers: [{ json: { approved: true, feedback: 'Good.', corrections: [] } }],
  schema: 'review',
};

/** By name: the double's answers, and what else is special. The other recordings were made with flags that are not ours. */
const recordings = {
  'claude-ok': { answers: [hello] },
  'claude-schema': underSchema,
  'claude-tool': editing,
  'claude-cut-and-continued': { answers: [{ ...hello, cut: true }, hello] },
  'claude-output-limit': { answers: [{ ...hello, cut: true }] },
  'claude-nokey': { answers: [hello], without: 'ANTHROPIC_API_KEY' },
  'claude-err-401': failing(401),
  'claude-err-403': failing(403),
  'claude-err-429': failing(429),
  'claude-err-429ra': failing(429, { retryAfterSeconds: 1 }),
  'claude-err-500': failing(500),
  'claude-err-529': failing(529),
  'claude-err-insufficient': failing('quota'),
  'claude-usage-limit': {
    ...failing('quota', { resetInSeconds: 18_000 }),
    without: 'ANTHROPIC_API_KEY',
    environment: { CLAUDE_CODE_OAUTH_TOKEN: 'made-up-token-3c90b7' },
  },
  'claude-err-toolong': failing('too-long'),
  'claude-err-drop': failing('drop'),
  'claude-err-midfail': { answers: [{ fail: 'stream-error' }, hello] },
  'claude-err-truncated': { answers: [{ fail: 'truncated' }, hello] },
  'claude-refusal': failing('refused'),
  'claude-refused': { answers: [hello], unreachable: true },
  'claude-badarg': { answers: [hello], args: ['--nosuchflag'] },
  'claude-interrupted': hanging('SIGINT'),
  'claude-node-SIGTERM': hanging('SIGTERM'),
  'codex-ok': { answers: [hello] },
  'codex-schema': underSchema,
  'codex-tool': editing,
  'codex-err-401': failing(401),
  'codex-err-403': failing(403),
  'codex-err-429': failing(429),
  'codex-err-429ra': failing(429, { retryAfterSeconds: 1 }),
  'codex-err-500': failing(500),
  'codex-err-503': failing(503),
  'codex-err-insufficient': failing('quota'),
  'codex-usage-limit': failing('quota', { resetInSeconds: 7_200 }),
  'codex-usage-limit-days': failing('quota', { resetInSeconds: 300_000 }),
  'codex-err-toolong': failing('too-long'),
  'codex-err-drop': failing('drop'),
  'codex-err-truncated': failing('truncated'),
  'codex-err-midfail': failing('stream-error'),
  'codex-err-ratefail': failing('stream-error', { code: 'rate_limit_exceeded' }),
  'codex-err-ctxfail': failing('stream-error', { code: 'context_length_exceeded' }),
  'codex-content-filter': failing('refused'),
  'codex-refused-bounded': { answers: [hello], unreachable: true },
  'codex-badarg': { answers: [hello], args: ['--nosuch'] },
  'codex-SIGINT': hanging('SIGINT'),
  'codex-SIGTERM': hanging('SIGTERM'),
  'gemini-ok-p': { answers: [hello] },
  'gemini-nokey2': { answers: [hello], without: 'GEMINI_API_KEY' },
  'gemini-1att-401': failing(401),
  'gemini-err-403': failing(403),
  'gemini-1att-429': failing(429),
  'gemini-retry-in': failing(429, { retryAfterSeconds: 34 }),
  'gemini-1att-500': failing(500),
  'gemini-1att-503': failing(503),
  'gemini-daily-quota': failing('quota'),
  'gemini-err-toolong': failing('too-long'),
  'gemini-1att-drop': failing('drop'),
  'gemini-err-midfail': failing('stream-error'),
  'gemini-err-truncated': failing('truncated'),
  'gemini-badarg': { answers: [hello], args: ['--nosuch'] },
  'gemini-nr-SIGINT': hanging('SIGINT'),
  'gemini-nr-SIGTERM': hanging('SIGTERM'),
};

const folder = await mkdtemp(join(tmpdir(), 'blueprint-record-'));
process.env.BLUEPRINT_TEST_FOLDER = folder;
// Below node_modules, where our packages are found.
const bundle = join(root, 'node_modules', '.cache', 'record-models.mjs');
try {
  const code = await ourCode();
  await mkdir(target, { recursive: true });
  const wanted = process.argv.slice(2);
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
        export { modelSettings } from './src/domain/model-settings.js';
        export { configSchema } from './src/domain/schemas/config.js';
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

async function record(code, name, { answers, schema, mode = 'text', args = [], signal, ...special }) {
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
    const parent = { ...process.env, ...world.environment, ...special.environment };
    delete parent[special.without];
    const env = {
      ...adapter.environment(parent, { mode, settings }, []),
      BLUEPRINT_CALL: place,
      BLUEPRINT_TRY: '1',
    };
    if (special.unreachable) await double.close();
    const child = execa(command.file, command.args, {
      cwd,
      env,
      extendEnv: false,
      input: `Blueprint-Call: purpose=draft role=coder task=T001 round=1 model=${model}\n\nWrite it.\n`,
      reject: false,
    });
    if (signal !== undefined) {
      while (!double.requests().some(({ answered }) => answered === 'hang')) await sleep(50);
      child.kill(signal);
    }
    const { stdout, stderr, exitCode, signal: endedBy } = await child;
    const neutral = neutralizer({
      [cwd]: '/home/user/project',
      [world.environment.HOME]: '/home/user',
      [place]: '/home/user/call',
      [double.url]: 'http://127.0.0.1:9911',
    });
    // As a shell counts.
    const status = exitCode ?? 128 + constants.signals[endedBy];
    const lines = (text) => (text === '' ? '' : `${neutral(text)}\n`);
    await writeFile(join(target, `${name}.stdout`), lines(stdout));
    await writeFile(join(target, `${name}.stderr`), lines(stderr));
    await writeFile(join(target, `${name}.rc`), `${status}\n`);
    return status;
  } finally {
    await double.close();
  }
}

/** The same words for what differs from run to run and from machine to machine. */
function neutralizer(paths) {
  const ids = new Map();
  const numbered = (id) => {
    if (!ids.has(id)) ids.set(id, `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, '0')}`);
    return ids.get(id);
  };
  return (text) =>
    Object.entries({ ...paths, [tmpdir()]: '/tmp', [homedir()]: '/home/user' })
      .reduce((rest, [from, to]) => rest.replaceAll(from, to), text)
      .replace(/[^\s"'(]*\/vendor-commands\/[^/]+\/node_modules\//g, '/usr/lib/node_modules/')
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, numbered)
      .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '2026-01-01T00:00:00.000Z')
      .replace(/("\w*(?:_ms|duration\w*)"):\d+/g, '$1:0');
}
