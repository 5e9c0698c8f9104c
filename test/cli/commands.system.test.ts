import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { JournalEvent } from '../../src/domain/journal/entries.js';
import { launchFormat } from '../../src/models/calls/store/formats.js';
import { saying } from '../domain/journal-entries.js';
import { testLimits } from '../support/calls.js';
import { transpiledCode } from '../support/source-process.js';
import { addFeature, commandProject, type TestProject, troubled } from './project.js';

const plan = {
  tasks: [{ id: 'T001', title: 'Add the switch', description: '', type: 'code', dependsOn: [] }],
};
const atPlanGate: readonly JournalEvent[] = [
  ...troubled.slice(0, 3),
  { kind: 'gate-opened', gate: { gate: 'plan', number: 1, reason: saying('3 tasks planned.') } },
  { kind: 'waiting', reason: saying('3 tasks planned.') },
];

let project: TestProject;
beforeAll(async () => {
  project = await commandProject();
  await addFeature(project.root, 'dark-mode', troubled);
  await addFeature(project.root, 'search', atPlanGate);
  await addFeature(project.root, 'done', [{ kind: 'phase', phase: 'done' }]);
  await addFeature(project.root, 'sunk', [
    { kind: 'phase', phase: 'failed', reason: saying('No model is available.') },
  ]);
});
afterAll(() => project?.remove());

