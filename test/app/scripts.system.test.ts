import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { execa } from 'execa';
import { packageFile } from '../../src/host/package-files.js';
import { callsStarted, commandMain, type Project, projectOf } from '../support/command-line.js';
import { testServerEnvironment } from '../support/temporal.js';

// A handful of short calls, each with its processes, on two busy cores.
jest.setTimeout(60_000);

const task = { id: 'T001', title: 'Number the notes', description: '', type: 'code', dependsOn: [] };
const script = {
  answers: [
    { match: { purpose: 'spec' }, answer: '# Specification\n\nEach note has a number.\n' },
    { match: { purpose: 'plan' }, answer: { tasks: [task] } },
    { match: { purpose: 'refine' }, answer: { tasks: [task] } },
    { match: { purpose: 'draft' }, answer: '```text path=notes.txt\n1. first\n```\n', delayMs: 1_000 },
    { match: { purpose: 'review' }, answer: { approved: true, feedback: 'Fine.', corrections: [] } },
  ],
};

let project: Project;
beforeEach(async () => {
  project = await projectOf({
    files: {
      'notes.txt': 'first\n',
      'brief.md': 'Number the notes.\n',
      'script.json': JSON.stringify(script),
      'blueprint.config.json': JSON.stringify({ script: 'script.json' }),
    },
  });
  await commandMain();
});
afterEach(() => project.remove());

/** Runs a script as npm does: in the package's folder, with the person's folder in the environment. */
const run = (name: string, ...args: string[]) =>
  execa(process.execPath, [packageFile(`dist/app/scripts/${name}.js`), ...args], {
    cwd: packageFile(''),
    env: { ...testServerEnvironment(), NODE_OPTIONS: '', INIT_CWD: project.root },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
  });

test('start-feature works a brief through, and go-on continues after a crash', async () => {
  const started = run('start-feature', 'numbers', 'brief.md');
  while (!callsStarted(project.ledger('numbers')).includes('T001-draft.1')) await sleep(50);
  started.kill('SIGKILL');
  await started;
  const wentOn = await run('go-on', 'numbers');
  expect(wentOn.all).toContain('Feature done: numbers');
  expect(wentOn.exitCode).toBe(0);
  expect(await project.git('show', 'blueprint/numbers:notes.txt')).toBe('1. first');
  expect(callsStarted(project.ledger('numbers'))).toEqual([
    'T001-draft.1',
    'T001-review.1',
    'plan.1',
    'refine.1',
    'spec.1',
  ]);
});

test('approve is heard by the worker that comes next, and stop-task by the one that runs', async () => {
  // However busy the machine is, the stop comes before the draft's end.
  const slow = JSON.stringify(script).replace('"delayMs":1000', '"delayMs":300000');
  await writeFile(join(project.root, 'script.json'), slow);
  await project.blueprint(['start', 'numbers', '--brief', 'brief.md']);
  expect((await run('approve', 'numbers', 'plan')).all).toBe('Approved plan of numbers.');
  const wentOn = run('go-on', 'numbers');
  while (!callsStarted(project.ledger('numbers')).includes('T001-draft.1')) await sleep(50);
  expect((await run('stop-task', 'numbers', 'T001')).all).toBe('Stopping T001 of numbers.');
  expect((await wentOn).exitCode).toBe(3);
  expect((await project.status('numbers')).tasks).toMatchObject([{ id: 'T001', state: 'stopped' }]);
  expect(project.ledger('numbers').filter(({ event, task }) => event === 'end' && task === 'T001')).toEqual(
    [],
  );
});
