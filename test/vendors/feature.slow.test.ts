/**
 * The whole job with the real commands, from a brief to a branch, with the first worker killed in the middle of a call:
 * what it costs in requests, and where no key is.
 */
import { type Dirent, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { featureWorkflowId } from '../../src/domain/names.js';
import { openProject } from '../../src/feature/project.js';
import { stateDirectory } from '../../src/host/directories.js';
import type { Scenario } from '../doubles/scenario.js';
import { until } from '../support/calls.js';
import { checkoutChanges, checksPass, type Project, projectOf } from '../support/command-line.js';
import { approval, fileAnswer, rejection, task } from '../support/project.js';
import { testServer, testServerEnvironment } from '../support/temporal.js';
import { installingMs } from '../support/vendor-commands.js';
import { madeUpKeys, type VendorDouble, vendorDouble, vendorWorld } from '../support/vendor-double.js';

// A dozen calls of a second or two, each command with its own start, on two busy cores.
const runMs = 180_000;

const plan = {
  tasks: [
    task('T001', { type: 'boilerplate', description: 'Make the file names.txt.' }),
    task('T002', { dependsOn: ['T001'], description: 'Make the file hello.txt, which says hello.' }),
  ],
};

const scenario: Scenario = [
  {
    match: { purpose: 'spec' },
    // Long enough to be killed in.
    answers: [
      { text: '# A greeting\n\nhello.txt says hello.\n\n## Open questions\n\nNone.\n', chunkDelayMs: 600 },
    ],
  },
  { match: { purpose: 'plan' }, answers: [{ json: plan }] },
  { match: { purpose: 'refine' }, answers: [{ json: plan }] },
  {
    match: { purpose: 'draft', task: 'T001' },
    answers: [{ tools: [{ write: 'names.txt', content: 'Ada\n' }], text: 'names.txt is there.' }],
  },
  {
    match: { purpose: 'draft', task: 'T002' },
    answers: [{ fail: 429, retryAfterSeconds: 1 }, fileAnswer('hello.txt', 'helo')],
  },
  {
    match: { purpose: 'review', task: 'T002' },
    answers: [{ json: rejection('hello.txt: write hello.') }, { json: approval }],
  },
  { match: { purpose: 'review' }, answers: [{ json: approval }] },
  {
    match: { purpose: 'correct', task: 'T002' },
    answers: [
      { fail: 'truncated' },
      { tools: [{ edit: 'hello.txt', from: 'helo', to: 'hello' }], text: 'A letter was missing.' },
    ],
  },
];

/** Each request that begins a call, by purpose, task and model; the model's own name for what it was answered with. */
const expected = [
  'correct T002 codex: tool',
  'correct T002 codex: truncated',
  'draft T001 gemini: tool',
  'draft T002 deepseek: 429',
  'draft T002 deepseek: text',
  'plan - deepseek: json',
  'refine - codex: json',
  'review T001 codex: json',
  // Of what Codex has corrected: another model reviews it.
  'review T002 claude: json',
  'review T002 codex: json',
  'spec - claude: text',
];

const name = 'greeting';
let double: VendorDouble;
let project: Project;
let ran: { exitCode: number | undefined; output: string };
/** Arguments of processes in which a key was seen. */
const leaked: string[] = [];

beforeAll(async () => {
  double = await vendorDouble(scenario);
  const { environment, models } = await vendorWorld(double.url);
  const modes = { boilerplate: 'edit', corrector: 'edit' };
  const config = { setup: null, checks: [{ name: 'test', command: 'sh check.sh' }], models, modes };
  project = await projectOf(
    {
      files: {
        'README.md': '# A project\n',
        'check.sh': '! test -e hello.txt || test -s hello.txt\n',
        'blueprint.config.json': JSON.stringify(config, undefined, 2),
        '.gitignore': '.blueprint/\n',
      },
    },
    environment,
  );
  const watching = new AbortController();
  const watch = watchArguments(watching.signal);
  const killed = project.blueprint(['run', name, '-m', 'Have hello.txt say hello.']);
  await until(async () => (await double.asked()).length > 0, 'the first request', runMs);
  killed.kill('SIGKILL');
  await killed;
  const { exitCode, all } = await project.blueprint(['run', name]);
  watching.abort();
  await watch;
  ran = { exitCode, output: all };
}, installingMs + runMs);

afterAll(async () => {
  await project?.remove();
  await double?.close();
});

test('it ends with exit status 0, and the branch passes the checks', async () => {
  expect(ran).toMatchObject({ exitCode: 0 });
  expect(await project.git('show', `blueprint/${name}:hello.txt`)).toBe('hello');
  expect(await checksPass(project, `blueprint/${name}`, 'sh check.sh')).toBe(true);
  expect(await checkoutChanges(project)).toEqual([]);
});

test('each role was played by its own model, and nothing was asked twice but what failed', async () => {
  const asked = await double.asked();
  const begun = asked
    .filter(({ turn }) => turn === 0)
    .map(({ fields, answered }) => `${fields.purpose} ${fields.task ?? '-'} ${fields.model}: ${answered}`);
  expect(begun.sort()).toEqual(expected);
});

test('each key went to its own vendor and to no other', async () => {
  const wanted: Record<string, object> = {
    messages: { 'x-api-key': madeUpKeys.ANTHROPIC_API_KEY },
    responses: { authorization: `Bearer ${madeUpKeys.CODEX_API_KEY}` },
    gemini: { 'x-goog-api-key': madeUpKeys.GEMINI_API_KEY },
    chat: { authorization: `Bearer ${madeUpKeys.DEEPSEEK_API_KEY}` },
  };
  const asked = await double.asked();
  expect(asked.map(({ api, keys }) => ({ api, keys }))).toEqual(
    asked.map(({ api }) => ({ api, keys: wanted[api] })),
  );
});

test('no key is in any file of the project, nor in what the server and the worktrees keep', async () => {
  const state = stateDirectory(testServerEnvironment());
  expect(await filesWithKeys(dirname(project.root))).toEqual([]);
  expect(await filesWithKeys(state)).toEqual([]);
});

test('no key is in what was printed, in a history, or in a process’s arguments', async () => {
  expect(keysIn(ran.output)).toEqual([]);
  expect(leaked).toEqual([]);
  const { address, namespace } = await testServer();
  const { instance } = await openProject(project.root);
  const ours = featureWorkflowId(instance, name);
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    let histories = 0;
    for await (const { workflowId, runId } of client.workflow.list()) {
      // The server is shared with other tests.
      if (!workflowId.startsWith(ours)) continue;
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      expect(keysIn(JSON.stringify(history, bytesAsText))).toEqual([]);
      histories++;
    }
    expect(histories).toBeGreaterThan(2);
  } finally {
    await connection.close();
  }
});

const keysIn = (text: string): string[] => Object.values(madeUpKeys).filter((key) => text.includes(key));

/** Payloads are bytes that hold JSON. */
const bytesAsText = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;

async function filesWithKeys(folder: string): Promise<string[]> {
  const files = await filesBelow(folder);
  expect(files.length).toBeGreaterThan(0);
  const found = [];
  for (const file of files) {
    // Sockets, locks and temporary files of a running server come and go.
    const content = await readFile(file, 'latin1').catch(() => '');
    if (keysIn(content).length > 0) found.push(file);
  }
  return found;
}

/** Folders of other tests beside it, such as worktrees, come and go while it is read. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return files.flat();
}

/** Looks at all processes' arguments, again and again. Linux only: elsewhere nothing is seen. */
async function watchArguments(until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    for (const pid of (await readdir('/proc').catch(() => [])).filter((one) => /^\d+$/.test(one))) {
      const line = argumentsOf(pid);
      if (keysIn(line).length > 0) leaked.push(line.replaceAll('\0', ' '));
    }
    await delay(100);
  }
}

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
