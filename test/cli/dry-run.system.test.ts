import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Machine, makeMachine } from './fake-commands.js';
import { addFeature, troubled } from './project.js';

let machine: Machine;
beforeEach(async () => {
  machine = await makeMachine();
  await writeFile(join(machine.root, 'package.json'), '{ "scripts": { "test": "touch was-run" } }');
});
afterEach(() => machine.remove());

/** Every path below a folder with what is in it, and when it was written. */
async function treeOf(folder: string): Promise<string[]> {
  const paths = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(
    paths.map(async (path) => {
      const full = join(folder, path);
      const found = await lstat(full);
      const hash = found.isFile()
        ? createHash('sha256')
            .update(await readFile(full))
            .digest('hex')
        : '';
      return `${path} ${found.mode} ${found.mtimeMs} ${hash}`;
    }),
  );
}

const isThere = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  );

const brief = ['-m', 'Make it dark, and change readme.md'];

test.each(['start', 'run'])(
  '%s --dry-run shows what would be done, and does nothing',
  async (command) => {
    await machine.install('claude');
    const before = await treeOf(machine.root);
    const { status, stdout } = await machine.blueprint([command, 'dark-mode', ...brief, '--dry-run']);
    expect(stdout).toMatch(/^Base: [0-9a-f]{40}$/m);
    expect(stdout).toContain('Not committed, so the feature does not see it: package.json.');
    expect(stdout).toMatch(/^Setup: none$/m);
    expect(stdout).toMatch(/^Check: test: npm test \(not run\)$/m);
    expect(stdout).toMatch(/^ {2}architect +Claude +text +first choice for architect$/m);
    expect(stdout).toMatch(
      /^ {2}coder +Claude +text +DeepSeek is not available \(DEEPSEEK_API_KEY is not set\)/m,
    );
    expect(stdout).toMatch(/^ {2}spec +Claude +[\d,]+ +about [\d,]+ to [\d,]+$/m);
    expect(stdout).toMatch(/^ {2}plan +Claude +[\d,]+ and the specification/m);
    expect(stdout).toMatch(/^Calls: 3 at least and 5 at most up to the plan; then 2 to \d+ for each task/m);
    expect(stdout).toMatch(/^Budget: \d+ calls up to the plan, and then as many as the plan can need\.$/m);
    expect(status).toBe(0);
    expect(await treeOf(machine.root)).toEqual(before);
    // No server, no worktree.
    expect(await isThere(machine.state)).toBe(false);
  },
  60_000,
);

test('a specification that is given is no call, and its plan’s prompt is known', async () => {
  await machine.install('codex');
  const spec = join(machine.root, 'spec.md');
  await writeFile(spec, `# The specification\n\n${'Dark. '.repeat(1_000)}\n`);
  const { stdout } = await machine.blueprint(['run', 'dark-mode', '--spec', 'spec.md', '--dry-run']);
  expect(stdout).not.toMatch(/^ {2}spec /m);
  const [, bytes = ''] = /^ {2}plan +Codex +([\d,]+) +about [\d,]+ to [\d,]+$/m.exec(stdout) ?? [];
  expect(Number(bytes.replaceAll(',', ''))).toBeGreaterThan(6_000);
  expect(stdout).toMatch(/^Calls: 2 at least and 4 at most up to the plan/m);
});

test('the budget that would hold is shown, and one in dollars is refused without prices', async () => {
  await machine.install('codex');
  const limited = await machine.blueprint(['start', 'x', ...brief, '--dry-run', '--budget', 'calls=7']);
  expect(limited.stdout).toMatch(/^Budget: 7 calls\.$/m);
  const dollars = await machine.blueprint(['start', 'x', ...brief, '--dry-run', '--budget', 'usd=5']);
  expect(dollars.stdout).toBe('');
  expect(dollars.stderr).toContain('price');
  expect(dollars.status).toBe(1);
});

test('what would keep the feature from starting is said', async () => {
  await machine.install('codex');
  await addFeature(machine.root, 'taken', troubled);
  const args = ['--dry-run', ...brief];
  expect((await machine.blueprint(['run', 'taken', ...args])).stderr).toContain(
    'There is a feature taken already',
  );
  expect((await machine.blueprint(['start', 'x', ...args, '--base', 'nowhere'])).stderr).toContain(
    'There is no commit called "nowhere"',
  );
  expect((await machine.blueprint(['start', 'x', '--dry-run', '-m', ' '])).stderr).toContain(
    'The brief holds nothing',
  );
});

test('without any model it says so, with what to do, and fails', async () => {
  const { status, stdout } = await machine.blueprint(['start', 'x', ...brief, '--dry-run']);
  expect(stdout).toContain('npm install -g @openai/codex');
  expect(status).toBe(1);
});
