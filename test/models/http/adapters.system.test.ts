/** DeepSeek and OpenAI-compatible servers as models: what they are given, whether they are there, and whole calls. */
import { statSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { adapter as deepseekAdapter } from '../../../src/models/adapters/deepseek.js';
import { adapter as openaiCompatibleAdapter } from '../../../src/models/adapters/openai-compatible.js';
import { promptLimit } from '../../../src/models/model-call.js';
import type { Question } from '../../../src/models/question.js';
import type { Scenario } from '../../doubles/scenario.js';
import type { FollowedModel } from '../../support/follow-model.js';
import { testFolder, transpiledCode } from '../../support/source-process.js';
import { vendorDouble } from '../../support/vendor-double.js';
import { closedPort, closeServers, serve } from './server.js';

afterAll(closeServers);

type Settings = Question['settings'];
const none: Settings = { args: [], env: {} };
const ollama: Settings = { ...none, baseUrl: 'http://localhost:11434/v1', model: 'qwen3:8b' };

const request = (settings: Settings, more: Partial<Question> = {}): Question => ({
  role: 'coder',
  purpose: 'draft',
  model: 'deepseek',
  mode: 'text',
  settings,
  cwd: '/tmp',
  script: null,
  ledger: '/ledger',
  ...more,
});

/** Behind the program and its file. */
const options = (args: string[]): string[] => args.slice(args.indexOf('--provider'));

describe('the command', () => {
  test('of DeepSeek asks the vendor’s current model, unless the settings say otherwise', () => {
    expect(options(deepseekAdapter.command(request(none)).args)).toEqual([
      ...['--provider', 'deepseek', '--base-url', 'https://api.deepseek.com'],
      ...['--model', 'deepseek-flash', '--key-env', 'DEEPSEEK_API_KEY'],
    ]);
    const own = { ...none, model: 'deepseek-v4-pro', baseUrl: 'https://proxy.example', apiKeyEnv: 'MY_KEY' };
    expect(options(deepseekAdapter.command(request(own)).args)).toEqual([
      ...['--provider', 'deepseek', '--base-url', 'https://proxy.example'],
      ...['--model', 'deepseek-v4-pro', '--key-env', 'MY_KEY'],
    ]);
  });

  test('is told of a schema, and ends with the settings’ arguments', () => {
    const args = ['--json', 'schema'];
    const { args: all } = openaiCompatibleAdapter.command(request({ ...ollama, args }, { schema: 'plan' }));
    expect(options(all)).toEqual([
      ...[
        '--provider',
        'openai-compatible',
        '--base-url',
        'http://localhost:11434/v1',
        '--model',
        'qwen3:8b',
      ],
      ...['--schema', expect.stringMatching(/plan\.schema\.json$/), ...args],
    ]);
  });
});

test('each sees its own key, what is common, and what the settings give it, and nothing else', () => {
  const parent = {
    PATH: '/bin',
    HTTPS_PROXY: 'http://proxy.example',
    DEEPSEEK_API_KEY: 'made-up-deepseek',
    OPENAI_API_KEY: 'made-up-openai',
    ANTHROPIC_API_KEY: 'made-up-anthropic',
    MY_KEY: 'made-up-mine',
    EXTRA: 'x',
  };
  const common = { PATH: '/bin', HTTPS_PROXY: 'http://proxy.example', EXTRA: 'x', SET: 'y' };
  const settings = { ...ollama, env: { SET: 'y' } };
  const seen = (adapter: typeof deepseekAdapter, more: Partial<Settings> = {}) =>
    adapter.environment(parent, { mode: 'text', settings: { ...settings, ...more } }, ['EXTRA']);
  expect(seen(deepseekAdapter)).toEqual({ ...common, DEEPSEEK_API_KEY: 'made-up-deepseek' });
  expect(seen(openaiCompatibleAdapter)).toEqual(common);
  expect(seen(openaiCompatibleAdapter, { apiKeyEnv: 'MY_KEY' })).toEqual({
    ...common,
    MY_KEY: 'made-up-mine',
  });
});

test('a prompt’s limit is the settings’, else what a context of 32,768 tokens holds', () => {
  expect(promptLimit(openaiCompatibleAdapter, none)).toBe(80_000);
  expect(promptLimit(openaiCompatibleAdapter, { ...none, maxPromptBytes: 400_000 })).toBe(400_000);
  expect(promptLimit(deepseekAdapter, none)).toBe(2_000_000);
  expect(promptLimit(deepseekAdapter, { ...none, maxPromptBytes: 4_000_000 })).toBe(2_000_000);
});

describe('whether it is there', () => {
  const probe = (settings: Settings, parent: NodeJS.ProcessEnv = {}) =>
    openaiCompatibleAdapter.probe(parent, { settings, pass: [] });

  test('DeepSeek, when its key is set', async () => {
    const asked = (parent: NodeJS.ProcessEnv, settings = none) =>
      deepseekAdapter.probe(parent, { settings, pass: [] });
    expect(await asked({ DEEPSEEK_API_KEY: 'made-up' })).toEqual({
      ok: true,
      detail: 'deepseek-flash at api.deepseek.com, key in DEEPSEEK_API_KEY',
    });
    expect(await asked({})).toEqual({
      ok: false,
      detail: 'DEEPSEEK_API_KEY is not set',
      advice: 'Make a key at https://platform.deepseek.com/api_keys and set DEEPSEEK_API_KEY to it.',
    });
    expect(await asked({ MY_KEY: 'made-up' }, { ...none, apiKeyEnv: 'MY_KEY' })).toMatchObject({ ok: true });
  });

  test('a server, when it is configured', async () => {
    expect(await probe(none)).toMatchObject({
      ok: false,
      detail: 'no server is configured',
      advice: expect.stringContaining('http://localhost:11434/v1'),
    });
    expect(await probe({ ...none, baseUrl: 'http://localhost:1/v1' })).toMatchObject({
      ok: false,
      detail: 'models.openai-compatible.model is not set',
    });
    expect(await probe({ ...ollama, apiKeyEnv: 'MY_KEY' })).toMatchObject({
      ok: false,
      detail: 'MY_KEY is not set',
    });
  });

  test('a server, when it answers; with its key', async () => {
    const { url, heard } = await serve((response) => void response.end('{"data":[{"id":"qwen3:8b"}]}'));
    const settings = { ...ollama, baseUrl: `${url}/v1/`, apiKeyEnv: 'MY_KEY' };
    const host = new URL(url).host;
    expect(await probe(settings, { MY_KEY: 'made-up' })).toEqual({ ok: true, detail: `qwen3:8b at ${host}` });
    expect(heard).toMatchObject([{ path: '/v1/models', headers: { authorization: 'Bearer made-up' } }]);
    expect(await probe({ ...settings, model: 'other' }, { MY_KEY: 'made-up' })).toEqual({
      ok: true,
      detail: `other at ${host}, which does not list it by that name`,
    });
  });

  test('a server that loads its model, or has no list, is there; one that wants another key is not', async () => {
    const answering = async (status: number) => {
      const { url } = await serve((response) => void response.writeHead(status).end('{}'));
      return probe({ ...ollama, baseUrl: url });
    };
    expect(await answering(503)).toMatchObject({ ok: true });
    expect(await answering(404)).toMatchObject({ ok: true });
    expect(await answering(401)).toMatchObject({ ok: false, advice: expect.stringContaining('apiKeyEnv') });
  });

  test('a server on this machine that is not started is told; one elsewhere may come back', async () => {
    const baseUrl = `http://127.0.0.1:${await closedPort()}/v1`;
    expect(await probe({ ...ollama, baseUrl })).toEqual({
      ok: false,
      detail: `nothing answers at ${baseUrl}`,
      advice: 'Start the server, or correct `models.openai-compatible.baseUrl`.',
    });
    expect(await probe({ ...ollama, baseUrl: 'http://models.invalid/v1' })).toEqual({
      ok: true,
      detail: 'qwen3:8b at models.invalid, which does not answer at the moment',
    });
  });

  test('a server that hangs is not waited for', async () => {
    const { url } = await serve(() => {});
    const before = Date.now();
    expect(await probe({ ...ollama, baseUrl: url })).toMatchObject({ ok: false });
    expect(Date.now() - before).toBeLessThan(10_000);
  });
});

describe('a call', () => {
  const key = 'made-up-deepseek-key-9d2f4a7c81e0';

  async function call(scenario: Scenario, model: 'deepseek' | 'openai-compatible', prompt = 'Write it.') {
    const double = await vendorDouble(scenario);
    const folder = await mkdtemp(join(testFolder(), 'http-'));
    const settings = { ...none, baseUrl: `${double.url}/v1`, model: 'double', apiKeyEnv: 'DEEPSEEK_API_KEY' };
    const asked = {
      call: { name: 'T002-draft', round: 1, inputs: { v: 1 } },
      ...{ purpose: 'draft', role: 'coder', task: 'T002' },
      ...{ model, mode: 'text', settings, script: null, ledger: join(folder, 'ledger'), cwd: folder },
      ...{ prompt, pass: [], schema: 'plan' },
      limits: { totalSeconds: 60, inactivitySeconds: 30, graceSeconds: 1, tries: 3 },
    };
    const calls = join(folder, 'calls');
    const script = join(transpiledCode(), 'test', 'support', 'follow-model.js');
    const ask = async (): Promise<FollowedModel> => {
      const args = [script, calls, JSON.stringify(asked)];
      const { stdout } = await execa(process.execPath, args, { env: { DEEPSEEK_API_KEY: key } });
      const followed = JSON.parse(stdout) as FollowedModel;
      // As Temporal does, after the delay that the failure asks for.
      if (followed.error === undefined || followed.error.final) return followed;
      await delay(followed.error.retryInMs ?? 0);
      return ask();
    };
    try {
      const followed = await ask();
      return { ...followed, requests: await double.asked(), calls };
    } finally {
      // Also where the call could not be made: a double that is left keeps the whole run from ending.
      await double.close();
    }
  }

  /** All that was kept on disk. */
  async function kept(directory: string): Promise<string> {
    const paths = (await readdir(directory, { recursive: true })).map((name) => join(directory, name));
    const texts = paths.filter((path) => statSync(path).isFile()).map((path) => readFile(path, 'utf8'));
    return (await Promise.all(texts)).join('\n');
  }

  test.concurrent.each(['deepseek', 'openai-compatible'] as const)(
    'to %s gives an answer, once, and its key stays secret',
    async (model) => {
      const usage = { input: 900, cached: 600, output: 20 };
      const { answer, requests, calls } = await call([{ answers: [{ text: 'Grüße 😀', usage }] }], model);
      expect(await readFile(answer?.answer.path ?? '', 'utf8')).toBe('Grüße 😀');
      expect(answer).toMatchObject({
        source: 'made',
        usage: { inputTokens: 900, cachedInputTokens: 600, outputTokens: 20 },
      });
      expect(requests).toHaveLength(1);
      const directory = dirname(dirname(answer?.answer.path ?? ''));
      expect(directory.startsWith(calls)).toBe(true);
      expect(await kept(calls)).not.toContain(key);
    },
  );

  test.concurrent('that is asked to slow down, and then loses its stream, gets its answer at the third try', async () => {
    const answers = [{ fail: 429, retryAfterSeconds: 0 }, { fail: 'truncated' }, 'At last.'] as const;
    const { answer, requests } = await call([{ answers: [...answers] }], 'deepseek');
    expect(answer).toMatchObject({ tryNumber: 3, answer: { bytes: 8 } });
    expect(requests.map(({ answered }) => answered)).toEqual(['429', 'truncated', 'text']);
  });

  test.concurrent('that is too long for the model sends nothing', async () => {
    const { error, requests } = await call([{ answers: ['x'] }], 'openai-compatible', 'x'.repeat(100_000));
    expect(error).toMatchObject({ kind: 'context-too-long', final: true });
    expect(error?.message).toMatch(/takes at most 80000\. Nothing was sent\.$/);
    expect(requests).toEqual([]);
  });

  test.concurrent('that has no balance left is final, and says so', async () => {
    const { error } = await call([{ answers: [{ fail: 402 }] }], 'deepseek');
    expect(error).toMatchObject({ kind: 'quota', final: true });
    expect(error?.message).toBe(
      'The balance or quota at DeepSeek is used up (HTTP 402): Insufficient Balance.',
    );
  });
});
