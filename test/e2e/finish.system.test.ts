/** From a race and a hand-made change to a branch that a maintainer has, and nothing left behind. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { type Project, projectOf } from '../support/command-line.js';
import { answersFor, approval, fileAnswer, rejection, task } from '../support/project.js';

const runMs = 180_000;
const name = 'greeting';
const plan = {
  tasks: [
    task('T001', { title: 'Say hello' }),
    task('T002', { title: 'Say goodbye', type: 'boilerplate', dependsOn: ['T001'] }),
  ],
};
const answers = [
  { match: { purpose: 'spec' }, answer: '# Greetings\n\nSay hello and goodbye.\n' },
  { match: { purpose: 'draft', task: 'T001', model: 'deepseek' }, answer: fileAnswer('hello.txt', 'a BUG') },
  { match: { purpose: 'draft', task: 'T001', model: 'gemini' }, answer: fileAnswer('hello.txt', 'hello') },
  { match: { purpose: 'draft', task: 'T002' }, answer: fileAnswer('goodbye.txt', 'bye') },
  { match: { purpose: 'review', task: 'T002' }, answer: rejection('Write the word out.') },
  { match: { purpose: 'review' }, answer: approval },
  ...answersFor(plan),
];

let project: Project;
let folder: string;

beforeAll(async () => {
  const config = {
    checks: [{ name: 'test', command: 'sh check.sh' }],
    setup: null,
    gates: { plan: 'auto' },
    race: { code: ['deepseek', 'gemini'] },
    maxIterations: 0,
  };
  project = await projectOf({
    files: {
      'README.md': '# Greetings\n',
      'check.sh': '! grep -rn BUG --include="*.txt" .\n',
      'blueprint.config.json': JSON.stringify(config),
    },
  });
  await project.git('config', 'user.name', 'Ada Example');
  await project.git('config', 'user.email', 'ada@example.org');
  folder = await mkdtemp(join(tmpdir(), 'blueprint-finish-'));
  await writeFile(join(folder, 'script.json'), JSON.stringify({ answers }));
}, runMs);
afterAll(async () => {
  await project?.remove();
  await rm(folder, { recursive: true, force: true });
});

const run = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await project.blueprint(args);
  return { exitCode, stdout, stderr };
};

test(
  'a race is decided by the checks, and compare shows both drafts with them',
  async () => {
    const started = await run('start', name, '-m', 'Greet people.', '--script', join(folder, 'script.json'));
    expect(started.exitCode).toBe(3);
    const { stdout } = await run('compare', name, 'T001', '--diff');
    expect(stdout).toContain('Selected: gemini, by the checks: the checks pass for this draft only');
    expect(stdout).toMatch(/DeepSeek’s draft [0-9a-f]{10}\n {2}✗ test \(exit status 1\)\n[\s\S]*\+a BUG/);
    expect(stdout).toMatch(/Gemini’s draft \(selected\) [0-9a-f]{10}\n {2}✓ test\n[\s\S]*\+hello/);
    const { stdout: json } = await run('compare', name, 'T001', '--json');
    expect(JSON.parse(json)).toMatchObject({ race: { selected: 'gemini' }, drafts: [{}, {}], others: 0 });
    expect((await run('compare', name, 'T009')).stderr).toContain('has no task T009; it has T001, T002.');
  },
  runMs,
);

test(
  'what a person changes in the worktree is checked, and committed with them as the author',
  async () => {
    const { stdout, stderr } = await run('path', name, 'T002');
    const worktree = stdout.trimEnd();
    expect(stderr).toContain(`blueprint approve ${name} T002`);
    expect(await readFile(join(worktree, 'goodbye.txt'), 'utf8')).toBe('bye\n');

    await writeFile(join(worktree, 'goodbye.txt'), 'a BUG\n');
    const broken = await run('approve', name, 'T002');
    expect(broken.exitCode).toBe(3);
    expect(broken.stdout).toContain('What you changed breaks test (exit status 1)');
    // A lost worktree comes back with what was taken from it.
    await rm(worktree, { recursive: true });
    expect((await run('path', name, 'T002')).stdout).toBe(stdout);
    expect(await readFile(join(worktree, 'goodbye.txt'), 'utf8')).toBe('a BUG\n');

    await writeFile(join(worktree, 'goodbye.txt'), 'goodbye\n');
    const approved = await run('approve', name, 'T002');
    expect(approved.exitCode).toBe(3);
    expect(await project.git('show', `blueprint/${name}:goodbye.txt`)).toBe('goodbye');
    expect(await project.git('log', '-2', '--format=%an <%ae>, %cn', `blueprint/${name}`)).toBe(
      'Ada Example <ada@example.org>, Blueprint\nBlueprint <blueprint@localhost>, Blueprint',
    );
    // The result gate shows what there is to decide about.
    expect(approved.stdout).toContain('+1 −0  goodbye.txt');
    expect(approved.stdout).toContain('2 files changed, +2 −0');
    expect(approved.stdout).toContain('✓ test');
    expect(approved.stdout).toMatch(/usage: \d+ input tokens/);
    expect(approved.stdout).toContain(`git diff ${project.base.slice(0, 10)}..blueprint/${name}`);
  },
  runMs,
);

test(
  'the export is a text for a pull request, and patches that apply',
  async () => {
    expect((await run('approve', name, 'result')).exitCode).toBe(0);
    const { stdout: text } = await run('export', name);
    expect(text).toMatch(/^# Greetings\n\n## Why\n\n> Greet people\.\n/);
    for (const part of [
      '| T001 | Say hello (code) | Gemini |',
      '- [x] test',
      '- `hello.txt` +1 −0',
      'T002, not approved',
    ])
      expect(text).toContain(part);
    expect((await run('export', name)).stdout).toBe(text);

    const patches = join(folder, 'patches');
    await run('export', name, '--patches', patches);
    expect(await readdir(patches)).toEqual(['0001-Say-hello.patch', '0002-Say-goodbye.patch']);
    const { stdout: mailbox } = await run('export', name, '--patches', '-');
    const clone = join(folder, 'clone');
    await execa('git', ['clone', '--quiet', project.root, clone]);
    const identity = ['-c', 'user.name=T', '-c', 'user.email=t@localhost'];
    await execa('git', [...identity, 'am', '--quiet'], { cwd: clone, input: `${mailbox}\n` });
    const { stdout: tree } = await execa('git', ['rev-parse', 'HEAD^{tree}'], { cwd: clone });
    expect(tree).toBe(await project.git('rev-parse', `blueprint/${name}^{tree}`));
  },
  runMs,
);

test(
  'a merge changes nothing where the checkout is dirty, where it conflicts, and where the checks fail there',
  async () => {
    const head = () => project.git('rev-parse', 'main');
    const expectRefused = async (reason: string) => {
      const before = [await head(), await project.git('status', '--porcelain')];
      const { exitCode, stderr } = await run('merge', name);
      expect(stderr).toContain(reason);
      expect(exitCode).toBe(1);
      expect([await head(), await project.git('status', '--porcelain')]).toEqual(before);
    };
    await writeFile(join(project.root, 'README.md'), '# Changed\n');
    await expectRefused('with changes that are not committed (README.md)');
    await project.git('checkout', '--quiet', 'README.md');

    await writeFile(join(project.root, 'hello.txt'), 'hi\n');
    await expectRefused('hello.txt');
    await project.git('add', 'hello.txt');
    await project.git('commit', '--quiet', '--message=Hi');
    await expectRefused('conflicts with what the branch has meanwhile, in: hello.txt');
    await project.git('reset', '--quiet', '--hard', project.base);

    await writeFile(join(project.root, 'check.sh'), 'test ! -e goodbye.txt\n');
    await project.git('commit', '--quiet', '--all', '--message=Never say goodbye');
    await expectRefused('On main the checks do not pass, so nothing was changed: test (exit status 1');
    await project.git('reset', '--quiet', '--hard', project.base);
  },
  runMs,
);

test(
  'a branch that has moved gets a merge commit after the checks have passed on it, and the checkout has the files',
  async () => {
    await writeFile(join(project.root, 'other.txt'), 'other\n');
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=Another');
    const before = await project.git('rev-parse', 'main');
    const { exitCode, stderr } = await run('merge', name);
    expect(stderr).toContain('✓ test');
    expect(exitCode).toBe(0);
    expect(await project.git('log', '-1', '--format=%P %an %s', 'main')).toBe(
      `${before} ${await project.git('rev-parse', `blueprint/${name}`)} Ada Example Merge blueprint/${name} into main`,
    );
    expect(await readFile(join(project.root, 'goodbye.txt'), 'utf8')).toBe('goodbye\n');
    expect(await project.git('status', '--porcelain')).toBe('');
    expect((await run('merge', name)).stderr).toContain(`main has all of ${name} already`);
  },
  runMs,
);

test(
  'clean removes what is left, but not what is merged nowhere, and the name can be used again',
  async () => {
    await project.git('branch', 'kept', 'main');
    await project.git('reset', '--quiet', '--hard', project.base);
    await project.git('branch', '-D', 'kept');
    const unmerged = await run('clean', name, '--yes');
    expect(unmerged.stderr).toContain('commits of greeting are on no other branch');
    expect(unmerged.exitCode).toBe(1);
    await project.git('merge', '--quiet', '--ff-only', `blueprint/${name}`);

    const unasked = await run('clean', name);
    expect(unasked.stderr).toContain('say --yes where nobody can be asked');
    const { exitCode, stderr } = await run('clean', name, '--yes');
    expect(stderr).toContain(`the branch blueprint/${name}`);
    expect(stderr).toContain('Removed: greeting.');
    expect(exitCode).toBe(0);
    expect(await project.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect((await project.git('worktree', 'list')).split('\n')).toHaveLength(1);
    expect(JSON.parse((await run('list', '--json')).stdout)).toEqual([]);

    const again = await run('start', name, '-m', 'Greet them.', '--script', join(folder, 'script.json'));
    expect(again.exitCode).toBe(3);
    const running = await run('clean', name, '--yes', '--force');
    expect(running.stderr).toContain(`\`blueprint stop ${name}\` stops it`);
    await run('stop', name);
    expect((await run('clean', name, '--yes', '--force')).stderr).toContain('Removed: greeting.');
    expect(await project.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  },
  runMs,
);
