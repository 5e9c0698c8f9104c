/** A budget, as a person meets it: on the command line, with workers that are killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { FeatureCost } from '../../src/domain/money/cost.js';
import { killHard } from '../support/calls.js';
import { callsStarted, type Project, projectOf } from '../support/command-line.js';
import { answersFor, task } from '../support/project.js';

// A dozen calls of a quarter of a second, each with its processes, on two busy cores.
jest.setTimeout(120_000);

/** Twelve calls: three to come to the plan, two for each of four tasks, and one for the review of them all. */
const plan = {
  tasks: [
    ...['T001', 'T002', 'T003', 'T004'].map((id) => task(id)),
    task('T005', { type: 'review', dependsOn: ['T001', 'T002', 'T003', 'T004'] }),
  ],
};
const script = { defaults: { delayMs: 250 }, answers: answersFor(plan) };
const name = 'frugal';

let project: Project;
beforeAll(async () => {
  project = await projectOf({
    files: {
      'notes.txt': 'first\n',
      'script.json': JSON.stringify(script),
      'blueprint.config.json': JSON.stringify({
        checks: [{ name: 'test', command: 'true' }],
        setup: null,
        models: { claude: { price: { input: 3, output: 15 } } },
      }),
    },
  });
});
afterAll(() => project?.remove());

const started = () => callsStarted(project.ledger(name));
const run = async (...args: string[]) => {
  const { exitCode, all, stdout } = await project.blueprint(args);
  return { exitCode, all, stdout };
};

test('a budget that cannot be read, or that nobody could keep in dollars, is refused before anything is started', async () => {
  const brief = ['-m', 'Number the notes.', '--script', 'script.json'];
  const unreadable = await run('run', name, ...brief, '--budget', 'euro=5');
  expect(unreadable.exitCode).toBe(2);
  expect(unreadable.all).toContain('such as usd=5,tokens=2000000,calls=80');
  const unpriced = await run('run', name, ...brief, '--budget', 'usd=5');
  expect(unpriced.exitCode).toBe(1);
  expect(unpriced.all).toContain('nobody says what a call to DeepSeek, Gemini, Codex costs');
  expect(unpriced.all).toContain('models.codex.price');
  expect((await run('status', name)).all).toContain('There is no feature frugal');
});

test('of twelve calls with a budget of six, exactly six are made, through a killed worker; the gate opens, exit status 3', async () => {
  const first = project.blueprint([
    'run',
    name,
    '-m',
    'Number the notes.',
    '--script',
    'script.json',
    '--budget',
    'calls=6',
  ]);
  while (started().length < 4) await sleep(20);
  first.kill('SIGKILL');
  await first;

  const { exitCode, all } = await run('resume', name);

  expect(exitCode).toBe(3);
  expect(started()).toHaveLength(6);
  expect(all).toContain(
    'Waits for you at the gate budget: The budget of 6 calls is used up: 6 calls are spent.',
  );
  expect(all).toContain(`blueprint raise-budget ${name} --calls N`);
  const status = await project.status(name);
  expect(status.gates.map((gate) => gate.gate)).toEqual(['budget']);
  expect(status.budget).toMatchObject({ limits: { calls: 6 }, spent: { calls: 6 } });
});

test('what was spent is shown without a worker: what a price is known for, and what is unknown', async () => {
  const { exitCode, stdout } = await run('cost', name, '--verbose');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /^frugal: 6 calls, [\d,]+ tokens in, [\d,]+ out, cost ≥ \$0\.\d+ \(5 calls unknown\)$/m,
  );
  expect(stdout).toContain('cost:   by the configured price for 1 call, unknown for 5 calls');
  expect(stdout).toContain('budget: 6 of 6 calls');
  expect(stdout).toContain('left:   0 calls');
  expect(stdout).toMatch(/^T00\d\s+\d/m);
  expect(stdout).toMatch(/^spec\.1\s+Claude\s+done .*\(by price\)/m);
  const found = JSON.parse((await run('cost', name, '--json')).stdout) as FeatureCost;
  expect(found.models.find((row) => row.name === 'deepseek')?.usage.costUsd).toBeUndefined();
  expect(found.total.unknown).toEqual({ tokens: 0, cost: 5 });
});

test('a worker that comes and is killed spends nothing, and neither an approval nor a resume does', async () => {
  const worker = project.blueprint(['worker']);
  await sleep(3_000);
  await killHard(worker);
  const approved = await run('approve', name, 'budget');
  expect(approved.exitCode).toBe(1);
  expect(approved.all).toContain('raise-budget');
  expect((await run('resume', name)).exitCode).toBe(3);
  expect(started()).toHaveLength(6);
});

test('a budget that is raised to no more than is spent is refused, and a higher one goes on to the end', async () => {
  const tooLow = await run('raise-budget', name, '--calls', '6');
  expect(tooLow.exitCode).toBe(1);
  expect(tooLow.all).toContain(
    'The budget in calls must be more than what is gone already: 6 calls are spent or reserved. Raise it with --calls N',
  );
  expect((await run('raise-budget', name)).exitCode).toBe(2);

  const { exitCode, all } = await run('raise-budget', name, '--calls', '12');

  expect(all).toContain('Raised: the budget of frugal');
  expect(exitCode).toBe(0);
  const calls = started();
  expect(calls).toHaveLength(12);
  expect(new Set(calls).size).toBe(12);
  expect((await project.status(name)).budget).toMatchObject({ limits: { calls: 12 }, spent: { calls: 12 } });
});
