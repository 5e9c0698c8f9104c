import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FeatureStatus } from '../../src/domain/feature/status.js';
import {
  checkoutChanges,
  checksPass,
  examplesFolder,
  type Project,
  projectOf,
} from '../support/command-line.js';

// Half a dozen calls of half a second, each with its processes, on two busy cores.
const runMs = 120_000;

describe('a session in which a person decides', () => {
  let project: Project;
  beforeAll(async () => {
    project = await projectOf({ example: 'tally' });
  }, runMs);
  afterAll(() => project?.remove());

  const name = 'json-flag';
  const decide = async (...args: string[]) => {
    const { exitCode, all } = await project.blueprint(args);
    return { exitCode, all };
  };
  const until = async (wanted: (status: FeatureStatus) => boolean): Promise<FeatureStatus> => {
    for (;;) {
      const status = await project.status(name);
      if (wanted(status)) return status;
      await sleep(100);
    }
  };
  const tasksFile = () => join(project.directory(name), 'tasks.json');

  test(
    'the plan waits for the person',
    async () => {
      const brief = join(examplesFolder, 'tally', 'brief.md');
      const { exitCode } = await decide(
        'start',
        name,
        '--brief',
        brief,
        '--script',
        join(examplesFolder, 'tally', 'session.json'),
      );
      expect(exitCode).toBe(3);
      expect(await project.status(name)).toMatchObject({ phase: 'plan', gates: [{ gate: 'plan' }] });
    },
    runMs,
  );

  test(
    'a rejected specification is written again with the reason, and so are the tasks',
    async () => {
      await decide(
        'reject',
        name,
        'spec',
        '-m',
        'Scripts must see the unreadable files too: list them under errors.',
      );
      const { tasks } = await until((status) =>
        status.gates.some((gate) => gate.gate === 'plan' && gate.number > 1),
      );
      expect(await readFile(join(project.directory(name), 'spec.md'), 'utf8')).toContain(
        'lists what could not be read',
      );
      expect(tasks.map((task) => task.title)).toContain('Write the counts and the errors as JSON');
    },
    runMs,
  );

  test(
    'the plan that is approved is the one that the person has edited',
    async () => {
      const plan = JSON.parse(await readFile(tasksFile(), 'utf8')) as {
        tasks: { id: string; title: string }[];
      };
      for (const task of plan.tasks)
        if (task.id === 'T004') task.title = 'Say in the README what --json prints';
      await writeFile(tasksFile(), JSON.stringify(plan));
      await decide('approve', name, 'plan', '--detach');
      const { tasks } = await until((status) =>
        status.tasks.some((task) => task.id === 'T004' && task.state === 'running'),
      );
      expect(tasks.find((task) => task.id === 'T004')?.title).toBe('Say in the README what --json prints');
    },
    runMs,
  );

  test(
    'a task that is stopped blocks what depends on it, and the others finish',
    async () => {
      expect((await decide('stop', name, 'T004')).exitCode).toBe(0);
      const { tasks } = await until((status) => status.waiting !== undefined);
      expect(tasks.map((task) => `${task.id} ${task.state}`)).toEqual([
        'T001 done',
        'T002 done',
        'T003 done',
        'T004 stopped',
        'T005 done',
        'T006 blocked',
      ]);
    },
    runMs,
  );

  test(
    'a stopped task begins again',
    async () => {
      await decide('retry', name, 'T004');
      const { tasks } = await until((status) => status.gates.some((gate) => gate.gate === 'result'));
      expect(tasks.every((task) => task.state === 'done')).toBe(true);
    },
    runMs,
  );

  test(
    'a rejected result becomes a task',
    async () => {
      await decide('reject', name, 'result', '-m', 'Give the document a version.');
      const { tasks } = await until(
        (status) => status.tasks.length === 7 && status.gates.some((gate) => gate.gate === 'result'),
      );
      expect(tasks[6]).toMatchObject({ id: 'T007', state: 'done' });
      expect(JSON.parse(await readFile(tasksFile(), 'utf8'))).toMatchObject({
        tasks: expect.arrayContaining([
          expect.objectContaining({ description: 'Give the document a version.' }),
        ]),
      });
    },
    runMs,
  );

  test(
    'the approved result is the end, and the checkout is as it was',
    async () => {
      expect((await decide('approve', name, 'result')).exitCode).toBe(0);
      const { stdout } = await project.blueprint(['status', name, '--json']);
      expect(JSON.parse(stdout)).toMatchObject({ phase: 'done', verified: true });
      expect(await checksPass(project, `blueprint/${name}`, 'node --test')).toBe(true);
      expect(await checkoutChanges(project)).toEqual([]);
    },
    runMs,
  );
});
