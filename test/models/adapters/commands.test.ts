/** How the vendors' commands are called, with which environment, and how they are probed. */
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { ModelSettings } from '../../../src/domain/models/settings.js';
import type { Adapter } from '../../../src/models/adapter.js';
import { adapter as claudeAdapter } from '../../../src/models/adapters/claude.js';
import { adapter as codexAdapter } from '../../../src/models/adapters/codex.js';
import { adapter as geminiAdapter } from '../../../src/models/adapters/gemini.js';
import type { Question } from '../../../src/models/question.js';
import { testFolder } from '../../support/source-process.js';

const settings: ModelSettings = { args: [], env: {} };
const request: Question = {
  ...{ role: 'coder', purpose: 'draft', model: 'claude', mode: 'text', settings, cwd: '/work' },
  ...{ script: null, ledger: '/ledger' },
};
const all: [string, Adapter][] = [
  ['claude', claudeAdapter],
  ['codex', codexAdapter],
  ['gemini', geminiAdapter],
];

const line = (adapter: Adapter, more: Partial<Question> = {}): string => {
  const { file, args } = adapter.command({ ...request, ...more });
  return [file, ...args].join(' ');
};

describe.each(all)('%s', (_name, adapter) => {
  test('no mode switches all permissions off', () => {
    for (const more of [{}, { readable: '/repo' }, { mode: 'edit' as const }])
      expect(line(adapter, more)).not.toMatch(/bypass|dangerous|danger-full|yolo|--trust|allow-all/i);
  });

  test("the person's command, model and arguments are taken, the arguments last", () => {
    const own = { ...settings, command: '/opt/own', model: 'm-1', args: ['--their', 'own'] };
    const { file, args } = adapter.command({ ...request, settings: own });
    expect([file, ...args]).toEqual(expect.arrayContaining(['/opt/own', '--model', 'm-1']));
    expect(args.filter((arg) => arg !== '-').slice(-2)).toEqual(['--their', 'own']);
  });

  test('it gets its own variables, and no key that is not for it', () => {
    const parent = {
      PATH: '/bin',
      HOME: '/none',
      HTTPS_PROXY: 'http://proxy',
      ANTHROPIC_API_KEY: 'claude',
      CODEX_API_KEY: 'codex',
      GEMINI_API_KEY: 'gemini',
      DEEPSEEK_API_KEY: 'deepseek',
      AWS_SECRET_ACCESS_KEY: 'aws',
      // What the commands set for what they run themselves: this one is no part of such a session.
      CLAUDECODE: '1',
      CLAUDE_CODE_ENTRYPOINT: 'cli',
      CODEX_SANDBOX: 'seatbelt',
      CODEX_THREAD_ID: 't',
      GEMINI_CLI: '1',
      GEMINI_CLI_IDE_SERVER_PORT: '1',
      MINE: 'mine',
    };
    const env = adapter.environment(parent, { mode: 'text', settings: { ...settings, env: { SET: 'x' } } }, [
      'MINE',
    ]);
    expect(env).toMatchObject({ PATH: '/bin', HTTPS_PROXY: 'http://proxy', MINE: 'mine', SET: 'x' });
    const keys = Object.keys(env).filter((name) => name.endsWith('_KEY'));
    expect(keys.map((name) => env[name])).toEqual([adapter.model]);
    expect(Object.keys(env)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^(CLAUDECODE|CLAUDE_CODE_ENTRYPOINT|CODEX_SANDBOX|CODEX_THREAD_ID|GEMINI_CLI|GEMINI_CLI_IDE_SERVER_PORT)$/,
        ),
      ]),
    );
  });

  test('the probe says how to install what is not there', async () => {
    const own = { ...settings, command: 'no-such-command-of-blueprint' };
    const probed = await adapter.probe(
      { PATH: process.env.PATH, HOME: testFolder() },
      { settings: own, pass: [] },
    );
    expect(probed).toMatchObject({ ok: false, advice: expect.stringContaining('npm install -g @') });
  });
});