describe('the command line', () => {
  test('explains itself on standard output', async () => {
    const { status, stdout, stderr } = await project.blueprint(['--help']);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    for (const command of [
      'start',
      'run',
      'resume',
      'list',
      'status',
      'logs',
      'approve',
      'reject',
      'stop',
      'retry',
    ])
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    for (const command of ['skip', 'edit', 'worker', 'server', 'doctor', 'init', 'config', 'demo'])
      expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
  });

  test.each<[string, string[], RegExp]>([
    ['an unknown command', ['nonsense'], /unknown command 'nonsense'/],
    ['a missing name', ['status'], /missing required argument 'name'/],
    ['an unknown option', ['run', 'x', '--nonsense'], /unknown option '--nonsense'/],
    ['a rejection without a reason', ['reject', 'dark-mode'], /required option '-m/],
    [
      'two briefs',
      ['start', 'x', '-m', 'a', '--brief', 'b'],
      /There is one brief: give only one of --brief, -m\./,
    ],
    ['a name with a slash and capitals', ['start', 'A/b', '-m', 'a'], /"A\/b" is not usable/],
    ['a name that climbs out', ['start', '..', '-m', 'a'], /"\.\." is not usable/],
    ['a name of 300 characters', ['start', 'x'.repeat(300), '-m', 'a'], /300 characters long; at most 64/],
    ['an unknown part', ['edit', 'dark-mode', 'brief'], /no brief to edit; name spec or plan/],
  ])('%s is a usage error', async (_what, args, message) => {
    const { status, stdout, stderr } = await project.blueprint(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });
});

describe('looking', () => {
  test('without a terminal, blueprint alone is the list', async () => {
    const { status, stdout } = await project.blueprint([]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^dark-mode +waiting in phase execution +1 of 3 +you$/m);
    expect(stdout).toMatch(/^search +waiting in phase plan +0 of 3 +you: plan$/m);
    expect(stdout).toBe((await project.blueprint(['list'])).stdout);
  });

  test('the list as JSON names each feature’s gates', async () => {
    const { stdout } = await project.blueprint(['list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: 'dark-mode', done: 1, tasks: 3 },
      { name: 'done' },
      { gates: ['plan'] },
      { phase: 'failed' },
    ]);
  });

  test('status says what failed and what can be done', async () => {
    const { status, stdout } = await project.blueprint(['status', 'dark-mode']);
    expect(status).toBe(0);
    expect(stdout).toContain('T002 failed: The model refused.');
    expect(stdout).toContain('blueprint retry dark-mode T002');
    expect(stdout).not.toContain('\u001b');
  });

  test('status of a failed feature says why', async () => {
    const { stdout } = await project.blueprint(['status', 'sunk']);
    expect(stdout).toContain('Failed: No model is available.');
    expect(stdout).toContain('blueprint resume sunk');
  });

  test('a reader that has seen enough is no error', async () => {
    const main = join(transpiledCode(), 'src', 'cli', 'main.js');
    const command = `'${process.execPath}' '${main}' logs dark-mode | head -n 1; exit \${PIPESTATUS[0]}`;
    const { exitCode, stderr } = await execa('bash', ['-c', command], { cwd: project.root, reject: false });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  test('without git, it says what to install', async () => {
    const { status, stderr } = await project.blueprint(['list'], { env: { PATH: '/nonexistent' } });
    expect(stderr).toBe('git is not installed, or not on the PATH: install git 2.38 or later.');
    expect(status).toBe(1);
  });

  test('status as JSON has the fields that a script relies on', async () => {
    const { stdout } = await project.blueprint(['status', 'dark-mode', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'dark-mode',
      phase: 'execution',
      gates: [],
      branch: 'blueprint/dark-mode',
      head: 'a'.repeat(40),
      verified: false,
      tasks: [
        { id: 'T001', title: 'Add the switch', type: 'code', state: 'done', dependsOn: [], iterations: 0 },
        { id: 'T002', state: 'failed', reason: saying('The model refused.') },
        { id: 'T003', state: 'blocked' },
      ],
      calls: { made: 0, adopted: 0, reused: 0, repeated: 0 },
      usage: {},
    });
  });

  test('a feature that is not there is named with those that are', async () => {
    const { status, stderr } = await project.blueprint(['status', 'nope']);
    expect(stderr).toBe('There is no feature nope; there are dark-mode, done, search, sunk.');
    expect(status).toBe(1);
  });

  test('logs of a task are its own lines, with what its calls printed', async () => {
    const directory = join(project.root, '.blueprint', 'features', 'dark-mode');
    const call = join(directory, 'calls', 'T002-draft.1-0a1b2c3d');
    await mkdir(join(call, '1'), { recursive: true });
    const command = { file: 'model', args: [], cwd: '/' };
    const about = { purpose: 'draft', task: 'T002' };
    const request = launchFormat.text({ command, limits: testLimits, about, madeAt: 1 });
    await writeFile(join(call, 'launch.json'), request);
    await writeFile(join(call, '1', 'answer.md'), 'What the model \u001b[31msaid');
    const { status, stdout } = await project.blueprint(['logs', 'dark-mode', 'T002']);
    expect(status).toBe(0);
    expect(stdout).toContain('[T002] ✗ Task failed: Store the choice');
    expect(stdout).toContain('What the model said');
    expect(stdout).not.toContain('T001');
    expect(stdout).not.toContain('\u001b');
    expect((await project.blueprint(['logs', 'dark-mode', 'T009'])).stderr).toBe(
      'dark-mode has no task T009; it has T001, T002, T003.',
    );
  });

  test('logs as JSON are the journal, an entry a line', async () => {
    const { stdout } = await project.blueprint(['logs', 'dark-mode', '--json']);
    const entries = stdout.split('\n').map((line) => JSON.parse(line) as { kind: string });
    expect(entries.map((entry) => entry.kind)).toEqual(troubled.map((event) => event.kind));
  });

  test('changes nothing in the checkout and makes nothing', async () => {
    const empty = await commandProject();
    try {
      expect(await empty.blueprint(['list'])).toMatchObject({ status: 0, stdout: '' });
      expect(await empty.blueprint(['status', 'x'])).toMatchObject({ status: 1 });
      expect(await readdir(empty.root)).toEqual(['.git', 'readme.md']);
    } finally {
      await empty.remove();
    }
  });
});

describe('bad input is refused with one sentence and leaves nothing behind', () => {
  test.each<[string, string[], string | Uint8Array | undefined, RegExp]>([
    ['an empty brief', ['run', 'x'], '', /^The brief is empty/],
    ['a brief of only spaces', ['run', 'x', '-m', '  '], undefined, /^The brief holds nothing but spaces/],
    ['a binary brief', ['start', 'x'], Buffer.from('a\0b'), /^The brief is binary/],
    ['a brief that is no UTF-8', ['start', 'x'], Buffer.from([0xff, 0xfe]), /^The brief is not valid UTF-8/],
    ['a brief of 20 MB', ['run', 'x'], Buffer.alloc(20_000_000, 'a'), /^The brief is more than 1\.0 MB long/],
    [
      'a brief that is missing',
      ['start', 'x', '--brief', 'nofile'],
      undefined,
      /^The brief nofile does not exist/,
    ],
    ['a folder', ['start', 'x', '--spec', '.'], undefined, /^The specification \. is a folder/],
    [
      'a configuration that is missing',
      ['run', 'x', '-m', 'a', '--config', 'nofile'],
      undefined,
      /nofile does not exist/,
    ],
    [
      'a name that is in use',
      ['start', 'dark-mode', '-m', 'a'],
      undefined,
      /already \(waiting in phase execution, 1 of 3 tasks done\)/,
    ],
    [
      'a brief for a feature that is there',
      ['run', 'dark-mode'],
      'More',
      /There is a feature dark-mode already/,
    ],
    [
      'a task that is not there',
      ['stop', 'dark-mode', 'T009'],
      undefined,
      /has no task T009; it has T001, T002, T003/,
    ],
    ['a task that is done', ['stop', 'dark-mode', 'T001'], undefined, /Task T001 is done already/],
    ['a decision about what is done', ['approve', 'done'], undefined, /^done is done; nothing of it waits/],
    ['an edit of what is done', ['edit', 'done', 'plan'], undefined, /^done is done/],
    [
      'an edit of a specification whose gate is closed',
      ['edit', 'search', 'spec'],
      undefined,
      /reject search spec -m TEXT/,
    ],
  ])('%s', async (_what, args, input, message) => {
    const { status, stdout, stderr } = await project.blueprint(args, input === undefined ? {} : { input });
    expect(stderr).toMatch(message);
    expect(stderr.split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(1);
    expect(await readdir(join(project.root, '.blueprint', 'features'))).toEqual([
      'dark-mode',
      'done',
      'search',
      'sunk',
    ]);
  });

  test('a configuration with an unknown key names the key and the one that was meant', async () => {
    await writeFile(join(project.root, 'bad.json'), '{ "maxIteration": 2, "script": 3 }');
    const { status, stderr } = await project.blueprint(['run', 'x', '-m', 'a', '--config', 'bad.json']);
    expect(stderr).toContain('did you mean maxIterations?');
    expect(status).toBe(1);
  });
});

describe('the configuration', () => {
  test('shows each value and where it came from', async () => {
    await writeFile(join(project.root, 'my.json'), '{ "maxIterations": 2 }');
    const env = { BLUEPRINT_MAX_PARALLEL_TASKS: '2' };
    const { stdout, status } = await project.blueprint(
      ['config', '--json', '--config', 'my.json', '--script', 's.json'],
      { env },
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file: join(project.root, 'my.json'),
      values: {
        maxIterations: { value: 2, origin: 'file' },
        maxParallelTasks: { value: 2, origin: 'environment' },
        script: { value: join(project.root, 's.json'), origin: 'flag' },
        'gates.plan': { value: 'ask', origin: 'default' },
      },
    });
    const table = await project.blueprint(['config']);
    expect(table.stdout).toMatch(/^maxIterations +default +3$/m);
    expect(table.stdout).toMatch(/^checks +default +\(detected\)$/m);
  });

  test('is begun by init, with a schema for editors, and never overwritten', async () => {
    const fresh = await commandProject();
    try {
      await writeFile(join(fresh.root, 'package.json'), '{ "scripts": { "test": "node --test" } }');
      expect((await fresh.blueprint(['init'])).status).toBe(0);
      const text = await readFile(join(fresh.root, 'blueprint.config.json'), 'utf8');
      const written = JSON.parse(text) as { $schema: string; checks: unknown };
      expect(written.checks).toEqual([{ name: 'test', command: 'npm test' }]);
      expect(JSON.parse(await readFile(join(fresh.root, written.$schema), 'utf8'))).toHaveProperty(
        'properties.gates',
      );
      expect((await fresh.blueprint(['config'])).status).toBe(0);

      const again = await fresh.blueprint(['init']);
      expect(again.stderr).toContain('is there already and stays as it is');
      expect(again.status).toBe(1);
      expect(await readFile(join(fresh.root, 'blueprint.config.json'), 'utf8')).toBe(text);
    } finally {
      await fresh.remove();
    }
  });
});

describe('editing the plan at its gate', () => {
  const directory = () => join(project.root, '.blueprint', 'features', 'search');
  const tasksFile = () => join(directory(), 'tasks.json');
  const draftFile = () => join(directory(), 'edits', 'tasks.json');
  const isThere = (path: string) =>
    stat(path).then(
      () => true,
      () => false,
    );

  /** An editor that writes this text. */
  async function editor(text: string): Promise<Record<string, string>> {
    const content = join(project.root, 'content');
    const command = join(project.root, 'my editor');
    await writeFile(content, text);
    await writeFile(command, `#!/bin/sh\ncp '${content}' "$1"\n`);
    await chmod(command, 0o755);
    return { EDITOR: `'${command}'`, VISUAL: '' };
  }

  beforeAll(() => writeFile(tasksFile(), JSON.stringify(plan)));

  test('a bad edit says where, changes nothing and keeps the text', async () => {
    const bad = '{\n  "tasks": [,]\n}\n';
    const { status, stderr } = await project.blueprint(['edit', 'search'], { env: await editor(bad) });
    expect(stderr).toContain('tasks.json is not valid JSON at line 2, column 13');
    expect(stderr).toContain('Your text is kept in .blueprint/features/search/edits/tasks.json');
    expect(status).toBe(1);
    expect(await readFile(tasksFile(), 'utf8')).toBe(JSON.stringify(plan));
    expect(await readFile(draftFile(), 'utf8')).toBe(bad);
  });

  test('the next edit goes on from there, and a good one is what approve takes', async () => {
    const good = JSON.stringify({
      tasks: plan.tasks.map((task) => ({ ...task, title: 'Add two switches' })),
    });
    const { status, stderr } = await project.blueprint(['edit', 'search', 'plan'], {
      env: await editor(good),
    });
    expect(stderr).toContain('You go on with what you wrote before');
    expect(status).toBe(0);
    expect(await readFile(tasksFile(), 'utf8')).toBe(good);
    expect(await isThere(draftFile())).toBe(false);
  });

  test('an editor that is left as it was, fails or is not known changes nothing', async () => {
    const before = await readFile(tasksFile(), 'utf8');
    expect(
      await project.blueprint(['edit', 'search'], { env: { EDITOR: 'true', VISUAL: '' } }),
    ).toMatchObject({
      status: 0,
      stderr: 'Nothing was changed.',
    });
    const failing = await project.blueprint(['edit', 'search'], { env: { EDITOR: 'false', VISUAL: '' } });
    expect(failing.stderr).toContain('The editor (false) ended with exit status 1');
    expect(failing.status).toBe(1);
    const none = await project.blueprint(['edit', 'search'], { env: { EDITOR: '', VISUAL: '' } });
    expect(none.stderr).toContain('set VISUAL or EDITOR');
    expect(await readFile(tasksFile(), 'utf8')).toBe(before);
  });
});

describe('doctor', () => {
  test('with a script that is there, nothing is missing', async () => {
    await writeFile(join(project.root, 'script.json'), '{ "answers": [{ "match": {}, "answer": "x" }] }');
    const { status, stdout } = await project.blueprint(['doctor', '--script', 'script.json']);
    expect(stdout).toMatch(/^✓ Node\.js/m);
    expect(stdout).toMatch(/^✓ git/m);
    expect(stdout).toMatch(/^- Checks +none, so results will be unverified/m);
    expect(stdout).toMatch(/^ {2}reviewer +Codex/m);
    expect(status).toBe(0);
  });

  test('without any model, it says what to do and fails', async () => {
    const { status, stdout } = await project.blueprint(['doctor', '--script', 'nofile.json']);
    expect(stdout).toMatch(/^✗ Models +none is available/m);
    expect(stdout).toContain('give another with --script FILE');
    expect(status).toBe(1);
  });
});

test('a worker that cannot have its folder says so and ends', async () => {
  const blocked = await commandProject();
  try {
    await mkdir(join(blocked.root, '.blueprint', 'id'), { recursive: true });
    const { status, stderr } = await blocked.blueprint(['worker']);
    expect(stderr).toContain('/.blueprint cannot be written: EISDIR');
    expect(status).toBe(1);
  } finally {
    await blocked.remove();
  }
}, 60_000);
