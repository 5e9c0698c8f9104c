import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Reason } from '../../src/domain/reasons.js';
import { roles } from '../../src/domain/vocabulary.js';
import { type Machine, makeMachine } from './fake-commands.js';

let machine: Machine;
beforeEach(async () => {
  machine = await makeMachine();
});
afterEach(() => machine.remove());

const configure = (config: object) =>
  writeFile(join(machine.root, 'blueprint.config.json'), JSON.stringify(config));

interface Listed {
  models: { model: string; ok: boolean; detail: string; modes: string[]; advice?: string }[];
  roles: {
    role: string;
    overChars: number;
    model: string | null;
    mode: string;
    reason: Reason;
    next: string[];
  }[];
  warnings: string[];
}
const listed = async (env: Record<string, string> = {}): Promise<Listed> =>
  JSON.parse((await machine.blueprint(['models', '--json'], { env })).stdout) as Listed;

test('with every vendor’s command and a key, each role has the model of the design', async () => {
  for (const vendor of ['claude', 'codex', 'gemini'] as const) await machine.install(vendor);
  const env = { GEMINI_API_KEY: 'made-up-gemini-key', DEEPSEEK_API_KEY: 'made-up-deepseek-key' };
  const { status, stdout } = await machine.blueprint(['models'], { env });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^✓ Claude +2\.1\.330/m);
  expect(stdout).toMatch(/^ {2}architect +Claude +text +first choice for architect$/m);
  expect(stdout).toMatch(/^ {2}parser +DeepSeek +text +first choice for parser/m);
  expect(stdout).toMatch(/^ {2}parser over 60000 characters +Gemini +text +60001 characters are over/m);
  expect(stdout).toMatch(/^ {2}boilerplate +Gemini/m);
  expect(stdout).toMatch(/^ {2}reviewer +Codex/m);
  expect(stdout).not.toContain('WARNING');
  expect(stdout).not.toContain('made-up');
  expect(stdout).not.toContain('Scripted');
});

describe('a machine with one command only', () => {
  test.each(['claude', 'codex', 'gemini'] as const)('%s, does the whole job by fallback', async (vendor) => {
    await machine.install(vendor);
    const env = vendor === 'gemini' ? { GEMINI_API_KEY: 'made-up-gemini-key' } : {};
    const found = await listed(env);
    expect(found.models.filter((model) => model.ok).map((model) => model.model)).toEqual([vendor]);
    expect(found.roles.map(({ role, model }) => [role, model])).toEqual(roles.map((role) => [role, vendor]));
    expect(found.warnings).toHaveLength(1);
    expect(found.warnings[0]).toContain('would review its own work');
    // Whatever is missing comes with what to do.
    for (const model of found.models.filter((one) => !one.ok)) expect(model.advice).toBeTruthy();
  });
});

test('what is not installed and who is not logged in is told with the exact command', async () => {
  await machine.install('claude', { loggedIn: false });
  await machine.install('codex', { loggedIn: false });
  const { status, stdout } = await machine.blueprint(['doctor']);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^- Claude +2\.1\.330 .*not logged in\n +Run `claude` and log in/m);
  expect(stdout).toMatch(/^- Codex +.*not logged in\n +Run `codex login`/m);
  expect(stdout).toMatch(/^- Gemini +.*\n.*npm install -g @google\/gemini-cli$/m);
  expect(stdout).toMatch(/^- DeepSeek +DEEPSEEK_API_KEY is not set/m);
  expect(stdout).toMatch(/^✗ Models +none is available: .*one is enough/m);
});

test('with none at all, the roles say so, and a start is refused with nothing left behind', async () => {
  const { status, stdout } = await machine.blueprint(['models']);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^ {2}architect +none/m);
  const started = await machine.blueprint(['start', 'dark-mode', '-m', 'Make it dark']);
  expect(started.status).toBe(1);
  expect(started.stderr).toContain('No model is available, so nothing was started');
});

test('a role’s mode and its own model name are shown where the model has them', async () => {
  await machine.install('codex');
  await configure({
    modes: { coder: 'edit', corrector: 'edit' },
    models: { codex: { model: 'small', roles: { corrector: { model: 'large' } } } },
  });
  const { stdout } = await machine.blueprint(['models']);
  expect(stdout).toMatch(/^ {2}coder +Codex +edit +small/m);
  expect(stdout).toMatch(/^ {2}corrector +Codex +edit +large/m);
  expect(stdout).toMatch(/^ {2}reviewer +Codex +text +small/m);
});

test('the scripted model is shown only where it is asked for, and fills no role without a script', async () => {
  await machine.install('codex');
  await configure({ roles: { coder: ['scripted'] } });
  const found = await listed();
  expect(found.models.find(({ model }) => model === 'scripted')).toMatchObject({ ok: false });
  expect(found.roles.find(({ role }) => role === 'coder')).toMatchObject({
    model: 'codex',
    reason: {
      code: 'passed-over',
      params: { passed: [{ model: 'scripted', why: { kind: 'not-available', problem: 'no script' } }] },
    },
  });
  for (const role of found.roles) expect(role.next).not.toContain('scripted');
});

test('all are asked at once', async () => {
  // Each answers only when all have been asked.
  const folder = join(machine.root, 'asked');
  const names = ['claude', 'codex', 'gemini'] as const;
  const all = names.map((name) => `[ -e '${folder}-${name}' ]`).join(' && ');
  for (const name of names)
    await machine.install(name, { first: `touch '${folder}-${name}'; until ${all}; do sleep 0.05; done` });
  const found = await listed({ GEMINI_API_KEY: 'made-up-gemini-key' });
  expect(found.models.filter((model) => model.ok).map((model) => model.model)).toEqual(names);
});

test('a command’s version and login are asked for at once', async () => {
  // Each answers only when both have been asked for.
  const folder = join(machine.root, 'asked');
  for (const [name, login] of [
    ['claude', '--restricted'],
    ['codex', 'login'],
  ] as const) {
    const both = `[ -e '${folder}${name}--version' ] && [ -e '${folder}${name}${login}' ]`;
    await machine.install(name, { first: `touch "${folder}${name}$1"; until ${both}; do sleep 0.05; done` });
  }
  const found = await listed();
  expect(found.models.filter((model) => model.ok).map((model) => model.model)).toEqual(['claude', 'codex']);
});

test('a start says what it does before commands that take a second have answered', async () => {
  for (const name of ['claude', 'codex'] as const)
    await machine.install(name, { loggedIn: false, first: 'sleep 1' });
  const run = machine.start(['run', 'x', '-m', 'Do it.']);
  const times: number[] = [];
  for await (const _line of run.iterable({ from: 'stderr' })) times.push(performance.now());
  const { stderr } = await run;
  expect(stderr.split('\n')[0]).toBe('Checking the models ...');
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(700);
});