test('Claude has no tools for a text, reads where it may, and edits files without a shell', () => {
  const tools = (more: Partial<Question>) => {
    const { args } = claudeAdapter.command({ ...request, ...more });
    return args[args.indexOf('--tools') + 1];
  };
  expect(tools({})).toBe('');
  expect(tools({ readable: '/repo' })).toBe('Read,Glob,Grep');
  expect(tools({ mode: 'edit' })).toBe('Read,Glob,Grep,Edit,Write,NotebookEdit');
  expect(line(claudeAdapter, { readable: '/repo' })).toContain('--add-dir /repo');
  expect(line(claudeAdapter, { mode: 'edit' })).toContain('--restricted');
  expect(
    JSON.parse(claudeAdapter.command({ ...request, schema: 'review' }).args.at(-1) ?? ''),
  ).toHaveProperty('properties.approved');
});

test("a cloud's credentials go to Claude when it is reached through that cloud", () => {
  const parent = { AWS_PROFILE: 'p', CLOUD_ML_REGION: 'eu', GOOGLE_APPLICATION_CREDENTIALS: '/key.json' };
  const names = (more: Record<string, string>) =>
    Object.keys(claudeAdapter.environment({ ...parent, ...more }, { mode: 'text', settings }, []));
  expect(names({ CLAUDE_CODE_USE_BEDROCK: '1' })).toContain('AWS_PROFILE');
  expect(names({ CLAUDE_CODE_USE_BEDROCK: '1' })).not.toContain('GOOGLE_APPLICATION_CREDENTIALS');
  expect(names({ CLAUDE_CODE_USE_VERTEX: 'true' })).toEqual(
    expect.arrayContaining(['CLOUD_ML_REGION', 'GOOGLE_APPLICATION_CREDENTIALS']),
  );
  expect(names({ CLAUDE_CODE_USE_BEDROCK: '0' })).not.toContain('AWS_PROFILE');
});

test('Codex has no shell for a text, one that reads where it may, and writes in its working directory alone', () => {
  expect(line(codexAdapter)).toContain('--sandbox read-only --cd /work');
  expect(line(codexAdapter)).toContain('features.shell_tool=false');
  expect(line(codexAdapter, { readable: '/repo' })).toContain('--sandbox read-only --cd /repo');
  expect(line(codexAdapter, { readable: '/repo' })).not.toContain('shell_tool');
  const edit = line(codexAdapter, { mode: 'edit' });
  expect(edit).toContain('--sandbox workspace-write --cd /work');
  for (const part of ['exclude_slash_tmp=true', 'exclude_tmpdir_env_var=true', 'network_access=false'])
    expect(edit).toContain(`sandbox_workspace_write.${part}`);
  expect(line(codexAdapter, { schema: 'plan' })).toMatch(/--output-schema \S+plan\.schema\.json .*-$/);
  expect(line(codexAdapter, { settings: { ...settings, baseUrl: 'http://gate/v1' } })).toContain(
    'base_url="http://gate/v1"',
  );
});

test('Gemini gets the policy of its mode', () => {
  expect(line(geminiAdapter)).toMatch(/--policy \S+text\.toml/);
  expect(line(geminiAdapter, { readable: '/repo' })).toMatch(
    /--policy \S+read\.toml .*--include-directories \/repo/,
  );
  expect(line(geminiAdapter, { mode: 'edit' })).toMatch(/--policy \S+edit\.toml/);
});

/** A home with a login in it, a call's directory, and a command that shows what it is given. */
async function geminiAtHome() {
  const folder = await mkdtemp(join(testFolder(), 'gemini-'));
  const home = join(folder, 'home');
  await mkdir(join(home, '.gemini'), { recursive: true });
  const command = join(folder, 'gemini');
  await writeFile(command, '#!/bin/sh\n[ "$1" = --version ] && { echo 9.9.9; exit; }\nenv\n');
  await chmod(command, 0o755);
  return { folder, home, parent: { PATH: process.env.PATH, HOME: home }, own: { ...settings, command } };
}

