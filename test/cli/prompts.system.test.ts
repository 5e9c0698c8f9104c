/** `blueprint prompts`, and what a project's own prompts do to the other commands. */
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { commandProject, type TestProject } from './project.js';

let project: TestProject;
beforeEach(async () => {
  project = await commandProject();
});
afterEach(() => project.remove());

const own = (name: string) => join(project.root, '.blueprint', 'prompts', name);

/** A prompt of the project's own that cannot be used. */
async function spoil(): Promise<void> {
  await mkdir(own('..'), { recursive: true });
  await mkdir(own('.'), { recursive: true });
  await writeFile(own('review.md'), 'Say whether you like it: {{draft}}\n');
}

test('the prompts are listed: for whom, for what, and whose they are', async () => {
  await project.blueprint(['prompts', 'eject', 'plan']);
  const { status, stdout } = await project.blueprint(['prompts']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^spec +architect +built-in +the specification from the brief +brief repository/m);
  expect(stdout).toMatch(/^plan +parser +own +the tasks from the specification/m);
  expect(stdout).toMatch(/^answer-files +several +built-in +how an answer gives files$/m);
  const { stdout: json } = await project.blueprint(['prompts', 'list', '--json']);
  expect(JSON.parse(json)).toMatchObject({
    prompts: expect.arrayContaining([expect.objectContaining({ name: 'plan', own: true, role: 'parser' })]),
    problems: [],
  });
});

test('a role’s prompts are written where they take their own place, and git sees them', async () => {
  const { status, stdout, stderr } = await project.blueprint(['prompts', 'eject', 'architect']);
  expect(status).toBe(0);
  expect(stdout).toBe(
    '.blueprint/prompts/spec.md  architect: the specification from the brief\n.blueprint/prompts/draft-architecture.md  architect: notes of an architecture task',
  );
  expect(stderr).toContain('Delete one to go back.');
  expect(await readFile(own('spec.md'), 'utf8')).toBe(await readFile('src/models/prompts/spec.md', 'utf8'));
  const { stdout: seen } = await execa('git', ['status', '--porcelain', '--untracked-files=all'], {
    cwd: project.root,
  });
  expect(seen).toBe('?? .blueprint/prompts/draft-architecture.md\n?? .blueprint/prompts/spec.md');
});

test('a prompt that is there already is never written over', async () => {
  await project.blueprint(['prompts', 'eject', 'spec']);
  await writeFile(own('spec.md'), 'mine');
  const { status, stderr } = await project.blueprint(['prompts', 'eject', 'architect']);
  expect(status).toBe(1);
  expect(stderr).toContain(
    '.blueprint/prompts/spec.md is there already and stays as it is; nothing was written.',
  );
  expect(await readFile(own('spec.md'), 'utf8')).toBe('mine');
  await expect(access(own('draft-architecture.md'))).rejects.toThrow('ENOENT');
});

test('what is no prompt and no role is refused with what there is', async () => {
  const { status, stderr } = await project.blueprint(['prompts', 'eject', 'critic']);
  expect(status).toBe(2);
  expect(stderr).toContain('There is no prompt and no role "critic". Roles: architect, parser,');
});

test('a feature is not begun with a prompt that cannot be used, and doctor says so too', async () => {
  await spoil();
  const script = join(project.root, '..', 'script.json');
  await writeFile(script, JSON.stringify({ answers: [{ match: {}, answer: 'x' }] }));
  const problem =
    /review\.md has the slot draft within a line; it must stand alone in its own\. Correct it, or delete it/;
  const { status, stderr } = await project.blueprint(['--script', script, 'run', 'x', '-m', 'Do it.']);
  expect(status).toBe(1);
  expect(stderr).toMatch(problem);
  await expect(access(join(project.root, '.blueprint', 'features', 'x'))).rejects.toThrow('ENOENT');
  const doctor = await project.blueprint(['--script', script, 'doctor']);
  expect(doctor.stdout).toMatch(problem);
  expect(doctor.status).toBe(1);
});