test('Gemini runs in a home of its own, with the login of the person, and nothing else of theirs', async () => {
  const { folder, home, parent, own } = await geminiAtHome();
  await writeFile(join(home, '.gemini', 'oauth_creds.json'), '{}');
  await writeFile(join(home, '.gemini', '.env'), 'GEMINI_API_KEY=x');
  await writeFile(
    join(home, '.gemini', 'settings.json'),
    '{ // chosen\n "security": {"auth": {"selectedType": "oauth-personal"}}, "mcpServers": {"x": {}} }',
  );
  const environment = geminiAdapter.environment(parent, { mode: 'text', settings: own }, []);
  expect(environment.BLUEPRINT_GEMINI_LOGIN).toBe('oauth-personal');

  const { file, args } = geminiAdapter.command({ ...request, settings: own });
  const env = { ...environment, BLUEPRINT_CALL: folder, BLUEPRINT_TRY: '1' };
  const { stdout } = await execa(file, args, { env, extendEnv: false });

  const ours = join(folder, '1', 'gemini');
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining([
      `GEMINI_CLI_HOME=${ours}`,
      `TMPDIR=${ours}/tmp`,
      'GEMINI_CLI_TRUST_WORKSPACE=false',
    ]),
  );
  const kept = JSON.parse(await readFile(join(ours, '.gemini', 'settings.json'), 'utf8'));
  expect(kept).toMatchObject({ general: { maxAttempts: 1 }, security: { folderTrust: { enabled: false } } });
  expect(kept).not.toHaveProperty('mcpServers');
  // Links: a renewed token is renewed where it was, and no key lies with the call.
  await writeFile(join(ours, '.gemini', 'oauth_creds.json'), 'renewed');
  expect(await readFile(join(home, '.gemini', 'oauth_creds.json'), 'utf8')).toBe('renewed');
  expect(await readFile(join(ours, '.env'), 'utf8')).toBe('GEMINI_API_KEY=x');
});

test('Gemini is logged in with a key, a file of a login, or a login that was chosen', async () => {
  const { home, parent, own } = await geminiAtHome();
  const probe = (more: Record<string, string> = {}) =>
    geminiAdapter.probe({ ...parent, ...more }, { settings: own, pass: [] });
  expect(await probe()).toMatchObject({ ok: false, detail: '9.9.9, not logged in' });
  expect(await probe({ GEMINI_API_KEY: 'k' })).toEqual({ ok: true, detail: '9.9.9' });
  await writeFile(join(home, '.gemini', 'oauth_creds.json'), '{}');
  expect(await probe()).toEqual({ ok: true, detail: '9.9.9' });
});

/** A command that knows its version, and says of the login what a file beside it says. */
async function commandWithLogin(status: number): Promise<string> {
  const command = join(await mkdtemp(join(testFolder(), 'probe-')), 'command');
  await writeFile(command, `#!/bin/sh\n[ "$1" = --version ] && { echo v1; exit; }\nexit ${status}\n`);
  await chmod(command, 0o755);
  return command;
}

test.each([
  ['claude', claudeAdapter, 'ANTHROPIC_API_KEY'],
  ['codex', codexAdapter, 'CODEX_API_KEY'],
])('%s is asked whether there is a login', async (_name, adapter, key) => {
  const probe = async (status: number, parent: Record<string, string> = {}) =>
    adapter.probe(
      { PATH: process.env.PATH, ...parent },
      { settings: { ...settings, command: await commandWithLogin(status) }, pass: [] },
    );
  expect(await probe(0)).toEqual({ ok: true, detail: 'v1' });
  expect(await probe(1)).toMatchObject({
    ok: false,
    detail: 'v1, not logged in',
    advice: expect.stringContaining(key),
  });
  // `codex login status` does not know of its variable.
  if (key === 'CODEX_API_KEY') expect(await probe(1, { CODEX_API_KEY: 'k' })).toMatchObject({ ok: true });
});
